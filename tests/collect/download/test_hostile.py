from __future__ import annotations

import time

import pytest

from nocode_classifier.collect.download.downloads import Fetched, Skipped
from nocode_classifier.collect.download.link import fetch_photo
from nocode_classifier.collect.download.rules import Patience, WebRules
from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import AppError, PhotoRefused
from tests.collect.download.conftest import Fetch, skipped
from tests.fakes.web import HOSTILE, NO_PROXIES, Web, at_home, photo, rules

QUICK = Patience(connect=2, answer=2, span=0.5, rest=1)

AT_THE_DOOR = {"longer-than-told", "pixel"}
"""What comes whole, as far as a download can see."""


def impatient() -> WebRules:
    return rules(patience=QUICK, seconds=5)


@pytest.mark.parametrize("page", sorted(HOSTILE))
def test_each_bad_page_is_left_out_for_its_own_reason(page: str, web: Web, fetch: Fetch) -> None:
    outcome = fetch([web.link(page)], impatient())[web.link(page)]
    if page in AT_THE_DOOR:
        assert isinstance(outcome, Fetched)
        with pytest.raises(PhotoRefused):
            check_photo(outcome.data, page)
        return
    assert isinstance(outcome, Skipped)
    assert outcome.reason is HOSTILE[page]
    assert " " in outcome.detail


@pytest.mark.parametrize("page", sorted(set(HOSTILE) - AT_THE_DOOR - {"no-ai"}))
def test_a_single_link_is_refused_in_words(page: str, web: Web) -> None:
    began = time.monotonic()
    with pytest.raises(AppError, match=r"\w \w"):
        fetch_photo(web.link(page), seconds=1.5, may_connect=at_home, proxies=NO_PROXIES)
    assert time.monotonic() - began < 15


def test_good_photos_among_all_the_bad_ones_are_kept(web: Web, fetch: Fetch) -> None:
    for number in range(60):
        photo(number)
    good = [web.link(f"photo/{number}") for number in range(60)]
    bad = [web.link(page) for page in HOSTILE]
    mixed = [link for pair in zip(good, bad, strict=False) for link in pair] + good[len(bad) :]
    outcomes = fetch(mixed, rules(patience=Patience(connect=2, answer=2, span=1, rest=1)))
    assert all(isinstance(outcomes[link], Fetched) for link in good)
    reasons = {page: outcomes[web.link(page)] for page in HOSTILE if page not in AT_THE_DOOR}
    assert {page: skipped(told).reason for page, told in reasons.items()} == {
        page: HOSTILE[page] for page in reasons
    }


def test_only_what_may_pass_is_worth_another_try(web: Web, fetch: Fetch) -> None:
    pages = [page for page in HOSTILE if page not in AT_THE_DOOR]
    outcomes = fetch([web.link(page) for page in pages], impatient())
    again = {page for page in pages if skipped(outcomes[web.link(page)]).temporary}
    assert again == {
        *("drips", "slow-headers", "says-nothing", "stalls", "cut-off", "too-many", "server-error"),
        *("resets", "hangs-up"),
    }


def test_who_does_not_respect_the_wish_about_ai_gets_the_photo(web: Web, fetch: Fetch) -> None:
    link = web.link("no-ai")
    assert isinstance(fetch([link], rules(respect_noai=False))[link], Fetched)


@pytest.mark.slow
def test_a_server_that_drips_is_given_up_after_a_few_seconds(web: Web, fetch: Fetch) -> None:
    began = time.monotonic()
    outcome = fetch([web.link("drips")])[web.link("drips")]
    assert skipped(outcome).reason is Skip.TOO_SLOW
    assert 3 < time.monotonic() - began < 30
