from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from nocode_classifier.collect.download.downloads import Downloads, Fetched, Skipped
from nocode_classifier.collect.download.rules import Patience
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import InputError
from tests.collect.download.conftest import Fetch, skipped
from tests.fakes.web import KIND_ONES, Pages, Web, closed_port, photo, rules


def test_photos_come_as_they_are_each_with_its_key(web: Web, fetch: Fetch) -> None:
    links = [web.link(f"photo/{number}") for number in range(20)]
    outcomes = fetch(links)
    assert [outcomes[link] for link in links] == [
        Fetched(photo(number), link) for number, link in enumerate(links)
    ]


@pytest.mark.parametrize(("page", "where"), KIND_ONES.items())
def test_unusual_ways_to_send_a_photo_are_understood(
    page: str, where: str, web: Web, fetch: Fetch
) -> None:
    link = web.link(page)
    assert fetch([link])[link] == Fetched(
        photo(1), link if page != "moved" else web.link(where.strip("/"))
    )


def test_connections_are_used_again_and_few_at_once_go_to_one_server(
    web: Web, fetch: Fetch
) -> None:
    web.delay = 0.01
    fetch([web.link(f"photo/{number}") for number in range(40)], rules(per_host=3))
    assert web.at_once == 3
    assert web.connections <= 4


def test_a_server_hears_who_asks(web: Web, fetch: Fetch) -> None:
    fetch([web.link("photo/1")], rules(user_agent="someone/1 (me@example.org)"))
    assert web.agents == ["someone/1 (me@example.org)"]
    fetch([web.link("photo/1")])
    assert web.agents[1].startswith("nocode-classifier/")


def test_no_password_in_an_address_is_sent(web: Web, fetch: Fetch) -> None:
    link = web.link("photo/1", host="someone:secret@127.0.0.1")
    assert isinstance(fetch([link])[link], Fetched)
    assert web.hosts == [f"127.0.0.1:{web.port}"]


def test_a_slow_server_does_not_keep_the_others_back(fetch: Fetch) -> None:
    with Web(delay=1.0) as slow, Web() as quick:
        links = [slow.link(f"photo/{number}") for number in range(8)]
        links += [quick.link(f"photo/{number}") for number in range(8)]
        order = list(fetch(links, rules(at_once=8)))
    assert set(order[:8]) == set(links[8:])


def test_redirects_take_their_turn_at_the_server_they_lead_to(fetch: Fetch) -> None:
    with Web(delay=0.05) as target:
        away = {"away": lambda page: page.reply(302, headers={"Location": target.link("photo/2")})}
        with Web(extra=away) as first, Web(extra=away) as second:
            links = [site.link(f"away/{n}") for n in range(5) for site in (first, second)]
            outcomes = fetch(links, rules(per_host=2))
    found = Fetched(photo(2), target.link("photo/2"))
    assert all(outcome == found for outcome in outcomes.values())
    assert target.at_once == 2


def test_what_is_no_address_comes_back_at_once(fetch: Fetch) -> None:
    bad = ["", "photo.jpg", "ftp://example.org/a.jpg", "http://", "http://a b/", "data:image/png,x"]
    bad += ["http://[::1/a.jpg", "http://exa\x00mple.org/", "http://a:99999/", "https://xn--ü.de"]
    outcomes = fetch(bad)
    assert {skipped(outcomes[address]).reason for address in bad} == {Skip.BAD_ADDRESS}


def test_leaving_drops_what_is_not_done_within_a_second(web: Web) -> None:
    with Downloads[int](rules()) as downloads:
        for number in range(50):
            downloads.add(number, web.link("says-nothing"))
        assert downloads.next(0.2) is None
        left = time.monotonic()
    assert time.monotonic() - left < 15
    assert not [each for each in threading.enumerate() if each.name == "downloads"]


def test_what_is_done_can_still_be_taken_after_leaving(web: Web) -> None:
    links = [web.link(f"photo/{number}") for number in range(4)]
    with Downloads[str](rules()) as downloads:
        for link in [*links, web.link("says-nothing")]:
            downloads.add(link, link)
        first = downloads.next(10)
        assert first is not None
        end = time.monotonic() + 30
        while downloads._done.qsize() < len(links) - 1:
            assert time.monotonic() < end
            time.sleep(0.05)
    taken = [first, *iter(lambda: downloads.next(0), None)]
    assert {link for link, _ in taken} == set(links)
    assert downloads.pending == 1


def test_next_does_not_wait_where_nothing_is_left(web: Web) -> None:
    with Downloads[int](rules()) as downloads:
        assert downloads.next() is None
        downloads.add(1, web.link("photo/1"))
        assert downloads.pending == 1
        assert downloads.next() is not None
        assert downloads.next() is None


def test_nothing_can_be_added_outside_of_the_block() -> None:
    with pytest.raises(RuntimeError, match="`with` block"):
        Downloads[int](rules()).add(1, "http://example.org/")


def test_a_mistake_of_ours_still_gives_the_key_back(
    web: Web, fetch: Fetch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(address: object) -> bool:
        raise KeyError

    link = web.link("photo/1")
    outcome = fetch([link], rules(may_connect=broken))[link]
    assert isinstance(outcome, Skipped)
    assert outcome.reason is Skip.UNREACHABLE
    assert "Fetching" in caplog.text


def test_a_contact_that_no_one_can_use_is_said_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NOCODE_CLASSIFIER_CONTACT", "me")
    with pytest.raises(InputError, match="contact"), Downloads[int](rules()):
        pytest.fail("it was opened")
    assert not [each for each in threading.enumerate() if each.name == "downloads"]


def test_leaving_while_a_connection_is_secured_closes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(30)
        with Downloads[int](rules()) as downloads:
            downloads.add(1, f"https://127.0.0.1:{deaf.getsockname()[1]}/")
            connection, _ = deaf.accept()
            connection.settimeout(30)
            assert connection.recv(1)
        with connection:
            while connection.recv(4096):
                pass


def test_a_connection_that_was_closed_meanwhile_is_made_anew(fetch: Fetch) -> None:
    def once(page: Any) -> None:
        if getattr(page, "served", False):
            page.close_connection = True
        else:
            page.served = True
            page.reply(200, photo(1))

    with Web(extra={"once": once}) as web:
        links = [web.link(f"once/{number}") for number in range(5)]
        outcomes = fetch(links, rules(per_host=1))
    assert all(isinstance(outcome, Fetched) for outcome in outcomes.values())


# Servers that are busy or down


def test_a_busy_server_is_given_the_time_it_asks_for(fetch: Fetch) -> None:
    times: list[float] = []

    def busy_first(page: Pages) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            page.reply(503, headers={"Retry-After": "1"})
        else:
            page.reply(200, photo(1))

    with Web(extra={"busy": busy_first}) as web:
        links = [web.link(f"busy/{number}") for number in range(3)]
        outcomes = fetch(links, rules(per_host=1))
    assert all(isinstance(outcome, Fetched) for outcome in outcomes.values())
    assert times[1] - times[0] >= 1


@pytest.mark.slow
def test_one_address_that_is_always_busy_does_not_cost_the_others(web: Web, fetch: Fetch) -> None:
    good = [web.link(f"photo/{number}") for number in range(30)]
    busy = [web.link(f"too-many/3600?{number}") for number in range(6)]
    mixed = [link for pair in zip(good[:6], busy, strict=True) for link in pair] + good[6:]
    outcomes = fetch(mixed)
    assert all(isinstance(outcomes[link], Fetched) for link in good)
    assert {skipped(outcomes[link]).reason for link in busy} == {Skip.BUSY}
    assert {skipped(outcomes[link]).retry_after for link in busy} == {3600}


@pytest.mark.slow
def test_a_server_that_is_always_busy_is_left_alone(web: Web, fetch: Fetch) -> None:
    links = [web.link(f"too-many/40?{number}") for number in range(100)]
    outcomes = fetch(links, rules(patience=Patience(rest=1)))
    refused = [skipped(outcome) for outcome in outcomes.values()]
    assert {outcome.reason for outcome in refused} == {Skip.BUSY}
    assert all(outcome.temporary and outcome.retry_after for outcome in refused)
    assert len(web.asked) <= 12


def test_a_dead_server_is_given_up_and_the_others_are_not(web: Web, fetch: Fetch) -> None:
    with closed_port() as port:
        dead = [f"http://127.0.0.1:{port}/{number}" for number in range(50)]
        good = [web.link(f"photo/{number}") for number in range(10)]
        outcomes = fetch([*dead, *good])
    refused = [skipped(outcomes[link]) for link in dead]
    assert {outcome.reason for outcome in refused} == {Skip.UNREACHABLE}
    assert all(outcome.temporary for outcome in refused)
    assert sum("left alone" in outcome.detail for outcome in refused) >= 40
    assert all(isinstance(outcomes[link], Fetched) for link in good)


# Memory


def test_what_is_not_taken_stops_the_fetching(web: Web) -> None:
    web.size = 100_000
    with Downloads[int](rules(memory=1_000_000)) as downloads:
        for number in range(60):
            downloads.add(number, web.link(f"photo/{number % 5}"))
        end = time.monotonic() + 30
        while downloads._done.qsize() < 5:
            assert time.monotonic() < end
            time.sleep(0.05)
        for taken in range(60):
            assert len(web.asked) - taken <= 30
            done = downloads.next(10)
            assert done is not None
            assert isinstance(done[1], Fetched)
    assert len(web.asked) == 60
