"""Whether a class is really two, two classes are really one, or a background gives a class away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

from nocode_classifier.learn.accuracy import wilson_interval

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CLEARLY_TWO = 0.4
"""Least silhouette (Rousseeuw, Journal of Computational and Applied Mathematics 20, 1987) of two
groups in a class. Of the 53 classes of eight sets, two of long series have more; of two classes
of shop shelves taken for one, more than half."""
LEAST_OF_TWO = 0.2
"""Share of the class that the smaller group has at least."""
POWERS, ROUNDS, SOME = 20, 20, 500
"""Steps to find the first direction; rounds of moving photos; photos that groups are judged by."""
FEWEST_IN_CLASS = 10
"""Photos a class needs for anything to be said of it."""

TOLD_APART = 0.75
"""Two classes that are told apart less often, at best, are hardly two for the network."""

GIVEN_AWAY, NEIGHBOURS = 0.9, 5
"""Precision and recall from which on the colours around the middle give a class away. In seven of
eight sets no class has both (shop shelves 0.81, the others 0.75 at most), in the eighth, of one
webcam, most; photos of one class put on green have at least 0.99."""
STEADIER = 0.5
"""Of two such classes, the one whose surroundings vary no more than this share of the other's is
the cause."""
ROWS_AT_ONCE = 512
SIDE, RIM = 32, 8
"""Pixels a side of a photo whose surroundings are looked at, and how wide these are."""


def two_groups(features: FloatArray) -> Flags | None:
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


# By hand, since importing scikit-learn takes longer than all the rest of a check.


def _split(directions: FloatArray) -> Flags:
    """Spherical k-means with two centres, begun along the first principal direction."""
    along = directions[0]
    for _ in range(POWERS):
        along = directions.T @ (directions @ along)
        along /= max(float(np.linalg.norm(along)), 1e-6)
    first: Flags = directions @ along > 0
    for _ in range(ROUNDS):
        if first.all() or not first.any():
            break
        centres = _normalised(np.stack([directions[part].mean(axis=0) for part in (first, ~first)]))
        one, other = centres @ directions.T
        if (first == (one > other)).all():
            break
        first = one > other
    return first


def _silhouette(directions: FloatArray, first: Flags) -> float:
    """Mean over some of the photos: how much nearer to its own group each is than to the other."""
    some = slice(None, None, -(-len(directions) // SOME))
    directions, first = directions[some], first[some]
    apart = 1 - directions @ directions.T
    np.fill_diagonal(apart, 0.0)
    found = []
    for part in (first, ~first):
        if part.sum() < 2 or part.all():
            return 0.0
        inside = apart[np.ix_(part, part)].sum(axis=1) / (part.sum() - 1)
        outside = apart[np.ix_(part, ~part)].mean(axis=1)
        found.append((outside - inside) / np.maximum(np.maximum(inside, outside), 1e-6))
    return float(np.concatenate(found).mean())


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
    """Classes that the colours around the middle give away, by their nearest neighbours.

    Args:
        around: from `surroundings`, float32 [n, 36].
        labels: int64 [n].
        scenes: near duplicates share a number, int64 [n]; none is asked about another.
    """
    classes = np.unique(labels)
    if len(classes) < 2:
        return []
    nearest = labels[_nearest(around, scenes)]
    votes = np.stack([(nearest == label).sum(axis=1) for label in classes])
    said = classes[votes.argmax(axis=0)]
    found = [label for label in classes.tolist() if _is_given_away(labels == label, said == label)]
    spread = {label: float(around[labels == label].std(axis=0).mean()) for label in found}
    most = max(spread.values(), default=0.0)
    return [label for label in found if spread[label] <= STEADIER * most] or found


def _nearest(around: FloatArray, scenes: IntArray) -> IntArray:
    """The nearest of other scenes to each, in no order, int64 [n, up to `NEIGHBOURS`]."""
    lengths = np.square(around).sum(axis=1)
    count, found = min(NEIGHBOURS, len(around)), []
    for start in range(0, len(around), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        apart = lengths[rows, None] + lengths - 2 * around[rows] @ around.T
        apart[scenes[rows, None] == scenes] = np.inf
        found.append(np.argpartition(apart, count - 1, axis=1)[:, :count])
    return np.concatenate(found)


def _is_given_away(own: Flags, said: Flags) -> bool:
    photos, answered, right = int(own.sum()), int(said.sum()), int((own & said).sum())
    return photos >= FEWEST_IN_CLASS and right >= GIVEN_AWAY * max(photos, answered)
