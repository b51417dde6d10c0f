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
"""

from __future__ import annotations

from collections.abc import Iterator
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
"""Of the user's own photos, so many count as unlike the others; strangers nearly all do."""

OTHER_LINES = (
    *((0.0, 0.0), (0.02, 0.5), (UNFAMILIAR_SHARE, 0.65)),
    *((UNFAMILIAR_SHARE, 0.9), (0.08, 0.95), (0.12, 0.98)),
)
"""What else one may choose, the most generous first: the share of the own photos that count as
unlike the others, and the least probability."""


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
    answers: Answers, familiar: FloatArray, labels: IntArray, *, measured: bool = True
) -> SureChoice:
    """The lines that suit a model.

    Args:
        answers: probabilities of photos that were held out, float64 [n, classes], at least one.
        familiar: how much these resemble the others, float32 [n].
        labels: their classes, int64 [n].
        measured: whether the answers say how good the model is; else only the lines are drawn.
    """
    found = _Answered(answers.max(axis=1), familiar, answers.argmax(axis=1) == labels, measured)
    usual = found.usual()
    more = [found.line(*line) for line in OTHER_LINES]
    before = [line for line in more if line.probability < usual.probability]
    after = [line for line in more if line.probability > usual.probability]
    generous = list(_different(before[::-1], usual))[::-1]
    careful = list(_different(after, usual))
    return SureChoice((*generous, usual, *careful), len(generous))


def _different(lines: list[SureLine], usual: SureLine) -> Iterator[SureLine]:
    """Those that answer another number of photos than the line before; a slider shows no others."""
    last = usual.answered
    for line in lines:
        if line.answered != last:
            last = line.answered
            yield line


@dataclass(frozen=True, slots=True)
class _Answered:
    """Held-out photos: the probability of each answer, its familiarity, whether it was right."""

    probability: Answers
    familiar: FloatArray
    right: npt.NDArray[np.bool_]
    measured: bool

    def line(self, unfamiliar: float, probability: float) -> SureLine:
        familiarity = float(np.quantile(self.familiar, unfamiliar))
        sure = (self.familiar >= familiarity) & (self.probability >= probability)
        photos = len(sure) if self.measured else 0
        return SureLine(
            probability, familiarity, photos, int(sure.sum()), int((sure & self.right).sum())
        )

    def usual(self) -> SureLine:
        """The line that is drawn if nobody chooses."""
        familiar = self.familiar >= np.quantile(self.familiar, UNFAMILIAR_SHARE)
        order = np.argsort(-self.probability[familiar], kind="stable")
        probability = self.probability[familiar][order]
        counts = np.arange(1, len(order) + 1)
        well = np.flatnonzero(np.cumsum(self.right[familiar][order]) >= RIGHT * counts)
        least = float(probability[well[-1]]) if well.size else 1.0
        if well.size and well[-1] + 1 == len(order):  # all of them: nothing has to be kept out
            least = 0.0
        half = min(int(np.ceil(LEAST_SHARE * len(familiar))), len(order))
        return self.line(
            UNFAMILIAR_SHARE, min(max(least, LEAST_PROBABILITY), float(probability[half - 1]))
        )
