"""What a head makes of photos it has not seen, by cross-validation.

Heads stand for election that see different parts of the features (`head_input.py`). Held-out
answers decide, and where a network more makes no difference, it is left out. The answers counted
for a fold come from the head that the *other* folds' answers elect, with the temperature those
suggest, so choosing does not flatter the accuracy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.folds import make_folds
from nocode_classifier.learn.heads.calibration import (
    TemperatureTrial,
    probabilities,
    try_temperatures,
)
from nocode_classifier.learn.heads.coordinates import Coordinates, PhotoSpace
from nocode_classifier.learn.heads.head import Head, fit_in_space, fit_inside
from nocode_classifier.learn.heads.head_input import HeadInput, head_inputs
from nocode_classifier.learn.network_choice import NetworkTrial
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop, ignore, never

if TYPE_CHECKING:
    from nocode_classifier.learn.graph import Blocks

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STAGE = "Checking on photos it has not seen"
MARGIN = 1.0
LOWEST_SCORE = -1e4
"""Stands for minus infinity: a class that a fold's head has never seen."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of cross-validation.

    Attributes:
        seen: what the elected head sees.
        temperature: for the final head.
        answers: held-out class probabilities, float64 [n, classes]; noughts where there is none.
        answered: which photos were held out, bool [n].
        trials: how the best head of each number of networks did, the fewest first.
        space: of the features of the last round; if the final head learns from the same, what was
            computed for the rounds serves it, too.
    """

    seen: HeadInput
    temperature: float
    answers: npt.NDArray[np.float64]
    answered: Flags
    trials: tuple[NetworkTrial, ...] = ()
    space: PhotoSpace | None = field(default=None, repr=False, compare=False)


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
    blocks: Sequence[Blocks],
    *,
    fewest: int = 1,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Evaluation:
    """Cross-validate the heads and elect one.

    Args:
        features: float32 [n, d].
        labels, groups: as for `make_folds`, int64 [n].
        classes: how many there are.
        blocks: how the features of each network are laid out.
        fewest: networks that the elected head sees at least.

    Raises:
        Cancelled: Stop was pressed.
    """
    folds = make_folds(labels, groups)
    rounds = [Round(features, folds == fold) for fold in np.unique(folds)]
    return evaluate_rounds(
        rounds,
        labels,
        classes,
        groups,
        blocks,
        fewest=fewest,
        report=report,
        should_stop=should_stop,
    )


def evaluate_rounds(
    rounds: Sequence[Round],
    labels: IntArray,
    classes: int,
    groups: IntArray,
    blocks: Sequence[Blocks],
    *,
    fewest: int = 1,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Evaluation:
    """Fit the heads in every round, let them answer the photos held out, and elect one.

    Args:
        rounds: each with features of its own; no photo is held out twice.
        groups: photos that never elect the head for each other share a number, int64 [n].
        blocks, fewest: as for `evaluate`.

    Raises:
        Cancelled: Stop was pressed.
    """
    inputs = head_inputs(len(blocks), fewest=fewest)
    scores = np.zeros((len(inputs), len(labels), classes), np.float32)
    done, fits, space = 0, len(rounds) * len(inputs), None
    for _, alike in groupby(rounds, key=lambda each: id(each.features)):
        same = list(alike)
        parts = [each.held_out for each in same]
        everything, folds = inputs[-1].columns(blocks), np.argmax(parts, axis=0)
        space = PhotoSpace.of(same[0].features, labels, everything, folds)
        for number, seen in enumerate(inputs):
            photos = space.seen(seen.columns(blocks))
            for inside in parts:
                check_stop(should_stop)
                scores[number, inside] = _held_out_scores(photos, inside, labels, classes)
                done += 1
                report(Progress(STAGE, done, fits, done / fits))
    answered = np.any([each.held_out for each in rounds], axis=0)
    return replace(_elected(scores, labels, groups, inputs, answered), space=space)


def _held_out_scores(
    photos: Coordinates, held_out: Flags, labels: IntArray, classes: int
) -> FloatArray:
    head = fit_inside(photos, labels, classes, ~held_out)
    return np.maximum(head.scores(photos.values[held_out]), LOWEST_SCORE)


def _elected(
    scores: FloatArray,
    labels: IntArray,
    groups: IntArray,
    inputs: Sequence[HeadInput],
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
        winner, temperature = _elect(inputs, trials, ~inside)
        answers[numbers[inside]] = probabilities(scores[winner, inside], temperature)
    everyone = np.ones(len(folds), bool)
    winner, temperature = _elect(inputs, trials, everyone)
    best = [number for number, _ in _best_of_each(inputs, trials, everyone)]
    tried = tuple(NetworkTrial(inputs[one].networks, int(trials[one].right.sum())) for one in best)
    return Evaluation(inputs[winner], temperature, answers, answered, tried)


def features_in(features: FloatArray, columns: Sequence[slice]) -> FloatArray:
    """Columns of features, float32 [n, any], one part after the other."""
    return np.concatenate([features[:, part] for part in columns], axis=1)


def fit_final_head(
    features: FloatArray,
    labels: IntArray,
    classes: int,
    found: Evaluation,
    blocks: Sequence[Blocks],
) -> Head:
    """The elected head fitted on all photos, calibrated; features it does not see weigh nothing."""
    columns, space = found.seen.columns(blocks), found.space
    if space is None or space.features is not features:
        space = PhotoSpace.of(features, labels, columns)
    head = fit_in_space(space, labels, classes, columns)
    warm = np.float32(found.temperature)
    return Head(head.weights / warm, head.bias / warm, head.patterns)


def _elect(
    inputs: Sequence[HeadInput], trials: Sequence[TemperatureTrial], by: Flags
) -> tuple[int, float]:
    """The candidate with the lowest loss, and its temperature.

    One of more networks wins only if its photos' losses are lower by more than `MARGIN` times the
    standard error of the difference.

    Where there are no photos to elect by, bool [n], all of them do: one that helps to choose its
    own temperature is a smaller wrong than a temperature out of the blue.
    """
    by = by if by.any() else ~by
    (winner, least), *others = _best_of_each(inputs, trials, by)
    for number, losses in others:
        gain = least - losses
        if gain.sum() > MARGIN * np.sqrt(np.square(gain - gain.mean()).sum()):
            winner, least = number, losses
    return winner, trials[winner].temperature(by)


def _best_of_each(
    inputs: Sequence[HeadInput], trials: Sequence[TemperatureTrial], by: Flags
) -> Iterator[tuple[int, npt.NDArray[np.float64]]]:
    """The candidate with the lowest loss of each number of networks, and its photos' losses."""
    for count in sorted({seen.networks for seen in inputs}):
        several = [number for number, seen in enumerate(inputs) if seen.networks == count]
        losses = {number: trials[number].least_losses(by) for number in several}
        yield min(losses.items(), key=lambda each: each[1].sum())
