"""What a head makes of photos it has not seen, by cross-validation.

Two heads stand for election: one sees what is in a photo, the other also roughly where. Which is
better depends on the photos (hand signs need the second, hot dogs the first), so held-out answers
decide. The answers counted for a fold come from the head that the *other* folds' answers elect,
with the temperature those suggest, so choosing does not flatter the accuracy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.calibration import TemperatureTrial, probabilities, try_temperatures
from nocode_classifier.learn.folds import make_folds
from nocode_classifier.learn.head import Head, fit_head
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop, ignore, never

if TYPE_CHECKING:
    from nocode_classifier.learn.graph import Blocks

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STAGE = "Checking on photos it has not seen"
LOWEST_SCORE = -1e4
"""Stands for minus infinity: a class that a fold's head has never seen."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of cross-validation.

    Attributes:
        length: how many leading features the elected head sees.
        temperature: for the final head.
        answers: held-out class probabilities, float64 [n, classes]; noughts where there is none.
        answered: which photos were held out, bool [n].
    """

    length: int
    temperature: float
    answers: npt.NDArray[np.float64]
    answered: Flags


@dataclass(frozen=True, slots=True)
class Round:
    """What a network made of all photos after learning from a part of them.

    Attributes:
        features: float32 [n, d].
        held_out: the photos that neither it nor what it began with had seen, bool [n].
    """

    features: FloatArray
    held_out: Flags


def evaluate(
    features: FloatArray,
    labels: IntArray,
    classes: int,
    groups: IntArray,
    blocks: Blocks,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Evaluation:
    """Cross-validate both heads and elect one.

    Args:
        features: float32 [n, d].
        labels, groups: as for `make_folds`, int64 [n].
        classes: how many there are.
        blocks: how the features are laid out.

    Raises:
        Cancelled: Stop was pressed.
    """
    folds = make_folds(labels, groups)
    rounds = [Round(features, folds == fold) for fold in np.unique(folds)]
    return evaluate_rounds(
        rounds, labels, classes, groups, blocks, report=report, should_stop=should_stop
    )


def evaluate_rounds(
    rounds: Sequence[Round],
    labels: IntArray,
    classes: int,
    groups: IntArray,
    blocks: Blocks,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Evaluation:
    """Fit both heads in every round, let them answer the photos held out, and elect one.

    Args:
        rounds: each with features of its own; no photo is held out twice.
        groups: photos that never elect the head for each other share a number, int64 [n].

    Raises:
        Cancelled: Stop was pressed.
    """
    lengths = (blocks.content, blocks.total)
    scores = np.zeros((len(lengths), len(labels), classes), np.float32)
    answered = np.zeros(len(labels), bool)
    for step, each in enumerate(rounds):
        inside = each.held_out
        for candidate, length in enumerate(lengths):
            check_stop(should_stop)
            seen = np.ascontiguousarray(each.features[~inside, :length])
            head = fit_head(seen, labels[~inside], classes)
            scores[candidate, inside] = np.maximum(
                head.scores(each.features[inside, :length]), LOWEST_SCORE
            )
        answered |= inside
        report(Progress(STAGE, step + 1, len(rounds), (step + 1) / len(rounds)))
    return _elected(scores, labels, groups, lengths, answered)


def _elected(
    scores: FloatArray,
    labels: IntArray,
    groups: IntArray,
    lengths: tuple[int, ...],
    answered: Flags,
) -> Evaluation:
    """Answers with the head and the temperature that the photos of other folds elect.

    The folds are of the photos that were answered: where a single part was held out, it elects,
    too, each of its folds for the others.
    """
    numbers = np.flatnonzero(answered)
    scores, labels = scores[:, numbers], labels[numbers]
    folds = make_folds(labels, groups[numbers])
    trials = [try_temperatures(found, labels) for found in scores]
    answers = np.zeros((len(answered), scores.shape[2]))
    for fold in np.unique(folds):
        inside = folds == fold
        winner, temperature = _elect(trials, ~inside)
        answers[numbers[inside]] = probabilities(scores[winner, inside], temperature)
    winner, temperature = _elect(trials, np.ones(len(folds), bool))
    return Evaluation(lengths[winner], temperature, answers, answered)


def fit_final_head(features: FloatArray, labels: IntArray, classes: int, found: Evaluation) -> Head:
    """The elected head fitted on all photos, calibrated; features it does not see weigh nothing."""
    head = fit_head(np.ascontiguousarray(features[:, : found.length]), labels, classes)
    unseen = ((0, 0), (0, features.shape[1] - found.length))
    return Head(
        np.pad(head.weights / np.float32(found.temperature), unseen),
        head.bias / np.float32(found.temperature),
        np.pad(head.patterns, unseen),
    )


def _elect(trials: Sequence[TemperatureTrial], by: Flags) -> tuple[int, float]:
    """The candidate with the lowest loss, and its temperature.

    Where there are no photos to elect by, bool [n], all of them do: one that helps to choose its
    own temperature is a smaller wrong than a temperature out of the blue.
    """
    by = by if by.any() else ~by
    winner = int(np.argmin([trial.least_loss(by) for trial in trials]))
    return winner, trials[winner].temperature(by)
