from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from nocode_classifier.check.duplicates import FloatArray, find_duplicates
from nocode_classifier.errors import Cancelled
from nocode_classifier.project.near_copies.likeness import likeness_of, mirrored
from tests.drawing import SHAPES, draw_image

PHOTOS = [draw_image(shape, seed) for seed in range(8) for shape in sorted(SHAPES)]
LABELS = np.arange(len(PHOTOS)) % len(SHAPES)


def directions(count: int, seed: int = 0) -> FloatArray:
    """Features in which nothing is like anything else."""
    return np.random.default_rng(seed).normal(0, 1, (count, 64)).astype(np.float32)


def found(
    images: list[Image.Image],
    features: FloatArray,
    labels: list[int],
    bursts: list[str | None] | None = None,
) -> list[tuple[int, int, bool]]:
    likenesses = [likeness_of(image) for image in images]
    none: list[str | None] = [None] * len(images)
    pairs = find_duplicates(features, likenesses, np.array(labels), bursts or none)
    return [(pair.one, pair.other, pair.across) for pair in pairs]


def test_copies_are_found_those_in_another_class_first() -> None:
    copies = [
        PHOTOS[0].resize((80, 60)),
        ImageOps.mirror(PHOTOS[1]),
        PHOTOS[5].crop((8, 6, 152, 114)),
    ]
    own = directions(len(PHOTOS))
    features = np.concatenate([own, own[[0, 1, 5]] + directions(3, 1) * 0.1])
    labels = [*LABELS.tolist(), LABELS[0], LABELS[1], (LABELS[5] + 1) % 3]
    pairs = found([*PHOTOS, *copies], features, labels)
    assert pairs[0] == (5, 26, True)
    assert sorted(pairs[1:]) == [(0, 24, False), (1, 25, False)]


def test_photos_that_differ_are_no_duplicates_whatever_their_features() -> None:
    assert found(PHOTOS, np.ones((len(PHOTOS), 8), np.float32), LABELS.tolist()) == []
    alike = np.repeat(directions(12), 2, axis=0)
    assert found(PHOTOS, alike, LABELS.tolist()) == []


def test_the_same_picture_is_no_duplicate_where_its_features_are_unlike() -> None:
    assert found([PHOTOS[0]] * 20, directions(20), [0] * 20) == []


def test_of_many_copies_each_is_named_and_no_pair_too_many() -> None:
    features = np.concatenate([directions(20), np.repeat(directions(1, 2), 6, axis=0)])
    pairs = found([*PHOTOS[:20], *[PHOTOS[20]] * 6], features, [0] * 20 + [0, 0, 0, 1, 1, 1])
    assert {place for one, other, _ in pairs for place in (one, other)} == set(range(20, 26))
    assert sum(not across for *_, across in pairs) <= 5


def test_shots_of_one_burst_are_meant_to_be_alike() -> None:
    features = np.concatenate([directions(20), np.repeat(directions(1, 2), 2, axis=0)])
    images = [*PHOTOS[:20], PHOTOS[20], PHOTOS[20]]
    bursts: list[str | None] = [None] * 20
    assert found(images, features, [0] * 22, [*bursts, "burst", "burst"]) == []
    assert len(found(images, features, [0] * 22, [*bursts, "burst", "another"])) == 1


@pytest.mark.parametrize("count", [0, 1])
def test_there_is_no_pair_in_none_or_one(count: int) -> None:
    assert found(PHOTOS[:count], directions(count), [0] * count) == []


def test_two_copies_are_all_there_is() -> None:
    assert found([PHOTOS[0]] * 2, np.ones((2, 4), np.float32), [0, 1]) == [(0, 1, True)]


def test_a_photo_whose_likeness_is_not_known_has_no_duplicate() -> None:
    assert mirrored(b"") == b""
    pairs = find_duplicates(np.ones((2, 4), np.float32), [b"", b""], np.zeros(2, int), [None] * 2)
    assert pairs == []


def test_thousands_that_are_all_alike_are_done_soon_and_stop_is_heard() -> None:
    many = np.ones((3000, 8), np.float32)
    assert find_duplicates(many, [b""] * 3000, np.zeros(3000, int), [None] * 3000) == []
    with pytest.raises(Cancelled):
        find_duplicates(many[:2], [b""] * 2, np.zeros(2, int), [None] * 2, should_stop=lambda: True)
