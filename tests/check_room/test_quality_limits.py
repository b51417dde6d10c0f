from __future__ import annotations

from dataclasses import replace

import pytest

from nocode_classifier.check.quality_limits import LIMITS, quality_issues
from nocode_classifier.collect.graphic_detection import ImageStatistics
from nocode_classifier.collect.photo_quality import PhotoQuality, measure_quality
from tests.drawing import draw_image

PHOTO = PhotoQuality(400, 300, 0.8, 0.1, 0.8, 0.95, 0.02, ImageStatistics(0.05, 0.05, 0.2, 0.6))
ODD = {
    "blurry": replace(PHOTO, blur=4.0),
    "dark": replace(PHOTO, luminance_5=0.0, luminance_95=0.1, luminance_99=0.14),
    "bright": replace(PHOTO, luminance_5=0.93, luminance_95=1.0, luminance_99=1.0),
    "tiny": replace(PHOTO, width=80, height=60),
    "shape": replace(PHOTO, width=900, height=250),
    "placeholder": replace(PHOTO, looks=ImageStatistics(0.9, 0.9, 0.9, 0.3)),
    "text": replace(PHOTO, text=0.6),
}


def test_there_is_an_odd_photo_of_each_kind_here() -> None:
    assert ODD.keys() == LIMITS.keys()


@pytest.mark.parametrize("kind", LIMITS)
def test_one_odd_photo_among_ordinary_ones_is_named_and_no_other(kind: str) -> None:
    found = quality_issues([PHOTO] * 20 + [ODD[kind]])
    assert not any(found[:20])
    assert found[20].keys() == {kind}


@pytest.mark.parametrize("kind", LIMITS)
def test_nothing_is_odd_in_a_class_that_is_all_like_that(kind: str) -> None:
    assert not any(quality_issues([ODD[kind]] * 20))
    assert not any(quality_issues([ODD[kind]] * 17 + [PHOTO] * 3))


@pytest.mark.parametrize("kind", LIMITS)
def test_half_a_class_may_be_bad(kind: str) -> None:
    found = quality_issues([PHOTO, ODD[kind]] * 10)
    assert [kind in each for each in found] == [False, True] * 10


def test_what_stands_out_in_an_odd_class_is_named_and_the_worse_the_more() -> None:
    dim = [replace(ODD["blurry"], blur=4 + step / 10) for step in range(10)]
    found = quality_issues([*dim, replace(PHOTO, blur=9.0), replace(PHOTO, blur=10.0)])
    assert not any(found[:10])
    assert 0 < found[10]["blurry"] < found[11]["blurry"]


def test_a_class_of_none_or_one_or_two() -> None:
    assert quality_issues([]) == []
    assert quality_issues([PHOTO]) == [{}]
    assert quality_issues([ODD["text"]]) == [{}]
    assert quality_issues([PHOTO, ODD["dark"]])[1].keys() == {"dark"}


def test_a_class_of_drawn_photos_is_all_right() -> None:
    photos = [draw_image("circle", seed, (400, 300)) for seed in range(12)]
    assert not any(quality_issues([measure_quality(photo, 400, 300) for photo in photos]))
