"""What cross-validation finds out about features: a head, honest figures, the limits of "sure"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nocode_classifier.check.accuracy import Accuracy, measure_accuracy
from nocode_classifier.check.duplicates import group_near_duplicates
from nocode_classifier.check.folds import make_folds
from nocode_classifier.learn.evaluation import Evaluation, evaluate, fit_final_head
from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.graph import Blocks, LinearHead
from nocode_classifier.learn.prototypes import fit_prototypes, held_out_familiarity
from nocode_classifier.progress import Report, ShouldStop, check_stop, ignore, never

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNFAMILIAR_SHARE = 0.055
"""Of the user's own photos, so many count as unlike the others; strangers nearly all do."""

DOUBTFUL_SHARE = 0.01
DOUBTFUL_PROBABILITY = 0.5
"""Answers below both the least certain 1 % of the own photos and even odds are "not sure"."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was answered to a photo by a head that had not seen it."""

    photo: TrainingPhoto
    predicted: str
    probability: float


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to learn from: photos in order, their features [n, d] and labels [n]."""

    photos: Sequence[TrainingPhoto]
    class_names: tuple[str, ...]
    features: FloatArray
    labels: IntArray
    blocks: Blocks

    @property
    def quarters(self) -> FloatArray:
        """The block that familiarity is measured on, [n, quarters]."""
        return self.features[:, self.blocks.content :]


@dataclass(frozen=True, slots=True)
class Study:
    """What was found out.

    Attributes:
        groups: near duplicates share a number, int64 [n].
        folds: in which photos were left out, int64 [n]; groups are never split.
        found: the answers, and the head they elect.
        accuracy: over the photos that were left out: all, or a part for the whole network.
        held_out: an answer to each of these.
        limits: from where on an answer is sure.
    """

    material: Material
    groups: IntArray
    folds: IntArray
    found: Evaluation
    accuracy: Accuracy
    held_out: tuple[HeldOut, ...]
    limits: dict[str, float]


def study(material: Material, *, report: Report = ignore, should_stop: ShouldStop = never) -> Study:
    """Cross-validate with near duplicates on one side; set the limits of "sure".

    Raises:
        Cancelled: Stop was pressed.
    """
    groups = group_near_duplicates(
        [photo.perceptual_hash for photo in material.photos],
        material.features[:, : material.blocks.means],
        [photo.burst for photo in material.photos],
    )
    folds = make_folds(material.labels, groups)
    found = evaluate(
        material.features,
        material.labels,
        len(material.class_names),
        folds,
        material.blocks,
        report=report,
        should_stop=should_stop,
    )
    check_stop(should_stop)
    familiar = held_out_familiarity(material.quarters, _few_folds(folds), len(material.class_names))
    return conclude(material, groups, folds, found, familiar)


def conclude(
    material: Material, groups: IntArray, folds: IntArray, found: Evaluation, familiar: FloatArray
) -> Study:
    """Figures and limits from what was answered to photos held out.

    Args:
        groups, folds: int64 [n].
        found: its `answered` says to which photos there are answers.
        familiar: familiarity of each photo to others than those, float32 [n].
    """
    numbers = np.flatnonzero(found.answered).tolist()
    answers, labels = found.answers[numbers], material.labels[numbers]
    best = answers.argmax(axis=1)
    held_out = tuple(
        HeldOut(material.photos[number], material.class_names[index], float(answer[index]))
        for number, index, answer in zip(numbers, best, answers, strict=True)
    )
    accuracy = measure_accuracy(
        [answer.photo.class_name for answer in held_out],
        [answer.predicted for answer in held_out],
        len(np.unique(groups[numbers])),
    )
    limits = _limits(familiar[numbers], answers.max(axis=1), best == labels)
    return Study(material, groups, folds, found, accuracy, held_out, limits)


def finish_head(studied: Study) -> LinearHead:
    """The elected head and the prototypes, fitted on all photos."""
    material, classes = studied.material, len(studied.material.class_names)
    head = fit_final_head(material.features, material.labels, classes, studied.found)
    prototypes = fit_prototypes(material.quarters, classes)
    return LinearHead(head.weights, head.bias, head.patterns, prototypes)


def _few_folds(folds: IntArray) -> IntArray:
    """At most ten folds: prototypes need not be made anew for every single photo."""
    return folds % 10


def _limits(
    familiar: FloatArray, certainty: npt.NDArray[np.float64], right: Flags
) -> dict[str, float]:
    """From where on an answer is sure, and what that means for the user's own held-out photos."""
    familiarity = float(np.quantile(familiar, UNFAMILIAR_SHARE))
    probability = min(DOUBTFUL_PROBABILITY, float(np.quantile(certainty, DOUBTFUL_SHARE)))
    sure = (familiar >= familiarity) & (certainty >= probability)
    return {
        "familiarity": familiarity,
        "probability": probability,
        "share": float(sure.mean()),
        "accuracy": float(right[sure].mean()) if sure.any() else 0.0,
    }
