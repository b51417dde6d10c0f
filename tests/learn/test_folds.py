from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.learn.folds import make_folds, ungroup_single_scenes

IntArray = npt.NDArray[np.int64]


def photos(count: int, classes: int, seed: int = 0) -> tuple[IntArray, IntArray]:
    """Classes of some photos, of which every fourth is a near copy of the one before."""
    labels = np.random.default_rng(seed).permutation(np.arange(count) % classes)
    groups = np.arange(count) - (np.arange(count) % 4 == 3)
    labels[groups != np.arange(count)] = labels[groups[groups != np.arange(count)]]
    return labels, groups


def bursts(*sizes: int, label: int = 0) -> tuple[IntArray, IntArray]:
    """A class of bursts of these sizes."""
    groups = np.repeat(np.arange(len(sizes)), sizes) + 1000 * label
    return np.full(len(groups), label), groups


def together(*classes: tuple[IntArray, IntArray]) -> tuple[IntArray, IntArray]:
    labels, groups = (np.concatenate(parts) for parts in zip(*classes, strict=True))
    return labels, groups


@pytest.mark.parametrize("count", [10, 64, 100, 300, 900])
def test_near_copies_are_never_divided(count: int) -> None:
    labels, groups = photos(count, 3)
    folds = make_folds(labels, groups)
    for group in np.unique(groups):
        assert len(set(folds[groups == group])) == 1


@pytest.mark.parametrize(("count", "expected"), [(60, 10), (400, 10), (401, 5), (10_000, 5)])
def test_every_class_is_spread_over_all_folds(count: int, expected: int) -> None:
    labels, groups = photos(count, 3)
    folds = make_folds(labels, groups)
    assert set(folds) == set(range(expected))
    table = np.array([np.bincount(labels[folds == fold], minlength=3) for fold in set(folds)])
    assert table.min() > 0
    assert np.ptp(table, axis=0).max() <= 2  # the size of a group


@pytest.mark.parametrize(
    "many",
    [
        together(bursts(*[60] * 25), bursts(*[60] * 25, label=1)),
        together(bursts(500, *[1] * 40), bursts(*[1] * 30, label=1)),
        together(bursts(1, 1), bursts(*[1] * 150, label=1)),
        together(bursts(1, 1), bursts(1, 1, label=1)),
        together(bursts(400, 1), bursts(1, 400, label=1)),
        together(*[bursts(1, 1, label=label) for label in range(40)]),
    ],
    ids=["fifty bursts", "a giant", "two against many", "four", "lopsided", "many classes"],
)
def test_folds_are_few_and_none_takes_a_whole_class(many: tuple[IntArray, IntArray]) -> None:
    labels, groups = many
    folds = make_folds(labels, groups)
    assert len(set(folds)) <= 10
    for fold in set(folds):
        assert set(labels[folds != fold]) == set(labels)


def test_bursts_are_packed_evenly() -> None:
    labels, groups = together(bursts(*[60] * 25), bursts(*[60] * 25, label=1))
    assert np.bincount(make_folds(labels, groups)).tolist() == [600] * 5


def test_a_rare_class_is_not_put_into_one_fold() -> None:
    labels = np.array([0] * 200 + [1] * 5)
    folds = make_folds(labels, np.arange(205))
    assert len(set(folds[labels == 1])) == 5


def test_the_same_photos_are_divided_alike() -> None:
    labels, groups = photos(250, 4)
    assert make_folds(labels, groups).tobytes() == make_folds(labels, groups).tobytes()


def test_a_class_of_one_scene_is_not_judged_and_its_photos_are_divided_all_the_same() -> None:
    labels, groups = together(bursts(40), bursts(20, 20, label=1))
    ungrouped, judged = ungroup_single_scenes(labels, groups)
    assert judged.tolist() == [False] * 40 + [True] * 40
    assert len(set(ungrouped)) == 42
    assert (ungrouped[40:] == groups[40:]).all()
    assert set(labels[make_folds(labels, ungrouped) != 0]) == {0, 1}
