from __future__ import annotations

import pytest

from nocode_classifier.learn.accuracy import count_confusion, measure_accuracy, wilson_interval


@pytest.mark.parametrize(
    ("right", "photos", "low", "high"),
    [
        (20, 20, 0.839, 1.0),
        (18, 20, 0.699, 0.972),
        (0, 20, 0.0, 0.161),
        (1, 1, 0.207, 1.0),
        (81, 263, 0.255, 0.366),  # Newcombe, Statistics in Medicine 17, 1998
        (15, 148, 0.062, 0.161),  # the same
    ],
)
def test_intervals_are_those_in_the_literature(
    right: int, photos: int, low: float, high: float
) -> None:
    assert wilson_interval(right / photos, photos) == pytest.approx((low, high), abs=6e-4)


def test_an_interval_never_leaves_out_the_share_it_is_about() -> None:
    for photos in (*range(1, 60), 997, 100_000):
        for right in range(0, photos + 1, max(1, photos // 50)):
            low, high = wilson_interval(right / photos, photos)
            assert 0 <= low <= right / photos <= high <= 1
            assert high > low


def test_near_copies_make_the_interval_wider_and_leave_the_share() -> None:
    true, predicted = ["a"] * 40, ["a"] * 36 + ["b"] * 4
    plain, grouped = (measure_accuracy(true, predicted, count) for count in (None, 20))
    assert (plain.correct, plain.photos, plain.independent) == (36, 40, 40)
    assert (grouped.value, grouped.photos, grouped.independent) == (0.9, 40, 20)
    assert (grouped.low, grouped.high) == pytest.approx((0.699, 0.972), abs=6e-4)
    assert grouped.low < plain.low < plain.high < grouped.high


def test_there_is_no_accuracy_of_no_photos() -> None:
    with pytest.raises(ValueError, match="no photos"):
        measure_accuracy([], [])


def test_confusion_counts_every_answer_also_those_never_given() -> None:
    table = count_confusion(["a", "a", "b"], ["a", "b", "b"], ["a", "b", "c"])
    assert table == {
        "a": {"a": 1, "b": 1, "c": 0},
        "b": {"a": 0, "b": 1, "c": 0},
        "c": {"a": 0, "b": 0, "c": 0},
    }
