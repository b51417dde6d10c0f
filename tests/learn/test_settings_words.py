"""The settings of a training in words."""

from __future__ import annotations

from nocode_classifier.learn.settings_words import settings_words


def test_settings_that_are_not_known_any_more_are_told_as_far_as_possible() -> None:
    assert settings_words({"mode": "quick", "backbone": "alexnet", "epochs": 9}) == "alexnet"
    assert settings_words({}) == ""
