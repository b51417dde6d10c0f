from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.check.folds import LEAVE_ONE_OUT, make_folds

IntArray = npt.NDArray[np.int64]


def photos(count: int, classes: int, seed: int = 0) -> tuple[IntArray, IntArray]:
    """Classes of some photos, of which every fourth is a near copy of the one before."""
    labels = np.random.default_rng(seed).permutation(np.arange(count) % classes)
    groups = np.arange(count) - (np.arange(count) % 4 == 3)
    labels[groups != np.arange(count)] = labels[groups[groups != np.arange(count)]]
    return labels, groups


@pytest.mark.parametrize("count", [10, 64, 100, 300, 900])
def test_near_copies_are_never_divided(count: int) -> None:
    labels, groups = photos(count, 3)
    folds = make_folds(labels, groups)
    for group in np.unique(groups):
        assert len(set(folds[groups == group])) == 1


@pytest.mark.parametrize(("count", "expected"), [(100, 10), (400, 10), (401, 5), (1000, 5)])
def test_every_class_is_spread_over_all_folds(count: int, expected: int) -> None:
    labels, groups = photos(count, 3)
    folds = make_folds(labels, groups)
    assert set(folds) == set(range(expected))
    table = np.array([np.bincount(labels[folds == fold], minlength=3) for fold in set(folds)])
    assert table.min() > 0
    assert np.ptp(table, axis=0).max() <= 0.25 * count / expected


def test_a_rare_class_is_not_put_into_one_fold() -> None:
    labels = np.array([0] * 200 + [1] * 5)
    folds = make_folds(labels, np.arange(205))
    assert len(set(folds[labels == 1])) == 5


def test_the_same_photos_are_divided_alike() -> None:
    labels, groups = photos(250, 4)
    assert make_folds(labels, groups).tobytes() == make_folds(labels, groups).tobytes()


def test_of_few_photos_each_is_left_out_by_itself_with_its_near_copies() -> None:
    labels, groups = photos(LEAVE_ONE_OUT, 2)
    folds = make_folds(labels, groups)
    assert len(set(folds)) == len(set(groups))
    assert (np.unique(folds) == np.arange(len(set(groups)))).all()
