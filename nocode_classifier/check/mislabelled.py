"""Which photos are probably in the wrong class, by a second look without the most doubtful ones.

Wrong labels teach mistakes, which hide wrong labels. So the photos whose own class was believed
least are left out, heads are fitted on the others, and every photo is answered again by one that
had not seen it (pruning and fitting anew, as Northcutt, Jiang and Chuang do in "Confident
learning", Journal of Artificial Intelligence Research 70, 2021). The order follows the probability
of the own class, and a little how many of the nearest photos are of it.

With a twentieth of the labels made wrong (eight draws each), so many of these were among the first
tenth: hand signs 99 % (by the first look 99, by ten neighbours 85), groceries 100 (100, 100), land
from above 95 (91, 96), hot dogs 95 (92, 79), butterflies, with wrong labels of their own, 86 (82,
73). Scores of cleanlab 2.9 on the first look gave the same as its probability of the own class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.folds import make_folds
from nocode_classifier.learn.heads.calibration import probabilities
from nocode_classifier.learn.heads.coordinates import WHOLE, PhotoSpace
from nocode_classifier.learn.heads.evaluation import LOWEST_SCORE
from nocode_classifier.learn.heads.head import fit_inside
from nocode_classifier.progress import ShouldStop, check_stop, never

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LEFT_OUT = 0.1
"""Share of the photos that the second look does not learn from."""

MANY, FOLDS_OF_MANY = 1000, 3
"""Of more photos than these a head learns enough from two thirds, and fits take time."""

PLAIN = 0.8
"""An answer that is so certain is a plain one."""

NEIGHBOURS = 10
NEIGHBOURS_COUNT, FEW = 0.5, 0.1
"""How much the logarithm of the share of neighbours counts, and what is added to that share."""

ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Every photo answered again.

    Attributes:
        shares: float64 [n, classes].
        scores: how well each photo fits its class, float64 [n]; the lowest are the most suspicious.
    """

    shares: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]

    def mislabelled(self, labels: IntArray) -> list[int]:
        """The numbers of the photos that look like another class, the most suspicious first.

        Args:
            labels: int64 [n].
        """
        plain = looks_like_another(self.shares, labels)
        return [n for n in np.argsort(self.scores, kind="stable").tolist() if plain[n]]


def looks_like_another(shares: npt.NDArray[np.floating], labels: IntArray) -> Flags:
    """Which photos look like another class, and no less so than photos of that class usually do.

    Usually is their mean certainty, as in confident learning, but never more than `PLAIN`.

    Args:
        shares: probabilities of photos that were held out, [n, classes].
        labels: int64 [n].

    Returns:
        bool [n].
    """
    own = shares[np.arange(len(labels)), labels]
    usual = np.full(shares.shape[1], PLAIN)
    for label in np.unique(labels):
        usual[label] = min(own[labels == label].mean(), PLAIN)
    answered = shares.argmax(axis=1)
    found: Flags = (answered != labels) & (shares.max(axis=1) > usual[answered])
    return found


def look_again(
    features: FloatArray,
    means: FloatArray,
    labels: IntArray,
    scenes: IntArray,
    own: npt.NDArray[np.floating],
    temperature: float,
    *,
    should_stop: ShouldStop = never,
) -> SecondLook:
    """Answer every photo by a head that saw neither it nor the photos in doubt.

    Args:
        features: those the head sees, float32 [n, d].
        means: those that neighbours are told by, float32 [n, any].
        labels: int64 [n].
        scenes: near duplicates share a number, int64 [n].
        own: probability of the own class at the first look, [n].
        temperature: of the model.

    Raises:
        Cancelled: Stop was pressed.
    """
    classes, trusted = int(labels.max(initial=0)) + 1, np.ones(len(labels), bool)
    trusted[np.argsort(own, kind="stable")[: round(LEFT_OUT * len(labels))]] = False
    shares = np.full((len(labels), classes), 1 / classes)
    folds = make_folds(labels, scenes, FOLDS_OF_MANY if len(labels) > MANY else None)
    photos = PhotoSpace.of(features, labels, folds=folds).seen(WHOLE)
    for fold in np.unique(folds):
        check_stop(should_stop)
        inside = folds == fold
        seen = ~inside & trusted
        if seen.any():
            head = fit_inside(photos, labels, classes, seen)
            scores = np.maximum(head.scores(photos.values[inside]), LOWEST_SCORE)
            shares[inside] = probabilities(scores, temperature)
    near = _share_of_neighbours(means, labels, trusted)
    believed = np.log(np.maximum(shares[np.arange(len(labels)), labels], 1e-12))
    return SecondLook(shares, believed + NEIGHBOURS_COUNT * np.log(near + FEW))


def _share_of_neighbours(
    means: FloatArray, labels: IntArray, trusted: Flags
) -> npt.NDArray[np.float64]:
    """Of the trusted photos nearest to each, so many are of its class, float64 [n]."""
    directions = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
    count = min(NEIGHBOURS, int(trusted.sum()) - 1)
    found = np.zeros(len(labels))
    if count < 1:
        return found
    for start in range(0, len(labels), ROWS_AT_ONCE):
        likeness = directions[start : start + ROWS_AT_ONCE] @ directions.T
        likeness[:, ~trusted] = -2.0
        rows = np.arange(len(likeness))
        likeness[rows, start + rows] = -3.0
        nearest = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        found[start + rows] = (labels[nearest] == labels[start + rows, None]).mean(axis=1)
    return found
