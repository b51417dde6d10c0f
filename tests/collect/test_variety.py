from __future__ import annotations

from itertools import groupby

import pytest

from nocode_classifier.collect.variety import (
    ParsedPhrases,
    parse_phrases,
    phrases,
    subject,
    suggestions,
)


def test_suggestions_are_whole_phrases_that_stand_in_groups() -> None:
    offered = suggestions("  grizzly  bear ")
    assert {each.key: each.words for each in offered}["in-snow"] == "grizzly bear in snow"
    assert len({each.key for each in offered}) == len(offered)
    groups = [group for group, _ in groupby(offered, key=lambda each: each.group)]
    assert len(groups) == len(set(groups)) == 5


def test_each_phrase_is_varied_with_each_addition_that_is_switched_on() -> None:
    assert phrases(["bear", " brown  bear ", ""], {"in-snow", "close-up", "on the moon"}) == (
        "bear",
        "brown bear",
        "bear close-up",
        "brown bear close-up",
        "bear in snow",
        "brown bear in snow",
    )


@pytest.mark.parametrize(
    ("own", "switched_on"),
    [
        (("bear",), ()),
        (("bear",), ("close-up", "in-snow")),
        (("bear", "brown bear"), ("at-night",)),
        (("bear in snow",), ("in-snow",)),
        (("bear", "bear in snow"), ("at-night",)),
        ((), ()),
    ],
)
def test_phrases_can_be_taken_apart_again(
    own: tuple[str, ...], switched_on: tuple[str, ...]
) -> None:
    assert parse_phrases(phrases(own, switched_on)) == ParsedPhrases(own, switched_on)


def test_phrases_that_do_not_fit_count_as_written() -> None:
    written = ("bear in snow", "bear", "cub")
    assert parse_phrases(written) == ParsedPhrases(written, ())


@pytest.mark.parametrize(
    ("phrase", "about"),
    [
        ("grizzly bear in the wild", "grizzly bear"),
        ("bird close-up", "bird"),
        ("photos", "photos"),
        ("hot dog", "hot dog"),
        ("indoor plant", "indoor plant"),
    ],
)
def test_the_subject_of_a_phrase_is_what_stands_before_the_circumstances(
    phrase: str, about: str
) -> None:
    assert subject(phrase) == about


def test_every_suggestion_is_about_the_class() -> None:
    assert {subject(each.words) for each in suggestions("polar bear")} == {"polar bear"}
