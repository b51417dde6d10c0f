"""How photos are divided so that each is answered once by a head that had not seen it."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

LEAVE_ONE_OUT = 60
"""Up to so many groups, each is left out by itself: few photos should all help."""

TEN_FOLDS = 400
"""Up to so many photos ten folds, above it five: the estimate no longer gains from more."""


def make_folds(labels: IntArray, groups: IntArray) -> IntArray:
    """Fold of each photo: classes spread evenly, groups never split.

    Args:
        labels: class of each photo, int64 [n].
        groups: near duplicates share a number, int64 [n].

    Returns:
        int64 [n]; the same input gives the same folds.
    """
    count = len(np.unique(groups))
    if count <= LEAVE_ONE_OUT:
        return np.unique(groups, return_inverse=True)[1].astype(np.int64)
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(
        10 if len(labels) <= TEN_FOLDS else 5, shuffle=True, random_state=0
    )
    folds = np.zeros(len(labels), np.int64)
    with warnings.catch_warnings():
        # A class with fewer photos than folds is simply absent from some; that is meant to be.
        warnings.simplefilter("ignore", UserWarning)
        for fold, (_, held_out) in enumerate(splitter.split(labels, labels, groups)):
            folds[held_out] = fold
    return folds
