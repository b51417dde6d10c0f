"""Who won, and whether that may be chance."""

from __future__ import annotations

import numpy as np
import pytest

from nocode_classifier.learn.tuning.model_comparison import ModelComparison


def comparison(only_quick: int, only_tuned: int, both: int = 80) -> ModelComparison:
    """As many photos as only one of them had right, and as both had."""
    labels = np.ones(both + only_quick + only_tuned + 5, np.int64)
    quick, tuned = np.zeros_like(labels), np.zeros_like(labels)
    quick[: both + only_quick] = 1
    tuned[:both] = 1
    tuned[both + only_quick : both + only_quick + only_tuned] = 1
    return ModelComparison.of(labels, quick, tuned)


def test_answers_are_compared_photo_by_photo() -> None:
    found = comparison(3, 11)
    assert (found.photos, found.quick, found.tuned) == (99, 83, 91)
    assert (found.only_quick, found.only_tuned) == (3, 11)
    assert found.adopted
    assert found.sentence == (
        "Training the network paid off: of 99 photos left out in the same way it had 91 right, "
        "without that 83. The trained network is used."
    )


@pytest.mark.parametrize(
    ("only_quick", "only_tuned"), [(0, 0), (5, 0), (0, 4), (4, 6), (6, 4), (2, 8)]
)
def test_the_quick_model_stays_unless_it_is_clearly_beaten(
    only_quick: int, only_tuned: int
) -> None:
    found = comparison(only_quick, only_tuned)
    assert not found.adopted
    assert found.sentence.endswith("It is used as it was.")
    assert ("may be chance" in found.sentence) == (only_tuned > only_quick)


@pytest.mark.parametrize(
    ("only_quick", "only_tuned", "chance"),
    [(0, 0, 1.0), (0, 5, 1 / 32), (1, 1, 3 / 4), (3, 11, 470 / 16384)],
)
def test_chance_is_that_of_a_fair_coin(only_quick: int, only_tuned: int, chance: float) -> None:
    found = comparison(only_quick, only_tuned)
    assert found.chance == pytest.approx(chance)
    assert found.adopted == (chance <= 0.05)


def test_a_contest_goes_into_a_card() -> None:
    told = comparison(0, 5).to_json()
    assert told["adopted"] is True
    assert told["quick"] == {"correct": 80, "photos": 90, "accuracy": 80 / 90}
    assert told["tuned"]["correct"] == 85
