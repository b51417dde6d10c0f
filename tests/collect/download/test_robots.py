from __future__ import annotations

import pytest

from nocode_classifier.collect.download.robots import forbids_ai


@pytest.mark.parametrize(
    "lines",
    [
        ["noai"],
        ["NoAI, noindex"],
        ["noindex,noimageai"],
        ["noindex", "noai"],
        ["*: noai"],
        ["nocode-classifier: noai"],
        ["Nocode-Classifier : nofollow, noimageai"],
        ["otherbot: nofollow, nocode-classifier: noai"],
        ["max-snippet: 20, noai"],
        ["unavailable_after: 25 Jun 2030 15:00:00 PST, noai"],
    ],
)
def test_it_is_heard_when_it_is_meant_for_everyone_or_for_us(lines: list[str]) -> None:
    assert forbids_ai(lines)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["noindex, nofollow"],
        ["otherbot: noai"],
        ["otherbot: noindex, noai"],
        ["nocode-classifier: nofollow, otherbot: noai"],
        ["noai-please"],
        ["max-image-preview: none"],
    ],
)
def test_other_wishes_and_those_for_others_are_none_of_ours(lines: list[str]) -> None:
    assert not forbids_ai(lines)
