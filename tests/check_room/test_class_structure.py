from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.check.class_structure import (
    FEWEST_IN_CLASS,
    given_away,
    hardly_two,
    surroundings,
    two_groups,
)

GREEN, SIDE = (40, 160, 60), 64


def around_one(direction: int, photos: int, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal((photos, 20)).astype(np.float32)
    values[:, direction] += 12
    return values


def test_two_kinds_in_one_class_are_told_from_each_other() -> None:
    found = two_groups(np.concatenate([around_one(0, 30), around_one(1, 20)]))
    assert found is not None
    assert sorted((int(found[:30].sum()), int(found[30:].sum()))) in ([0, 20], [0, 30])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "features",
    [
        np.random.default_rng(0).standard_normal((60, 20)).astype(np.float32),
        np.ones((40, 20), np.float32),
        np.zeros((40, 20), np.float32),
        np.concatenate([around_one(0, 40), around_one(1, 3)]),
        around_one(0, FEWEST_IN_CLASS - 1),
        np.zeros((0, 20), np.float32),
    ],
    ids=["one kind", "all alike", "nothing", "a few strays", "a handful", "none"],
)
def test_one_kind_is_not_called_two(features: np.ndarray) -> None:
    assert two_groups(features) is None


def test_classes_told_apart_as_if_by_guessing_are_hardly_two() -> None:
    confusion = np.array([[20, 20, 0], [18, 22, 0], [0, 0, 40]])
    assert list(hardly_two(confusion)) == [(0, 1)]


@pytest.mark.parametrize(
    "confusion",
    [np.array([[36, 4], [5, 35]]), np.array([[3, 3], [3, 3]]), np.zeros((2, 2), np.int64)],
    ids=["well apart", "too few to say", "none"],
)
def test_classes_are_two_until_enough_photos_say_otherwise(confusion: np.ndarray) -> None:
    assert list(hardly_two(confusion)) == []


def photo(background: tuple[int, int, int] | None, seed: int) -> Image.Image:
    """A grey square in the middle of a background; None for another one each time."""
    chance = np.random.default_rng(seed)
    spots = Image.fromarray(chance.integers(0, 255, (4, 4, 3), np.uint8))
    image = (
        spots.resize((SIDE, SIDE))
        if background is None
        else Image.new("RGB", (SIDE, SIDE), background)
    )
    image.paste((128, 128, 128), (20, 20, 44, 44))
    return image


def seen(backgrounds: list[tuple[int, int, int] | None]) -> tuple[np.ndarray, np.ndarray]:
    """Surroundings and labels of 20 photos for each class."""
    values = [
        surroundings(photo(each, 100 * label + number))
        for label, each in enumerate(backgrounds)
        for number in range(20)
    ]
    return np.array(values, np.float32), np.repeat(np.arange(len(backgrounds)), 20)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_a_class_that_always_stands_on_green_is_given_away(classes: int) -> None:
    around, labels = seen([GREEN, *[None] * (classes - 1)])
    assert given_away(around, labels, np.arange(len(labels))) == [0]


def test_backgrounds_of_all_kinds_give_nothing_away() -> None:
    around, labels = seen([None, None, None])
    assert given_away(around, labels, np.arange(len(labels))) == []


def test_one_background_for_all_gives_nothing_away() -> None:
    around, labels = seen([GREEN, GREEN])
    assert given_away(around, labels, np.arange(len(labels))) == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("photos", [0, 1, 2])
def test_of_a_handful_nothing_is_said(photos: int) -> None:
    around, labels = np.zeros((photos, 36), np.float32), np.arange(photos)
    assert given_away(around, labels, labels) == []


def test_the_middle_does_not_count() -> None:
    one, other = photo(GREEN, 0), photo(GREEN, 0)
    other.paste((255, 0, 0), (24, 24, 40, 40))
    np.testing.assert_array_equal(surroundings(one), surroundings(other))
