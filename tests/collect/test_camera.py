"""Shots of the camera."""

from __future__ import annotations

import pytest

from nocode_classifier.collect.camera import NO_PICTURE, read_shot
from nocode_classifier.collect.photo_check import LIMITS, Limits
from nocode_classifier.errors import PhotoRefused


@pytest.mark.parametrize(
    "shot",
    [
        "",
        "data:,",
        "data:image/jpeg;base64,",
        "data:image/jpeg;base64,@@@",
        "https://example.org/a.jpg",
    ],
)
def test_a_camera_that_gave_nothing_is_told(shot: str) -> None:
    with pytest.raises(PhotoRefused) as caught:
        read_shot(shot, LIMITS)
    assert str(caught.value) == NO_PICTURE


def test_a_shot_that_is_too_big_is_not_even_unpacked() -> None:
    with pytest.raises(PhotoRefused, match="too big"):
        read_shot("data:image/jpeg;base64," + "A" * 5000, Limits(max_bytes=1000))
