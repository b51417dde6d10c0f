from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from nocode_classifier.collect.licences import LicenceChoice
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.commons import Commons
from nocode_classifier.collect.sources.source import Found, Page, Query, SourceTrouble
from tests.fakes.commons import FakeCommons
from tests.fakes.photos import PhotoHost
from tests.fakes.server import Asked, Reply, as_json, half_of

BEARS = Query("brown bear")


@pytest.fixture
def fake(photos: PhotoHost) -> Iterator[FakeCommons]:
    with FakeCommons(photos) as fake:
        yield fake


@pytest.fixture
def commons(fake: FakeCommons, policy: RequestPolicy) -> Commons:
    return Commons(policy, fake.address)


def test_a_result_carries_all_that_is_known_of_it(commons: Commons, photos: PhotoHost) -> None:
    assert commons.search(BEARS, None).found[0] == Found(
        address=photos.address_of("commons", "brown bear", 0),
        source="commons",
        page="https://commons.wikimedia.org/wiki/File:0.jpg",
        title="Brown bear 0",
        width=960,
        height=720,
        licence="CC BY-SA 4.0",
        licence_address="https://creativecommons.org/licenses/by-sa/4.0",
        creator="Maker 0 & friends",
    )


def test_results_are_in_the_order_of_the_search_and_without_drawings(commons: Commons) -> None:
    titles = [each.title for each in commons.search(BEARS, None).found]
    assert titles == [f"Brown bear {number}" for number in range(50) if number % 10 != 9]


def test_pages_follow_each_other_to_the_end(commons: Commons, fake: FakeCommons) -> None:
    pages: list[Page] = [commons.search(BEARS, None)]
    while pages[-1].next is not None:
        pages.append(commons.search(BEARS, pages[-1].next))
    assert [len(page.found) for page in pages] == [45, 45, 18]
    assert [asked.query["gsroffset"] for asked in fake.asked] == ["0", "50", "100"]


def test_the_older_form_of_answers_is_understood_as_well(
    commons: Commons, fake: FakeCommons, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Asked] = []

    def in_the_older_form(question: Asked) -> Reply:
        asked.append(question)
        return fake_answer(replace(question, query={**question.query, "formatversion": "1"}))

    fake_answer, new = fake.answer, commons.search(BEARS, None)
    monkeypatch.setattr(fake, "answer", in_the_older_form)
    assert commons.search(BEARS, None) == new
    assert asked


def test_no_hits_are_an_empty_page(commons: Commons) -> None:
    assert commons.search(Query("nothing"), None) == Page(())


def test_photos_are_asked_for_in_a_size_that_is_kept_ready(
    commons: Commons, fake: FakeCommons
) -> None:
    commons.search(BEARS, None)
    query = fake.asked[0].query
    assert (query["iiurlwidth"], query["gsrlimit"], query["gsrnamespace"]) == ("960", "50", "6")
    assert query["gsrsearch"] == "filetype:bitmap brown bear"


@pytest.mark.parametrize(
    ("licence", "kept"), [("CC BY-NC 4.0", 0), (None, 0), ("GFDL", 1), ("Public domain", 1)]
)
def test_a_licence_choice_drops_what_it_does_not_cover(
    commons: Commons, fake: FakeCommons, licence: str | None, kept: int
) -> None:
    facts = {"LicenseShortName": {"value": licence}}
    info = {"url": "https://a.org/1.jpg", "mime": "image/jpeg", "extmetadata": facts}
    fake.change = lambda reply: as_json({"query": {"pages": [{"imageinfo": [info]}]}})
    page = commons.search(replace(BEARS, licence=LicenceChoice.COMMERCIAL), None)
    assert (len(page.found), page.dropped) == (kept, 1 - kept)


def test_changed_fields_make_values_unknown_and_lose_no_photo(
    commons: Commons, fake: FakeCommons
) -> None:
    info = dict[str, object](url="https://a.org/1.jpg", extmetadata=[], mime=None, width="wide")
    pages = [{"title": 3, "imageinfo": [info], "index": "first"}, {"imageinfo": {}}, 5, {}]
    answer = {"query": {"pages": pages}, "continue": {"gsroffset": "soon"}}
    fake.change = lambda reply: as_json(answer)
    found = Found(address="https://a.org/1.jpg", source="commons")
    assert commons.search(BEARS, None) == Page((found,))


def test_a_place_that_does_not_move_on_ends_the_search(commons: Commons, fake: FakeCommons) -> None:
    fake.change = lambda reply: as_json({"continue": {"gsroffset": 50}, "query": {"pages": []}})
    assert commons.search(BEARS, "50").next is None


@pytest.mark.parametrize(
    ("code", "words", "again"),
    [("ratelimited", "too busy", True), ("badvalue", "can't search", False)],
)
def test_an_error_that_looks_like_an_answer_is_trouble(
    commons: Commons, fake: FakeCommons, code: str, words: str, again: bool
) -> None:
    fake.change = lambda reply: as_json({"error": {"code": code, "info": "…", "docref": "…"}})
    with pytest.raises(SourceTrouble, match=f"{words}.*{code}") as trouble:
        commons.search(BEARS, None)
    assert (trouble.value.retry_after is not None) is again


def test_an_answer_that_breaks_off_is_asked_for_again(commons: Commons, fake: FakeCommons) -> None:
    whole = commons.search(BEARS, None)
    fake.change = lambda reply: half_of(reply) if len(fake.asked) == 2 else reply
    assert commons.search(BEARS, None) == whole
    assert len(fake.asked) == 3
