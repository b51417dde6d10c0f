from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from nocode_classifier.predict import matrix_profiles
from nocode_classifier.predict.matrix_profiles import read_matrix_profile
from tests.predict.profiles import DAMAGED, PROFILES

PIXELS = np.random.default_rng(7).integers(0, 256, (60, 50, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", PROFILES)
def test_colours_are_those_of_a_colour_converter(name: str) -> None:
    profile = read_matrix_profile(PROFILES[name])
    assert profile is not None
    target = ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC  # leaves black where it is, as browsers do
    transform = ImageCms.buildTransform(
        BytesIO(PROFILES[name]), target, "RGB", "RGB", renderingIntent=intent
    )
    converted = ImageCms.applyTransform(Image.fromarray(PIXELS), transform)
    assert converted is not None
    apart = np.abs(profile.to_srgb(PIXELS).astype(int) - np.asarray(converted, int))
    assert apart.max() <= 2
    assert apart.mean() < 0.1


@pytest.mark.parametrize("profile", DAMAGED)
def test_what_is_of_another_kind_or_damaged_is_left_to_others(profile: bytes) -> None:
    assert read_matrix_profile(profile) is None


def test_large_photos_are_converted_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = read_matrix_profile(PROFILES["type 3"])
    assert profile is not None
    whole = profile.to_srgb(PIXELS)
    monkeypatch.setattr(matrix_profiles, "BAND", 77)
    np.testing.assert_array_equal(profile.to_srgb(PIXELS), whole)
