from __future__ import annotations

import warnings

import numpy as np
import pytest

from nocode_classifier.check.duplicates import group_near_duplicates
from nocode_classifier.check.folds import make_folds


@pytest.mark.parametrize(
    ("photos", "classes", "groups"), [(120, 2, 100), (350, 7, 900), (500, 3, 90)]
)
def test_folds_are_those_of_scikit_learn(photos: int, classes: int, groups: int) -> None:
    from sklearn.model_selection import StratifiedGroupKFold

    chance = np.random.default_rng(photos)
    labels = chance.choice(classes, photos, p=chance.dirichlet(np.ones(classes)))
    grouped = np.unique(chance.integers(0, groups, photos), return_inverse=True)[1]
    splitter = StratifiedGroupKFold(10 if photos <= 400 else 5, shuffle=True, random_state=0)
    expected = np.zeros(photos, np.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for fold, (_, held_out) in enumerate(splitter.split(labels, labels, grouped)):
            expected[held_out] = fold
    assert make_folds(labels, grouped).tolist() == expected.tolist()


def test_many_classes_of_two_photos_each_are_divided() -> None:
    folds = make_folds(np.repeat(np.arange(31), 2), np.arange(62))
    assert np.bincount(folds).tolist() == [7, 6, 7, 6, 6, 6, 6, 6, 6, 6]


def test_near_copies_of_near_copies_are_one_group() -> None:
    angles = np.array([0.0, 2.0, 0.2, 0.4, 2.2])
    features = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    hashes = [f"{bits:016x}" for bits in (0, 2**40 - 1, 2**16 - 1, 2**32 - 1, 2**60 - 1)]
    groups = group_near_duplicates(hashes, features, [None] * 5)
    assert groups.tolist() == [0, 1, 0, 0, 1]


def test_shots_of_a_burst_are_one_group() -> None:
    features = np.eye(4, dtype=np.float32)
    hashes = [f"{bits:016x}" for bits in (0, 2**20 - 1, 2**40 - 1, 2**60 - 1)]
    groups = group_near_duplicates(hashes, features, ["b", None, None, "b"])
    assert groups.tolist() == [0, 1, 2, 0]
