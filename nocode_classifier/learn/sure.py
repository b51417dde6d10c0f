"""From where on an answer is "sure": the line, what it costs, and the other lines one may choose.

An answer is sure if its probability and the familiarity of the photo reach a line each. Answers to
held-out photos say how many of the own photos a line answers, and how many of these rightly (risk
and coverage: El-Yaniv and Wiener, "On the foundations of noise-free selective classification",
Journal of Machine Learning Research 11, 2010).

By default at least 95 % of the sure answers to held-out photos are right, and none of them is given
less than `LEAST_PROBABILITY`: held-out photos often come from one place, and are answered better
than those of tomorrow. (Of the test photos of hot dogs answered above the 95 % line alone 92 % were
right, above five in six 96 %.) Where that leaves less than half of the own photos, the surest half
is it.

How familiar a photo has to be is drawn between strangers and one's own photos, halfway by default:
own photos that were held out say nothing of where strangers begin, and where those of tomorrow are
somebody else's or of another day, a line that a twentieth of one's own don't reach turns away a
third of them. That line is drawn where nobody knows how familiar strangers are: the network is
tuned, or what it makes of the reference is not in the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Answers = npt.NDArray[np.float64]

RIGHT = 0.95
LEAST_PROBABILITY = 5 / 6
LEAST_SHARE = 0.5

UNFAMILIAR_SHARE = 0.055
"""Of the user's own photos, so many count as unlike the others where strangers are not known."""

FAMILIAR_STRANGERS = 0.99
"""Of the reference, so many are strangers beyond doubt: among pictures of all kinds some may show
what the user's photos show."""

HALFWAY = 0.5
OTHER_LINES = (
    *((0.0, 0.0), (0.25, 0.5), (HALFWAY, 0.65)),
    *((HALFWAY, 0.9), (0.75, 0.95), (1.0, 0.98)),
)
"""What else one may choose, the most generous first: how near to the own photos the line is, and
the least probability."""


@dataclass(frozen=True, slots=True)
class SureLine:
    """From where on an answer is sure, and what that means for photos that were held out.

    Attributes:
        probability, familiarity: the least of each.
        photos: how many were held out; 0 where nothing could be measured.
        answered: how many of them were answered surely.
        right: how many of these rightly.
    """

    probability: float
    familiarity: float
    photos: int
    answered: int
    right: int

    def to_json(self) -> dict[str, Any]:
        """As a model's card says it; shares are None where nothing could be measured."""
        measured = self.photos > 0
        return {
            "probability": self.probability,
            "familiarity": self.familiarity,
            "share": self.answered / self.photos if measured else None,
            "accuracy": self.right / max(self.answered, 1) if measured else None,
            "photos": self.photos,
            "answered": self.answered,
            "right": self.right,
        }


@dataclass(frozen=True, slots=True)
class SureChoice:
    """The lines there are, from "answer more often" to "be more careful", and the one in use."""

    lines: tuple[SureLine, ...]
    chosen: int

    def to_json(self) -> dict[str, Any]:
        """As a model's card says it: the line in use, and all others."""
        lines = [line.to_json() for line in self.lines]
        return {**lines[self.chosen], "chosen": self.chosen, "choices": lines}


def sure_lines(
    answers: Answers,
    familiar: FloatArray,
    labels: IntArray,
    *,
    strangers: FloatArray | None = None,
    measured: bool = True,
) -> SureChoice:
    """The lines that suit a model.

    Args:
        answers: probabilities of photos that were held out, float64 [n, classes], at least one.
        familiar: how much these resemble the others, float32 [n].
        labels: their classes, int64 [n].
        strangers: how much pictures of other things do, float32 [any]; None where nobody knows.
        measured: whether the answers say how good the model is; else only the lines are drawn.
    """
    right = answers.argmax(axis=1) == labels
    found = _Answered(answers.max(axis=1), familiar, right, strangers, measured)
    usual = found.usual()
    more = [found.line(*line) for line in OTHER_LINES]
    before = [line for line in more if line.probability < usual.probability]
    after = [line for line in more if line.probability > usual.probability]
    generous = _different(before[::-1], usual)[::-1]
    return SureChoice((*generous, usual, *_different(after, usual)), len(generous))


def _different(lines: list[SureLine], usual: SureLine) -> list[SureLine]:
    """The outermost of those that answer as many photos; a slider shows no others.

    Args:
        lines: from the usual one outwards.
    """
    by_answered = {line.answered: line for line in lines}
    by_answered.pop(usual.answered, None)
    return list(by_answered.values())


@dataclass(frozen=True, slots=True)
class _Answered:
    """Held-out photos: the probability of each answer, its familiarity, whether it was right."""

    probability: Answers
    familiar: FloatArray
    right: npt.NDArray[np.bool_]
    strangers: FloatArray | None
    measured: bool

    def familiarity(self, nearness: float) -> float:
        """A line between strangers (0) and all but the least familiar of the own photos (1).

        Where the two overlap it is where strangers end, but turns away at most twice as many of the
        own photos as the line that is drawn where nothing is known of strangers.
        """
        share = 2 * UNFAMILIAR_SHARE * nearness
        if self.strangers is None:
            return float(np.quantile(self.familiar, share))
        far = float(np.quantile(self.strangers, FAMILIAR_STRANGERS))
        near = float(np.quantile(self.familiar, UNFAMILIAR_SHARE))
        most = float(np.quantile(self.familiar, 2 * share))
        return min(most, far + nearness * max(near - far, 0.0))

    def line(self, nearness: float, probability: float) -> SureLine:
        familiarity = self.familiarity(nearness)
        sure = (self.familiar >= familiarity) & (self.probability >= probability)
        photos = len(sure) if self.measured else 0
        return SureLine(
            probability, familiarity, photos, int(sure.sum()), int((sure & self.right).sum())
        )

    def usual(self) -> SureLine:
        """The line that is drawn if nobody chooses."""
        familiar = self.familiar >= self.familiarity(HALFWAY)
        order = np.argsort(-self.probability[familiar], kind="stable")
        probability = self.probability[familiar][order]
        counts = np.arange(1, len(order) + 1)
        well = np.flatnonzero(np.cumsum(self.right[familiar][order]) >= RIGHT * counts)
        least = float(probability[well[-1]]) if well.size else 1.0
        if well.size and well[-1] + 1 == len(order):  # all of them: nothing has to be kept out
            least = 0.0
        half = min(int(np.ceil(LEAST_SHARE * len(familiar))), len(order))
        return self.line(HALFWAY, min(max(least, LEAST_PROBABILITY), float(probability[half - 1])))
