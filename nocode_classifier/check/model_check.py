"""What is known at once of a model: its answers to photos it had not seen, and what they add up to.

Everything here comes from what training kept; no photo is looked at, and no head is fitted.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nocode_classifier.check.change import Change, change_between
from nocode_classifier.check.mislabelled import looks_like_another
from nocode_classifier.learn.accuracy import CROSS_VALIDATED
from nocode_classifier.learn.figures import Figures, figures_of, measure
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer

Shares = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How one class fares.

    Attributes:
        photos: of the class that were answered.
        right: how many of these rightly.
        answered: photos of any class that were taken for it.
        precision: share of these that are of the class; None where there are none.
        recall: share of its photos that were recognised; None where there are none.
    """

    name: str
    photos: int
    right: int
    answered: int

    @property
    def precision(self) -> float | None:
        """Of what is taken for the class, so much is of it."""
        return self.right / self.answered if self.answered else None

    @property
    def recall(self) -> float | None:
        """Of the photos of the class, so many are recognised."""
        return self.right / self.photos if self.photos else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where nothing is of it or taken for it."""
        both = self.photos + self.answered
        return 2 * self.right / both if both else None


@dataclass(frozen=True, slots=True)
class Confused:
    """A class that was taken for another one.

    Attributes:
        count: how often.
        photos: of the true class that were answered.
    """

    true: str
    answered: str
    count: int
    photos: int


@dataclass(frozen=True)
class ModelCheck:
    """A model and its answers to photos it had not seen.

    Attributes:
        class_names: in the order of the model's outputs, as they are called today.
        class_ids: of the project's classes of these names; None where there is none.
        figures: how often it was right.
        answers: to each photo that was held out.
        sure: of the model's card: from where on an answer is sure, and the other lines.
        change: against the model before; None where there is nothing to compare.
        stale: photos or classes have changed since it was trained.
    """

    class_names: tuple[str, ...]
    class_ids: tuple[int | None, ...]
    figures: Figures
    answers: tuple[HeldOutAnswer, ...]
    sure: Mapping[str, Any]
    change: Change | None = None
    stale: bool = False

    @functools.cached_property
    def probabilities(self) -> Shares:
        """Of each answer, float32 [answers, classes].

        Of models from before these were kept, all classes but the likeliest share what is left.
        """
        shape = len(self.answers), len(self.class_names)
        if all(len(answer.probabilities) == 4 * shape[1] for answer in self.answers):
            joined = b"".join(answer.probabilities for answer in self.answers)
            return np.frombuffer(joined, "<f4").reshape(shape)
        best = np.array([answer.probability for answer in self.answers], np.float32)
        left = (1 - best[:, None]) / np.float32(max(shape[1] - 1, 1))
        found = np.repeat(left, shape[1], axis=1)
        found[np.arange(shape[0]), self._numbers("predicted")] = best
        return found

    @functools.cached_property
    def own(self) -> Shares:
        """The probability of each photo's own class, float32 [answers]."""
        found: Shares = self.probabilities[np.arange(len(self.answers)), self._numbers("true")]
        return found

    @functools.cached_property
    def confusion(self) -> npt.NDArray[np.int64]:
        """How often photos of a class (row) got each answer (column), [classes, classes]."""
        table = np.zeros((len(self.class_names),) * 2, np.int64)
        np.add.at(table, (self._numbers("true"), self._numbers("predicted")), 1)
        return table

    def _numbers(self, of: str) -> npt.NDArray[np.int64]:
        place = {name: number for number, name in enumerate(self.class_names)}
        return np.array([place[getattr(answer, of)] for answer in self.answers], np.int64)

    def by_class(self) -> tuple[ClassFigures, ...]:
        """Precision and recall of every class, in the order of the classes."""
        rows, columns = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        right = self.confusion.diagonal()
        return tuple(
            ClassFigures(name, int(rows[n]), int(right[n]), int(columns[n]))
            for n, name in enumerate(self.class_names)
        )

    def most_confused(self, limit: int = 3) -> tuple[Confused, ...]:
        """The classes taken for another one most often; of equals the one with fewest photos."""
        names, photos = self.class_names, self.confusion.sum(axis=1)
        pairs = [
            Confused(names[row], names[column], int(self.confusion[row, column]), int(photos[row]))
            for row, column in np.argwhere(self.confusion).tolist()
            if row != column
        ]
        return tuple(sorted(pairs, key=lambda pair: (-pair.count, pair.photos))[:limit])

    def by_loss(self) -> list[HeldOutAnswer]:
        """All answers, those that gave the photo's own class the least probability first."""
        return [self.answers[number] for number in np.argsort(self.own, kind="stable").tolist()]

    def mislabelled(self) -> list[HeldOutAnswer]:
        """Photos that are probably in the wrong class, the plainest first.

        `mislabelled.look_again` finds more of them, and takes longer.
        """
        plain = looks_like_another(self.probabilities, self._numbers("true"))
        order = np.argsort(self.own, kind="stable").tolist()
        return [self.answers[number] for number in order if plain[number]]


def check_of(
    class_names: Sequence[str],
    answers: Sequence[HeldOutAnswer],
    sure: Mapping[str, Any],
    figures: Figures | None = None,
    **more: Any,
) -> ModelCheck:
    """What answers to unseen photos add up to.

    Args:
        class_names: in the order of the model's outputs.
        answers: of classes of these names.
        sure: as on the model's card.
        figures: of these answers, where they are known; else they are counted.
        more: `class_ids`, `change` and `stale`, where they are known.
    """
    names = tuple(class_names)
    if figures is None:
        true, said = ([getattr(a, of) for a in answers] for of in ("true", "predicted"))
        scenes = [number if a.scene is None else -1 - a.scene for number, a in enumerate(answers)]
        figures = measure(true, said, scenes, names, weight=CROSS_VALIDATED)
    ids = more.pop("class_ids", (None,) * len(names))
    return ModelCheck(names, ids, figures, tuple(answers), sure, **more)


def model_check(project: Project) -> ModelCheck | None:
    """What is known of the model in use; None without one."""
    from nocode_classifier.predict.predictor import read_card

    with project.snapshot():
        folder = project.models.folder()
        if folder is None:
            return None
        names, answers = project.models.class_names(), project.models.held_out()
        before, stale = project.models.previous_held_out(), project.models.is_stale()
        ids = {label.name: label.id for label in project.classes()}
    card = read_card(folder)
    return check_of(
        names,
        answers,
        card["sure"],
        figures_of({**card, **_by_todays_names(card, names)}),
        class_ids=tuple(ids.get(name) for name in names),
        change=change_between(before, answers),
        stale=stale,
    )


def _by_todays_names(card: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The figures of a card by class, with the classes called as they are today."""
    known = card.get("by_class")
    if known is None:
        return {}
    new = dict(zip((entry["name"] for entry in card["classes"]), names, strict=True))
    return {"by_class": {new.get(name, name): found for name, found in known.items()}}
