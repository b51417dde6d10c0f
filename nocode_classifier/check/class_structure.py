"""Whether a class is really two, two classes are really one, or a background gives a class away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from nocode_classifier.learn.accuracy import wilson_interval
from nocode_classifier.learn.folds import make_folds
from nocode_classifier.learn.head import fit_head

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

CLEARLY_TWO = 0.4
"""Least silhouette (Rousseeuw, Journal of Computational and Applied Mathematics 20, 1987) of two
groups in a class. Of the 53 classes of eight sets, three of long series have more; of two classes
of shop shelves taken for one, more than half."""
LEAST_OF_TWO = 0.2
"""Share of the class that the smaller group has at least."""
FEWEST_IN_CLASS = 10
"""Photos a class needs for anything to be said of it."""

TOLD_APART = 0.75
"""Two classes that are told apart less often, at best, are hardly two for the network."""

GIVEN_AWAY = 0.9
"""Precision and recall from which on the colours around the middle give a class away. In seven of
eight sets no class has both, in the eighth (one webcam) most; with photos of one class put on green
it has at least 0.98."""
STEADIER = 0.5
"""Of two such classes, the one whose surroundings vary no more than this share of the other's is
the cause."""
SIDE, RIM = 32, 8
"""Pixels a side of a photo whose surroundings are looked at, and how wide these are."""


def two_groups(features: FloatArray) -> npt.NDArray[np.bool_] | None:
    """Which photos of a class belong to the one of two clear groups, bool [n]; None without.

    Args:
        features: of the photos of one class, means of channels, float32 [n, any].
    """
    if len(features) < FEWEST_IN_CLASS:
        return None
    directions = _normalised(features - features.mean(axis=0))
    first = _split(directions)
    share = first.mean()
    if min(share, 1 - share) < LEAST_OF_TWO or _silhouette(directions, first) < CLEARLY_TWO:
        return None
    return first


def _split(directions: FloatArray) -> npt.NDArray[np.bool_]:
    """Spherical k-means with two centres, begun at the first principal direction."""
    from sklearn.utils.extmath import randomized_svd

    start, *_ = randomized_svd(directions, n_components=1, random_state=0)
    first: npt.NDArray[np.bool_] = start[:, 0] > 0
    for _ in range(20):
        if first.all() or not first.any():
            break
        centres = _normalised(np.stack([directions[part].mean(axis=0) for part in (first, ~first)]))
        closer = directions @ centres.T
        if (first == (closer[:, 0] > closer[:, 1])).all():
            break
        first = closer[:, 0] > closer[:, 1]
    return first


def _silhouette(directions: FloatArray, first: npt.NDArray[np.bool_]) -> float:
    from sklearn.metrics import silhouette_score

    return float(silhouette_score(directions, first, metric="cosine"))


def _normalised(values: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    directions: FloatArray = values / np.maximum(lengths, 1e-6)
    return directions


def hardly_two(confusion: IntArray) -> Iterator[tuple[int, int]]:
    """Pairs of classes that are hardly told apart.

    Args:
        confusion: how often photos of a class (row) got each answer (column).
    """
    for one in range(len(confusion)):
        for other in range(one + 1, len(confusion)):
            pair = confusion[np.ix_((one, other), (one, other))]
            photos, right = int(pair.sum()), int(pair.trace())
            if pair.sum(axis=1).min() < FEWEST_IN_CLASS or photos == 0:
                continue
            if wilson_interval(right / photos, photos)[1] < TOLD_APART:
                yield one, other


def surroundings(image: Image.Image) -> FloatArray:
    """Colours around the middle of a photo: mean and deviation in six parts, float32 [36]."""
    small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
    values = np.asarray(small, np.float32) / 255
    half = SIDE // 2
    parts = (
        *(values[:RIM, :half], values[:RIM, half:], values[-RIM:, :half], values[-RIM:, half:]),
        *(values[RIM:-RIM, :RIM], values[RIM:-RIM, -RIM:]),
    )
    flat = [part.reshape(-1, 3) for part in parts]
    return np.concatenate([[part.mean(axis=0), part.std(axis=0)] for part in flat]).ravel()


def given_away(around: FloatArray, labels: IntArray, scenes: IntArray) -> list[int]:
    """Classes that the colours around the middle give away, by cross-validation.

    Args:
        around: from `surroundings`, float32 [n, 36].
        labels: int64 [n].
        scenes: near duplicates share a number, int64 [n].
    """
    classes = int(labels.max(initial=-1)) + 1
    if len(np.unique(labels)) < 2:
        return []
    folds, said = make_folds(labels, scenes), np.zeros(len(labels), np.int64)
    for fold in np.unique(folds):
        inside = folds == fold
        if not inside.all():
            head = fit_head(around[~inside], labels[~inside], classes)
            said[inside] = head.scores(around[inside]).argmax(axis=1)
    found = [label for label in range(classes) if _is_given_away(labels == label, said == label)]
    spread = {label: float(around[labels == label].std(axis=0).mean()) for label in found}
    most = max(spread.values(), default=0.0)
    steady = [label for label in found if spread[label] <= STEADIER * most]
    return steady or found


def _is_given_away(
    own: Sequence[bool] | npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]
) -> bool:
    photos, answered = int(np.sum(own)), int(said.sum())
    right = int((np.asarray(own) & said).sum())
    return photos >= FEWEST_IN_CLASS and right >= GIVEN_AWAY * max(photos, answered)
