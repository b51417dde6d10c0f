"""Near duplicates that are shown: pairs of photos of a project, those across classes first.

Features propose, because they stay alike when a photo was cropped, mirrored, made smaller or
brighter, and likenesses decide, because two photos of one thing are not one photo. For keeping near
duplicates on one side when accuracy is measured, `near_duplicates` joins more than that, where a
false pair does no harm. Measured by `benchmarks/run.py --only suspicious`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.project.near_copies.likeness import are_near_copies, mirrored

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEIGHBOURS = 10
"""Photos nearest to each that may be duplicates of it; the last of them says how alike all are."""
FARTHEST = 0.15
"""Largest distance (1 - cosine) of features of near duplicates."""
STANDING_OUT = 2.6
"""Where photos are all much alike, as the frames of a webcam, a pair must be closer by far than
photos there usually are: within their usual distance squared, times this."""
ROWS_AT_ONCE = 512
PAIRS_AT_ONCE = 256
"""More at once is no quicker, and of those that are all the same more would be compared in vain."""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two photos that are nearly the same.

    Attributes:
        one, other: their places in what was given, `one` first.
        across: whether they are of two classes.
        distance: of their features, 1 - cosine.
    """

    one: int
    other: int
    across: bool
    distance: float


def find_duplicates(
    features: FloatArray,
    likenesses: Sequence[bytes],
    labels: IntArray,
    bursts: Sequence[str | None],
    *,
    should_stop: ShouldStop = never,
) -> list[DuplicatePair]:
    """Find near duplicates.

    Of several that are all the same, so many pairs are named that each is in one, and each class
    they are in.

    Args:
        features: of the photos, float32 [n, any]; only their directions count.
        likenesses: of each photo, from `likeness.likeness_of`; an empty one has no duplicate.
        labels: class of each photo, int64 [n].
        bursts: shots of one burst share a name and are meant to be alike; None for a photo by
            itself.

    Returns:
        Pairs across classes first, then the nearest first.

    Raises:
        Cancelled: Stop was pressed.
    """
    copies = _Copies(len(labels))
    pairs: list[DuplicatePair] = []
    candidates = _candidates(features, labels, bursts)
    for start in range(0, len(candidates), PAIRS_AT_ONCE):
        check_stop(should_stop)
        portion = candidates[start : start + PAIRS_AT_ONCE]
        unknown = [pair for pair in portion if not copies.include(pair)]
        for pair, same in zip(unknown, _are_one(unknown, likenesses).tolist(), strict=True):
            if same and not copies.include(pair):
                copies.add(pair)
                pairs.append(pair)
    return sorted(pairs, key=lambda pair: (not pair.across, pair.distance))


class _Copies:
    """Which photos are copies of which, as far as that was found."""

    def __init__(self, photos: int) -> None:
        self._leads_to = list(range(photos))

    def add(self, pair: DuplicatePair) -> None:
        """Take in a pair."""
        first, second = self._first(pair.one), self._first(pair.other)
        self._leads_to[max(first, second)] = min(first, second)

    def include(self, pair: DuplicatePair) -> bool:
        """Whether other pairs say already what this one would."""
        return not pair.across and self._first(pair.one) == self._first(pair.other)

    def _first(self, place: int) -> int:
        leads_to = self._leads_to
        while leads_to[place] != place:
            leads_to[place] = leads_to[leads_to[place]]
            place = leads_to[place]
        return place


def _are_one(pairs: Sequence[DuplicatePair], likenesses: Sequence[bytes]) -> Flags:
    """Whether the two are copies of each other, as they are or mirrored, bool [pairs]."""
    ones = [likenesses[pair.one] for pair in pairs]
    others = [likenesses[pair.other] for pair in pairs]
    same = are_near_copies(ones, others)
    rest = np.flatnonzero(~same)
    turned = [mirrored(ones[number]) for number in rest]
    same[rest] = are_near_copies(turned, [others[number] for number in rest])
    return same


def _candidates(
    features: FloatArray, labels: IntArray, bursts: Sequence[str | None]
) -> list[DuplicatePair]:
    """Pairs whose features are close enough, the nearest first."""
    places, distances = _neighbours(features)
    usual = _usual_distances(distances, labels)
    limits = np.minimum(FARTHEST, STANDING_OUT * usual**2)
    ones = np.repeat(np.arange(len(places)), places.shape[1])
    others, apart = places.ravel(), distances.ravel()
    near = apart <= np.minimum(limits[ones], limits[others])
    pairs = {
        (min(one, other), max(one, other)): distance
        for one, other, distance in zip(
            ones[near].tolist(), others[near].tolist(), apart[near].tolist(), strict=True
        )
    }
    return [
        DuplicatePair(one, other, bool(labels[one] != labels[other]), distance)
        for (one, other), distance in sorted(pairs.items(), key=lambda item: (item[1], item[0]))
        if bursts[one] is None or bursts[one] != bursts[other]
    ]


def _neighbours(features: FloatArray) -> tuple[IntArray, FloatArray]:
    """The nearest photos of each and their distances, nearest first, [n, up to `NEIGHBOURS`]."""
    count = min(NEIGHBOURS, len(features) - 1)
    if count < 1:
        return np.zeros((len(features), 0), np.int64), np.zeros((len(features), 0), np.float32)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    directions = features / np.maximum(lengths, 1e-6)
    places, distances = [], []
    for start in range(0, len(features), ROWS_AT_ONCE):
        apart = 1 - directions[start : start + ROWS_AT_ONCE] @ directions.T
        rows = np.arange(len(apart))
        apart[rows, start + rows] = np.inf
        nearest = np.argpartition(apart, count - 1, axis=1)[:, :count]
        places.append(nearest)
        distances.append(np.take_along_axis(apart, nearest, axis=1))
    return np.concatenate(places), np.concatenate(distances)


def _usual_distances(distances: FloatArray, labels: IntArray) -> FloatArray:
    """How far the photos of each photo's class usually are from their `NEIGHBOURS`th, [n].

    Among so few photos that there is no such neighbour nothing is usual.
    """
    usual = np.ones(len(labels), np.float32)
    if distances.shape[1] == NEIGHBOURS:
        farthest = distances.max(axis=1)
        for label in np.unique(labels):
            usual[labels == label] = np.median(farthest[labels == label])
    return usual
