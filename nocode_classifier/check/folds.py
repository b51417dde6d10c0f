"""How photos are divided so that each is answered once by a head that had not seen it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float64]

LEAVE_ONE_OUT = 60
"""Up to so many groups, each is left out by itself: few photos should all help."""

TEN_FOLDS = 400
"""Up to so many photos ten folds, above it five: the estimate no longer gains from more."""


def make_folds(labels: IntArray, groups: IntArray) -> IntArray:
    """Fold of each photo: classes spread evenly, groups never split.

    A class with fewer photos than there are folds is absent from some of them.

    Args:
        labels: class of each photo, int64 [n].
        groups: near duplicates share a number, int64 [n].

    Returns:
        int64 [n]; the same input gives the same folds.
    """
    numbers, members = np.unique(groups, return_inverse=True)
    if len(numbers) <= LEAVE_ONE_OUT:
        return members.astype(np.int64)
    classes, classified = np.unique(labels, return_inverse=True)
    counts = np.zeros((len(numbers), len(classes)))
    np.add.at(counts, (members, classified), 1.0)
    return _deal(counts, 10 if len(labels) <= TEN_FOLDS else 5)[members]


def _deal(counts: Counts, folds: int) -> IntArray:
    """Give each group to the fold that it makes most alike in classes to the others.

    The folds are those of scikit-learn's `StratifiedGroupKFold(shuffle=True, random_state=0)`,
    whose import alone would take longer than all the rest of the training that follows the photos.

    Args:
        counts: photos of each class in each group, float64 [groups, classes].
        folds: how many to make.

    Returns:
        Fold of each group, int64 [groups].
    """
    order = np.arange(len(counts))
    np.random.RandomState(0).shuffle(order)
    # Groups that are mostly of one class first: they are the hardest to place.
    order = order[np.argsort(-counts[order].std(axis=1), kind="stable")]
    totals = counts.sum(axis=0)
    dealt = np.zeros((folds, counts.shape[1]))
    result = np.zeros(len(counts), np.int64)
    for group in order:
        result[group] = fold = _best_fold(dealt, counts[group], totals)
        dealt[fold] += counts[group]
    return result


def _best_fold(dealt: Counts, group: Counts, totals: Counts) -> int:
    """The fold that leaves the least spread between folds; of equals, the one with fewest photos.

    Args:
        dealt: photos of each class in each fold so far, float64 [folds, classes].
        group: of each class in the group, float64 [classes].
        totals: of each class in all, float64 [classes].
    """
    tried = dealt + np.eye(len(dealt))[:, :, None] * group  # [fold it goes to, folds, classes]
    spreads = (tried / totals).std(axis=1).mean(axis=1).tolist()
    sizes = dealt.sum(axis=1).tolist()
    best = 0
    for fold in range(1, len(dealt)):
        # Within rounding, that is: the same fractions are added up in another order.
        equal = abs(spreads[fold] - spreads[best]) <= 1e-8 + 1e-5 * spreads[best]
        if spreads[fold] < spreads[best] or (equal and sizes[fold] < sizes[best]):
            best = fold
    return best
