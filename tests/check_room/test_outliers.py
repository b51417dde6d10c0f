from __future__ import annotations

import numpy as np
import pytest

from nocode_classifier.check.outliers import FEWEST, odd_ones, oddness


def alike(photos: int, length: int = 40, seed: int = 0) -> np.ndarray:
    """Features that vary a little around one direction."""
    chance = np.random.default_rng(seed)
    return (3 + 0.3 * chance.standard_normal((photos, length))).astype(np.float32)


def test_a_photo_of_something_else_is_the_odd_one() -> None:
    features = alike(40)
    features[7] = np.random.default_rng(9).standard_normal(40)
    (number, score), *others = odd_ones(features, np.zeros(40, np.int64))
    assert number == 7
    assert all(score > other for _, other in others)


def test_each_class_is_judged_by_its_own_photos() -> None:
    features = np.concatenate([alike(20), -alike(20)])
    assert odd_ones(features, np.repeat([0, 1], 20)) == []
    mixed = np.repeat([0, 1], 20)
    mixed[3] = 1
    assert odd_ones(features, mixed)[0][0] == 3


def test_no_more_than_a_few_of_a_class_are_odd_however_much_they_vary() -> None:
    features = np.concatenate([alike(80), np.random.default_rng(1).standard_normal((20, 40))])
    assert len(odd_ones(features.astype(np.float32), np.zeros(100, np.int64))) <= 5


@pytest.mark.parametrize("photos", [0, 1, 2, FEWEST - 1])
def test_of_a_handful_none_is_odd(photos: int) -> None:
    assert odd_ones(alike(photos), np.zeros(photos, np.int64)) == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_photos_that_are_all_alike_are_not_odd(value: float) -> None:
    features, labels = np.full((30, 8), value, np.float32), np.zeros(30, np.int64)
    np.testing.assert_allclose(oddness(features, labels), 0, atol=1e-3)
    assert odd_ones(features, labels) == []
