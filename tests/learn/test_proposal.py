"""The app mirrors and turns photos only where that leaves them what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.features import Extractor, TrainingPhoto, features_of
from nocode_classifier.learn.proposal import (
    Proposal,
    propose_augmentation,
    spread_over_classes,
)
from tests.conftest import SHARED_PHOTOS
from tests.learning import MemoryStore, photos_in


def draw(
    folder: Path, name: str, seed: int, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """A thick line with a dot at its end, at a place and of colours that chance decides on."""
    random = np.random.default_rng([seed, len(name)])
    low, high = ((0, 90), (150, 255)) if random.random() < 0.5 else ((150, 255), (0, 90))
    image = Image.new("RGB", (120, 120), tuple(int(v) for v in random.integers(*low, 3)))
    colour = tuple(int(v) for v in random.integers(*high, 3))
    shift = random.uniform(-12, 12, 2)
    (left, top), (right, bottom) = (np.array(point) + shift for point in (start, end))
    pen = ImageDraw.Draw(image)
    pen.line((left, top, right, bottom), colour, 7)
    pen.ellipse((right - 16, bottom - 16, right + 16, bottom + 16), colour)
    (folder / name).mkdir(parents=True, exist_ok=True)
    image.save(folder / name / f"{seed:02}.png")


def propose(photos: list[TrainingPhoto], extractor: Extractor, **options: Any) -> Proposal:
    names = sorted({photo.class_name for photo in photos})
    labels = np.array([names.index(photo.class_name) for photo in photos])
    features = features_of(photos, extractor, MemoryStore())
    folds = np.arange(len(photos)) % 10
    return propose_augmentation(photos, labels, len(names), extractor, features, folds, **options)


def test_mirroring_is_proposed_where_it_changes_nothing(
    shapes: list[TrainingPhoto], extractor: Extractor
) -> None:
    found = propose(shapes, extractor)
    assert found.augmentation.mirror
    assert found.augmentation.turn > 0
    assert "recognised as well" in found.sentence


def test_mirroring_is_off_where_left_and_right_matter(tmp_path: Path, extractor: Extractor) -> None:
    for seed in range(12):
        draw(tmp_path, "left", seed, (90, 60), (30, 60))
        draw(tmp_path, "right", seed, (30, 60), (90, 60))
    found = propose(photos_in(tmp_path), extractor)
    assert not found.augmentation.mirror
    assert found.augmentation.turn > 0
    assert found.sentence.startswith("Mirroring is off: mirrored copies of your photos were taken")
    assert found.sentence.endswith("% more often.")


def draw_stripes(folder: Path, name: str, seed: int, tilt: float) -> None:
    """Stripes that lean by so many degrees, more or less."""
    random = np.random.default_rng([seed, int(tilt)])
    rows = np.zeros((240, 240, 3), np.uint8)
    rows[np.arange(240) % 12 < 3] = 200
    leaning = tilt + random.uniform(-1, 1)
    image = Image.fromarray(rows).rotate(leaning, Image.Resampling.BILINEAR)
    left, top = (int(value) for value in random.integers(50, 70, 2))
    (folder / name).mkdir(parents=True, exist_ok=True)
    image.crop((left, top, left + 120, top + 120)).save(folder / name / f"{seed:02}.png")


def test_turning_is_off_where_upright_matters(tmp_path: Path, extractor: Extractor) -> None:
    for seed in range(12):
        for name, tilt in (("level", 0), ("leaning", 5), ("steep", 10)):
            draw_stripes(tmp_path, name, seed, tilt)
    found = propose(photos_in(tmp_path), extractor)
    assert found.augmentation.turn == 0
    assert "urning" in found.sentence


def test_stop_is_heard(shapes: list[TrainingPhoto], extractor: Extractor) -> None:
    with pytest.raises(Cancelled):
        propose(shapes, extractor, should_stop=lambda: True)


def test_a_sample_is_spread_over_the_classes() -> None:
    labels = np.array([0] * 100 + [1] * 3 + [2] * 50)
    sample = spread_over_classes(labels, 30)
    assert np.bincount(labels[sample]).tolist() == [10, 3, 10]
    assert sample[0] == 0
    assert sample[9] == 99
    assert (np.diff(sample) > 0).all()


@pytest.mark.gate
@pytest.mark.slow
@pytest.mark.skipif(not SHARED_PHOTOS.is_dir(), reason="no sample photos")
@pytest.mark.parametrize(
    ("which", "mirror"), [("sign-digits/train", False), ("hotdog/train", True)]
)
def test_hand_signs_are_not_mirrored_and_hot_dogs_are(
    which: str, mirror: bool, extractor: Extractor
) -> None:
    photos = photos_in(SHARED_PHOTOS / which)
    assert propose(photos[::3], extractor).augmentation.mirror is mirror
