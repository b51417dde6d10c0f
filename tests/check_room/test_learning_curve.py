from __future__ import annotations

import numpy as np
import pytest

from nocode_classifier.check.learning_curve import (
    CurvePoint,
    LearningCurve,
    learning_curve,
)
from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.accuracy import measure_accuracy


def noisy(photos: int, distance: float, length: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Two classes whose means are so far apart in noise."""
    labels = np.arange(photos) % 2
    values = np.random.default_rng(3).standard_normal((photos, length))
    values[labels == 1, :5] += distance
    return values.astype(np.float32), labels


def curve_of(photos: int, distance: float, right: float) -> LearningCurve:
    features, labels = noisy(photos, distance)
    count = round(right * photos)
    accuracy = measure_accuracy(["a"] * photos, ["a"] * count + ["b"] * (photos - count))
    return learning_curve(features, labels, np.arange(photos), accuracy)


def test_where_more_photos_help_the_curve_rises_and_says_how_far() -> None:
    curve = curve_of(300, 0.8, right=0.83)
    rights = [point.right for point in curve.points]
    assert rights[0] < rights[-1]
    assert curve.worth_more
    twice = curve.twice
    assert 0.83 < twice.right < 0.95
    assert twice.low <= twice.right <= twice.high
    assert "With twice as many photos it would probably be right about" in curve.sentence


def test_where_nothing_is_left_to_gain_it_says_so() -> None:
    curve = curve_of(120, 6.0, right=1.0)
    assert not curve.worth_more
    assert "would hardly help" in curve.sentence


def test_today_is_what_cross_validation_says_whatever_the_draws_say() -> None:
    curve = curve_of(80, 0.8, right=0.6)
    assert curve.now == CurvePoint(80.0, 0.6)
    assert curve.forecast(80).right == pytest.approx(0.6)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("photos", [4, 6, 10])
def test_a_handful_of_photos_has_a_curve_with_a_wide_margin(photos: int) -> None:
    curve = curve_of(photos, 1.0, right=0.5)
    assert 0 <= curve.slope <= 1
    assert curve.slope_error > 0.1
    assert curve.twice.high - curve.twice.low > 0.1


def test_a_scene_is_learnt_from_or_asked_about_and_never_both() -> None:
    """One scene a class: nothing can be left out, so nothing is drawn."""
    features, labels = noisy(40, 1.0)
    accuracy = measure_accuracy(["a"] * 40, ["a"] * 40)
    assert learning_curve(features, labels, labels, accuracy).points == ()


def test_it_comes_back_from_json_as_it_was() -> None:
    curve = curve_of(60, 1.0, right=0.8)
    assert LearningCurve.from_json(curve.to_json()) == curve


def test_stop_is_heard_between_the_draws() -> None:
    features, labels = noisy(40, 1.0)
    accuracy = measure_accuracy(["a"] * 40, ["a"] * 40)
    with pytest.raises(Cancelled):
        learning_curve(features, labels, np.arange(40), accuracy, should_stop=lambda: True)
