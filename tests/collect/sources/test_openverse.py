from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nocode_classifier.collect.licences import LicenceChoice, permits
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.openverse import Openverse
from nocode_classifier.collect.sources.source import Found, Query, SourceTrouble
from tests.fakes.openverse import FakeOpenverse
from tests.fakes.photos import PhotoHost
from tests.fakes.server import Reply, as_json, too_many

BEARS = Query("brown bear")


@pytest.fixture
def fake(photos: PhotoHost) -> Iterator[FakeOpenverse]:
    with FakeOpenverse(photos) as fake:
        yield fake


@pytest.fixture
def openverse(fake: FakeOpenverse, policy: RequestPolicy) -> Openverse:
    return Openverse(policy, fake.address)


def everything(openverse: Openverse, query: Query) -> list[Found]:
    found, place = list[Found](), None
    while True:
        page = openverse.search(query, place)
        found += page.found
        if (place := page.next) is None:
            return found


def test_a_result_carries_all_that_is_known_of_it(openverse: Openverse, photos: PhotoHost) -> None:
    assert openverse.search(BEARS, None).found[1] == Found(
        address=photos.address_of("openverse", "brown bear", 1),
        source="openverse",
        page="https://www.flickr.com/photos/someone/1",
        title="Brown bear 1",
        width=320,
        height=240,
        licence="CC BY-SA 2.0",
        licence_address="https://creativecommons.org/licenses/by-sa/2.0/",
        creator="Maker 1",
    )


def test_pages_follow_each_other_to_the_end(openverse: Openverse, fake: FakeOpenverse) -> None:
    found = everything(openverse, BEARS)
    assert len({each.address for each in found}) == 45
    assert [asked.query["page"] for asked in fake.asked] == ["1", "2", "3"]


def test_an_anonymous_visitor_asks_for_twenty_and_says_who_asks(
    openverse: Openverse, fake: FakeOpenverse
) -> None:
    openverse.search(BEARS, None)
    assert fake.asked[0].query["page_size"] == "20"
    assert "(tests@example.org) httpx/" in fake.asked[0].headers["user-agent"]


@pytest.mark.parametrize("choice", LicenceChoice)
def test_only_what_the_licence_choice_permits_is_found(
    openverse: Openverse, choice: LicenceChoice
) -> None:
    found = everything(openverse, replace(BEARS, licence=choice))
    assert found
    assert all(permits(each.licence, choice) for each in found)


def test_results_that_the_service_should_have_left_out_are_dropped_and_counted(
    openverse: Openverse, fake: FakeOpenverse
) -> None:
    def ignoring_the_filter(reply: Reply) -> Reply:
        results = [{"url": "http://a.org/1.jpg", "license": "by-nc"}, {"url": "http://a.org/2.jpg"}]
        return as_json({"page_count": 1, "results": results})

    fake.change = ignoring_the_filter
    page = openverse.search(replace(BEARS, licence=LicenceChoice.COMMERCIAL), None)
    assert (page.found, page.dropped) == ((), 2)


def test_nothing_found_is_an_empty_page_and_no_trouble(openverse: Openverse) -> None:
    page = openverse.search(Query("nothing"), None)
    assert (page.found, page.next) == ((), None)


def test_an_empty_page_before_the_last_ends_the_search(
    openverse: Openverse, fake: FakeOpenverse
) -> None:
    fake.change = lambda reply: as_json({"page_count": 9, "results": []})
    assert openverse.search(BEARS, "4").next is None


def test_changed_fields_make_values_unknown_and_lose_no_photo(
    openverse: Openverse, fake: FakeOpenverse
) -> None:
    odd = {
        "url": "//cdn.example.org/1.jpg",
        "width": "1024",
        "height": -3,
        "title": ["a", "list"],
        "creator": None,
        "license": 7,
        "foreign_landing_url": "javascript:alert(1)",
        "filetype": {},
    }
    results = [odd, {"no": "address"}, "text", None, {"url": "ftp://example.org/2.jpg"}]
    fake.change = lambda reply: as_json({"results": results, "page_count": "many"})
    page = openverse.search(BEARS, None)
    address = "https://cdn.example.org/1.jpg"
    assert page.found == (Found(address=address, source="openverse", width=1024),)
    assert page.next is None


def test_drawings_and_vector_files_are_left_out(openverse: Openverse, fake: FakeOpenverse) -> None:
    results = [
        {"url": "http://a.org/1.jpg", "category": "illustration"},
        {"url": "http://a.org/2.svg", "filetype": "svg"},
        {"url": "http://a.org/3.jpg", "mature": True},
        {"url": "http://a.org/4.jpg", "category": "photograph"},
    ]
    fake.change = lambda reply: as_json({"page_count": 1, "results": results})
    assert [each.address[-5:] for each in openverse.search(BEARS, None).found] == ["4.jpg"]
    drawings_too = openverse.search(replace(BEARS, photos_only=False), None)
    assert [each.address[-5:] for each in drawings_too.found] == ["1.jpg", "4.jpg"]


def test_too_many_questions_are_trouble_that_says_when_to_come_back(
    openverse: Openverse, fake: FakeOpenverse
) -> None:
    fake.block(1)
    with pytest.raises(SourceTrouble, match=r"Openverse .* in about 40 seconds") as trouble:
        openverse.search(BEARS, None)
    assert trouble.value.retry_after == pytest.approx(36, abs=1)
    with pytest.raises(SourceTrouble, match="takes no more questions"):
        openverse.search(BEARS, None)
    assert len(fake.asked) == 1


def test_a_limit_that_is_used_up_is_heeded_before_the_service_has_to_refuse(
    photos: PhotoHost, policy: RequestPolicy
) -> None:
    with FakeOpenverse(photos, burst=2) as fake:
        openverse = Openverse(policy, fake.address)
        openverse.search(BEARS, None)
        openverse.search(BEARS, "2")
        with pytest.raises(SourceTrouble, match="in about 60 seconds") as trouble:
            openverse.search(BEARS, "3")
    assert len(fake.asked) == 2
    assert trouble.value.retry_after == pytest.approx(60, abs=2)


def test_a_short_wait_is_waited_and_the_question_asked_again(
    openverse: Openverse, fake: FakeOpenverse
) -> None:
    fake.block(1, last=1, refusal=too_many(0))
    assert len(openverse.search(BEARS, None).found) == 20


def test_a_page_that_is_no_longer_known_is_said_in_words(
    openverse: Openverse, fake: FakeOpenverse
) -> None:
    fake.change = lambda reply: Reply(400, json.dumps({"error": "InputError"}).encode())
    with pytest.raises(SourceTrouble, match="HTTP 400") as trouble:
        openverse.search(BEARS, None)
    assert trouble.value.retry_after is None
