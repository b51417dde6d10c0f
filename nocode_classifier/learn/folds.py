"""How photos are divided so that each is answered once by a head that had not seen it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TEN_FOLDS = 400
"""Up to so many photos ten folds, above it five: the estimate no longer gains from more."""


def make_folds(labels: IntArray, groups: IntArray, folds: int | None = None) -> IntArray:
    """Fold of each photo: classes spread evenly, groups never split.

    Class by class, the largest groups first, each goes to the fold with the fewest photos of its
    class. So a class of two groups or more is never wholly in one fold, and one with fewer groups
    than there are folds is absent from some of them.

    Args:
        labels: class of each photo, int64 [n].
        groups: near duplicates share a number, int64 [n]; all of a group are of one class.
        folds: how many at most; by default as many as suit the number of photos.

    Returns:
        int64 [n]; the same input gives the same folds.
    """
    count = folds or (10 if len(labels) <= TEN_FOLDS else 5)
    _, first, members, sizes = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    # Shuffled, since neighbours are often taken one after the other of the same thing.
    order = np.random.RandomState(0).permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    dealt: dict[int, list[int]] = {}
    totals = [0] * count
    result = np.zeros(len(sizes), np.int64)
    for group, label, size in zip(order, labels[first][order], sizes[order].tolist(), strict=True):
        own = dealt.setdefault(int(label), [0] * count)
        fold = min(range(count), key=lambda each: (own[each], totals[each]))
        own[fold] += size
        totals[fold] += size
        result[group] = fold
    return result[members]


def ungroup_single_scenes(labels: IntArray, groups: IntArray) -> tuple[IntArray, Flags]:
    """Divide up the classes that are all one group: none of their photos is unlike the others.

    Such a class can't be left out as a whole, since nothing would be left to learn it from.

    Args:
        labels, groups: as for `make_folds`.

    Returns:
        Groups in which each photo of such a class is by itself, int64 [n]; and which photos can be
        judged, being of another class, bool [n].
    """
    numbers = np.arange(len(labels))
    pairs = np.unique(np.stack([labels, groups]), axis=1)
    judged = np.bincount(pairs[0], minlength=1)[labels] > 1
    return np.where(judged, groups, groups.max(initial=0) + 1 + numbers), judged
