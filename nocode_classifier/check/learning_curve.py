"""Whether more photos would help, and how many would be worth it.

The head is fitted on a quarter, a half and three quarters of the photos, a few draws each, and
asked about the others. Mistakes fall with the number of photos by a power law (Hestness et al.,
"Deep Learning Scaling is Predictable, Empirically", arXiv:1712.00409, 2017); the draws say how
fast, and the honest figure of today says from where. Few photos say little about how fast, so the
usual slope counts as much as they leave open.

Measured on halves of the photos of six sets, against what the other half then really gave: 1.3
points off on average (2.2 over eight sets, with two of long series among them).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.accuracy import Z_95, Accuracy
from nocode_classifier.learn.heads.coordinates import WHOLE, Coordinates, PhotoSpace
from nocode_classifier.learn.heads.head import fit_inside
from nocode_classifier.progress import ShouldStop, check_stop, never

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DRAWS = ((0.25, 6), (0.5, 4), (0.75, 4))
"""Shares of the photos to learn from, and how often each is drawn."""

USUAL_SLOPE, SLOPE_SPREAD = 0.4, 0.2
"""What the slope is before anything was measured: halving mistakes takes 5.7 times the photos."""

DRAW_NOISE = 0.02
"""Variance of the logarithm of a share of mistakes that comes from the draw, not from counting."""

MOST_PHOTOS = 1000
"""Of more photos only so many are drawn from: fits take time, and the slope is known by then."""

WORTH = 0.01
"""A gain of so much of all answers is worth the trouble of finding more photos."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a head that learnt from some photos made of others.

    Attributes:
        photos: learnt from, on average.
        right: share of right answers, 0 to 1.
    """

    photos: float
    right: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How good a model of so many photos would be, with its 95 % margin."""

    photos: int
    right: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """How accuracy grows with the number of photos.

    Attributes:
        points: measured on parts of the photos, the smallest first.
        now: on all photos, as cross-validation has it.
        slope: mistakes fall with this power of the number of photos.
        slope_error: its standard error.
    """

    points: tuple[CurvePoint, ...]
    now: CurvePoint
    slope: float
    slope_error: float

    def forecast(self, photos: int) -> Forecast:
        """What to expect of so many photos in all, spread over the classes as today's are."""
        wrong, times = 1 - self.now.right, photos / max(self.now.photos, 1)
        steep, flat = (
            min(max(self.slope + sign * Z_95 * self.slope_error, 0.0), 1.0) for sign in (1, -1)
        )
        low, right, high = (1 - wrong * times**-slope for slope in (flat, self.slope, steep))
        return Forecast(photos, right, min(low, high), max(low, high))

    @property
    def twice(self) -> Forecast:
        """With as many photos again."""
        return self.forecast(2 * round(self.now.photos))

    @property
    def worth_more(self) -> bool:
        """Whether as many photos again would probably help."""
        return self.twice.right - self.now.right >= WORTH

    @property
    def sentence(self) -> str:
        """The answer to "how many photos are enough?"."""
        twice, now = self.twice, self.now.right
        if not self.worth_more:
            return (
                "More photos like these would hardly help: with twice as many it would be right "
                "about as often as now."
            )
        return (
            f"With twice as many photos it would probably be right about {_in_100(twice.right)} of "
            f"100 times instead of {_in_100(now)} (between {_in_100(twice.low)} and "
            f"{_in_100(twice.high)})."
        )

    def to_json(self) -> dict[str, Any]:
        """For keeping."""
        return {
            "points": [[point.photos, point.right] for point in self.points],
            "now": [self.now.photos, self.now.right],
            "slope": self.slope,
            "slope_error": self.slope_error,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LearningCurve:
        """What `to_json` gave."""
        return cls(
            tuple(CurvePoint(*point) for point in data["points"]),
            CurvePoint(*data["now"]),
            float(data["slope"]),
            float(data["slope_error"]),
        )


def _in_100(share: float) -> int:
    return round(100 * share)


def learning_curve(
    features: FloatArray,
    labels: IntArray,
    scenes: IntArray,
    accuracy: Accuracy,
    *,
    should_stop: ShouldStop = never,
) -> LearningCurve:
    """Fit heads on parts of the photos and see how fast mistakes fall.

    Args:
        features: those the head sees, float32 [n, d].
        labels: int64 [n].
        scenes: near duplicates share a number, int64 [n]; a scene is learnt from or asked about.
        accuracy: of the model of all photos.

    Raises:
        Cancelled: Stop was pressed.
    """
    chance = np.random.default_rng(0)
    if len(labels) > MOST_PHOTOS:
        kept = np.sort(chance.choice(len(labels), MOST_PHOTOS, replace=False))
        features, labels, scenes = features[kept], labels[kept], scenes[kept]
    photos = PhotoSpace.of(features, labels).seen(WHOLE)
    measured = [
        (share, *_try(photos, labels, scenes, share, draws, chance, should_stop))
        for share, draws in DRAWS
    ]
    known = [(learnt, wrong, asked) for _, learnt, wrong, asked in measured if asked]
    points = [(learnt, 1 - wrong / asked) for learnt, wrong, asked in known]
    known.append((0.9 * len(labels), accuracy.photos - accuracy.correct, accuracy.photos))
    slope, error = _slope(known)
    now = CurvePoint(float(accuracy.photos), accuracy.value)
    return LearningCurve(tuple(CurvePoint(*point) for point in points), now, slope, error)


def _try(
    photos: Coordinates,
    labels: IntArray,
    scenes: IntArray,
    share: float,
    draws: int,
    chance: np.random.Generator,
    should_stop: ShouldStop,
) -> tuple[float, int, int]:
    """Photos learnt from on average; wrong answers and answers in all draws."""
    learnt, wrong, asked = [], 0, 0
    for _ in range(draws):
        check_stop(should_stop)
        seen = _drawn(labels, scenes, share, chance)
        if seen.all() or len(np.unique(labels[seen])) < len(np.unique(labels)):
            continue
        head = fit_inside(photos, labels, int(labels.max()) + 1, seen)
        wrong += int((head.scores(photos.values[~seen]).argmax(axis=1) != labels[~seen]).sum())
        asked += int((~seen).sum())
        learnt.append(int(seen.sum()))
    return float(np.mean(learnt)) if learnt else 0.0, wrong, asked


def _drawn(labels: IntArray, scenes: IntArray, share: float, chance: np.random.Generator) -> Flags:
    """About this share of the photos of each class, whole scenes, bool [n]."""
    seen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        inside = labels == label
        wanted = share * inside.sum()
        for scene in chance.permutation(np.unique(scenes[inside])):
            if seen[inside].sum() >= wanted - 0.5:
                break
            seen |= inside & (scenes == scene)
    return seen


def _slope(known: Sequence[tuple[float, int, int]]) -> tuple[float, float]:
    """The power by which mistakes fall and its standard error, by least squares.

    Args:
        known: photos learnt from, wrong answers, answers.
    """
    learnt, wrong, asked = np.array(known, float).T
    shares = (wrong + 0.5) / (asked + 1)
    weights = 1 / ((1 - shares) / (wrong + 0.5) + DRAW_NOISE)
    x, y = np.log(np.maximum(learnt, 1)), np.log(shares)
    x, y = x - np.average(x, weights=weights), y - np.average(y, weights=weights)
    precision = float((weights * x * x).sum()) + SLOPE_SPREAD**-2
    slope = (-float((weights * x * y).sum()) + USUAL_SLOPE * SLOPE_SPREAD**-2) / precision
    return min(max(slope, 0.0), 1.0), math.sqrt(1 / precision)
