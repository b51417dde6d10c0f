"""What a head makes of photos it has not seen, by cross-validation.

Two heads stand for election: one sees what is in a photo, the other also roughly where. Which is
better depends on the photos (hand signs need the second, hot dogs the first), so held-out answers
decide. The answers counted for a fold come from the head that the *other* folds' answers elect,
with the temperature those suggest, so choosing does not flatter the accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.calibration import TEMPERATURES, calibration_losses, probabilities
from nocode_classifier.learn.graph import Blocks
from nocode_classifier.learn.head import Head, fit_head
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop, ignore, never

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

STAGE = "Checking on photos it has not seen"
LOWEST_SCORE = -1e4
"""Stands for minus infinity: a class that a fold's head has never seen."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of cross-validation.

    Attributes:
        length: how many leading features the elected head sees.
        temperature: for the final head.
        answers: held-out class probabilities, float64 [n, classes].
    """

    length: int
    temperature: float
    answers: npt.NDArray[np.float64]


def evaluate(
    features: FloatArray,
    labels: IntArray,
    classes: int,
    folds: IntArray,
    blocks: Blocks,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Evaluation:
    """Cross-validate both heads and elect one.

    Args:
        features: float32 [n, d].
        labels, folds: int64 [n].
        classes: how many there are.
        blocks: how the features are laid out.

    Raises:
        Cancelled: Stop was pressed.
    """
    lengths = (blocks.content, blocks.total)
    numbers = np.unique(folds)
    scores = np.zeros((len(lengths), len(labels), classes), np.float32)
    for step, fold in enumerate(numbers):
        inside = folds == fold
        for candidate, length in enumerate(lengths):
            check_stop(should_stop)
            seen = np.ascontiguousarray(features[~inside, :length])
            head = fit_head(seen, labels[~inside], classes)
            scores[candidate, inside] = np.maximum(
                head.scores(features[inside, :length]), LOWEST_SCORE
            )
        report(Progress(STAGE, step + 1, len(numbers), (step + 1) / len(numbers)))
    losses = np.stack([calibration_losses(candidate, labels) for candidate in scores])
    answers = np.zeros((len(labels), classes))
    for fold in numbers:
        inside = folds == fold
        winner, temperature = _elect(losses[:, :, ~inside])
        answers[inside] = probabilities(scores[winner, inside], temperature)
    winner, temperature = _elect(losses)
    return Evaluation(lengths[winner], temperature, answers)


def fit_final_head(features: FloatArray, labels: IntArray, classes: int, found: Evaluation) -> Head:
    """The elected head fitted on all photos, calibrated; features it does not see weigh nothing."""
    head = fit_head(np.ascontiguousarray(features[:, : found.length]), labels, classes)
    unseen = ((0, 0), (0, features.shape[1] - found.length))
    return Head(
        np.pad(head.weights / np.float32(found.temperature), unseen),
        head.bias / np.float32(found.temperature),
        np.pad(head.patterns, unseen),
    )


def _elect(losses: npt.NDArray[np.float64]) -> tuple[int, float]:
    """The candidate and temperature with the lowest loss, from [candidates, temperatures, n]."""
    sums = losses.sum(axis=2)
    winner, row = np.unravel_index(int(np.argmin(sums)), sums.shape)
    return int(winner), float(TEMPERATURES[row])
