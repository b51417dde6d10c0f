"""Augmented photos are varied as asked, keep their size, and never show black corners."""

from __future__ import annotations

import numpy as np
import pytest

from nocode_classifier.learn.augment import augmented, sheet
from nocode_classifier.learn.settings import Augmentation
from tests.drawing import draw_image

NONE = Augmentation(mirror=False, turn=0, zoom=0, light=0)
PHOTO = np.asarray(draw_image("triangle", 1))


def copies(augmentation: Augmentation, count: int = 20) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [augmented(PHOTO, augmentation, rng) for _ in range(count)]


def test_without_any_augmentation_a_photo_stays_as_it_is() -> None:
    assert all((copy == PHOTO).all() for copy in copies(NONE, 3))


def test_half_of_the_photos_are_mirrored_and_no_other_way_changed() -> None:
    found = copies(Augmentation(mirror=True, turn=0, zoom=0, light=0), 200)
    mirrored = sum((copy == PHOTO[:, ::-1]).all() for copy in found)
    assert 70 < mirrored < 130
    assert mirrored + sum((copy == PHOTO).all() for copy in found) == 200


@pytest.mark.parametrize("photo_size", [(160, 120), (30, 200), (8, 8), (1, 1)])
def test_a_copy_has_the_size_of_its_photo(photo_size: tuple[int, int]) -> None:
    photo = np.asarray(draw_image("circle", 2, (160, 120)).resize(photo_size))
    strong = Augmentation(mirror=True, turn=180, zoom=0.4, light=0.5)
    rng = np.random.default_rng(3)
    for _ in range(5):
        copy = augmented(photo, strong, rng)
        assert copy.shape == photo.shape
        assert copy.dtype == np.uint8
        assert copy.flags.c_contiguous


def test_turned_photos_have_no_black_corners() -> None:
    bright = np.full((90, 140, 3), 200, np.uint8)
    rng = np.random.default_rng(0)
    for degrees in (10, 45, 180):
        for _ in range(10):
            copy = augmented(bright, Augmentation(False, degrees, 0.1, 0), rng)
            assert copy.min() == copy.max() == 200


def test_turning_goes_both_ways_and_about_the_centre() -> None:
    photo = np.zeros((101, 101, 3), np.uint8)
    photo[48:53, 48:53] = 255  # in the centre
    photo[8:13, 48:53] = 255  # above it
    rng = np.random.default_rng(0)
    columns = []
    for _ in range(30):
        copy = augmented(photo, Augmentation(False, 20, 0, 0), rng)
        assert copy[50, 50].min() > 200
        columns.append(np.argmax(copy[:25, :, 0].astype(int).sum(axis=0)) - 50)
    assert min(columns) < -6
    assert max(columns) > 6
    assert max(np.abs(columns)) <= 40 * np.sin(np.radians(20)) + 3


def test_zoom_cuts_no_more_than_the_share_from_each_side() -> None:
    ramp = np.zeros((100, 200, 3), np.uint8)
    ramp[:] = np.linspace(0, 250, 200, dtype=np.uint8)[None, :, None]
    rng = np.random.default_rng(0)
    found = [augmented(ramp, Augmentation(False, 0, 0.2, 0), rng) for _ in range(50)]
    lefts, rights = ([int(copy[50, x, 0]) for copy in found] for x in (0, -1))
    assert 40 < max(lefts) <= 53
    assert 197 <= min(rights) < 210


def test_light_changes_brightness_and_contrast_within_bounds() -> None:
    photo = np.full((20, 20, 3), 100, np.uint8)
    photo[:10] = 140
    rng = np.random.default_rng(0)
    found = [augmented(photo, Augmentation(False, 0, 0, 0.2), rng) for _ in range(100)]
    means = [copy.mean() for copy in found]
    assert 95 <= min(means) < 103
    assert 137 < max(means) <= 145
    spreads = [int(copy.max()) - int(copy.min()) for copy in found]
    assert min(spreads) < 36
    assert max(spreads) > 44


def test_the_same_seed_gives_the_same_copies_and_the_photo_stays_untouched() -> None:
    before = PHOTO.copy()
    once, again = copies(Augmentation(), 5), copies(Augmentation(), 5)
    assert all((one == other).all() for one, other in zip(once, again, strict=True))
    assert (before == PHOTO).all()


def test_a_sheet_shows_each_photo_as_it_is_and_beside_it_varied() -> None:
    photos = [np.asarray(draw_image("circle", seed, (120, 120))) for seed in range(3)]
    image = sheet(photos, Augmentation(), columns=5, side=60, seed=1)
    assert image.mode == "RGBA"
    assert image.size == (5 * 64 - 4, 3 * 64 - 4)
    assert image.getpixel((61, 10)) == (0, 0, 0, 0)
    cells = [np.asarray(image.crop((64 * x, 0, 64 * x + 60, 60)), int) for x in range(5)]
    assert all(np.abs(cells[0] - cell).mean() > 2 for cell in cells[1:])
