from __future__ import annotations

import pytest

from nocode_classifier.check.change import Change, change_between
from nocode_classifier.project.records import HeldOutAnswer


def told(**answers: str) -> list[HeldOutAnswer]:
    """Answers by photo; every photo shows a cat."""
    return [HeldOutAnswer(sha256, "cat", said, 0.9) for sha256, said in answers.items()]


def test_only_photos_that_both_models_were_asked_about_are_compared() -> None:
    change = change_between(
        told(a="cat", b="dog", old="dog"), told(a="dog", b="cat", new="dog", newer="dog")
    )
    assert change == Change(photos=2, before=1, now=1, gained=1, lost=1)


def test_a_photo_that_was_put_right_counts_by_its_class_of_today() -> None:
    before = [HeldOutAnswer("a", "dog", "cat", 0.9)]
    assert change_between(before, told(a="cat")) == Change(1, 1, 1, 0, 0)


@pytest.mark.parametrize("before", [[], told(other="cat")])
def test_without_common_photos_there_is_nothing_to_compare(before: list[HeldOutAnswer]) -> None:
    assert change_between(before, told(a="cat")) is None


@pytest.mark.parametrize(
    ("gained", "lost", "serious"),
    [(0, 0, False), (5, 0, False), (6, 0, True), (0, 6, True), (12, 9, False), (60, 30, True)],
)
def test_a_difference_is_serious_from_six_to_nothing_on(
    gained: int, lost: int, serious: bool
) -> None:
    change = Change(100, 50 + lost, 50 + gained, gained, lost)
    assert change.more_than_chance == serious
    assert ("more than chance" in change.sentence) == serious


def test_better_and_worse_are_said_and_alike_as_well() -> None:
    assert Change(10, 5, 8, 3, 0).sentence.startswith("Better than before, which may be chance")
    assert Change(10, 8, 5, 0, 3).sentence.startswith("Worse than before, which may be chance")
    assert Change(10, 8, 8, 1, 1).sentence.startswith("As good as before")
    assert Change(10, 8, 8, 0, 0).sentence.startswith("No change")
