"""Shots of the camera."""

from __future__ import annotations

import base64

import pytest

from nocode_classifier.collect.camera import NO_PICTURE, from_camera
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.collect.photo_check import Limits
from nocode_classifier.errors import PhotoRefused
from nocode_classifier.project.project import Project
from tests.collect.conftest import Draw


def data_url(data: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()


def test_a_burst_stays_together(project: Project, draw: Draw) -> None:
    cats = project.class_named("cats").id
    shots = [data_url(draw(seed)) for seed in range(5)]
    assert add_photos(project, from_camera(shots), class_id=cats).added == 5
    photos = project.photos(cats)
    assert len({photo.burst for photo in photos}) == 1
    assert {photo.source for photo in photos} == {"camera"}
    assert photos[4].name.endswith("(5)")


def test_two_presses_are_two_bursts(draw: Draw) -> None:
    (first,), (second,) = from_camera([data_url(draw())]), from_camera([data_url(draw())])
    assert first.burst != second.burst


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
        from_camera([shot])[0].read()
    assert str(caught.value) == NO_PICTURE


def test_a_shot_that_is_too_big_is_not_even_unpacked() -> None:
    with pytest.raises(PhotoRefused, match="too big"):
        from_camera([data_url(b"\0" * 5000)], limits=Limits(max_bytes=1000))[0].read()
