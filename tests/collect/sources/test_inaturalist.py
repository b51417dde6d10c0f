from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from nocode_classifier.collect.licences import LicenceChoice, permits
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.inaturalist import INaturalist
from nocode_classifier.collect.sources.source import Found, Page, Query, SourceTrouble
from tests.fakes.inaturalist import FakeINaturalist
from tests.fakes.photos import PhotoHost
from tests.fakes.server import as_json

GRIZZLY = Query("grizzly bear")
SEEN = "/v1/observations"


@pytest.fixture
def fake(photos: PhotoHost) -> Iterator[FakeINaturalist]:
    with FakeINaturalist(photos) as fake:
        yield fake


@pytest.fixture
def inaturalist(fake: FakeINaturalist, policy: RequestPolicy) -> INaturalist:
    return INaturalist(policy, fake.address)


def taxa_asked(fake: FakeINaturalist) -> list[str]:
    return [asked.query["taxon_id"] for asked in fake.asked if asked.path == SEEN]


def test_a_result_carries_all_that_is_known_of_it(
    inaturalist: INaturalist, photos: PhotoHost
) -> None:
    address = photos.address_of("inaturalist", "grizzly bear", 0)
    assert inaturalist.search(GRIZZLY, None).found[0] == Found(
        address=address.replace("/0.jpg", "/0/medium.jpg"),
        source="inaturalist",
        page="https://www.inaturalist.org/observations/5000",
        title="Grizzly Bear (Ursus arctos horribilis)",
        width=500,
        height=375,
        licence="CC BY-NC",
        licence_address=None,
        creator="Watcher No. 0",
    )


def test_pages_follow_each_other_and_the_name_is_looked_up_once(
    inaturalist: INaturalist, fake: FakeINaturalist
) -> None:
    pages: list[Page] = [inaturalist.search(GRIZZLY, None)]
    while pages[-1].next is not None:
        pages.append(inaturalist.search(GRIZZLY, pages[-1].next))
    # Of 230 observations, every twentieth shows only tracks.
    assert [len(page.found) for page in pages] == [95, 95, 29]
    assert [asked.path for asked in fake.asked] == ["/v1/taxa/autocomplete", SEEN, SEEN, SEEN]


@pytest.mark.parametrize(
    ("words", "taxon"),
    [
        ("Bear", "41645"),
        ("bears", "41645"),
        ("URSUS ARCTOS", "41641"),
        ("grizzly bear in the wild", "41655"),
        ("Grizzly-Bear close-up", "41655"),
        ("teddy bear cholla", "125451"),
    ],
)
def test_a_creature_is_found_by_its_whole_name(
    inaturalist: INaturalist, fake: FakeINaturalist, words: str, taxon: str
) -> None:
    assert inaturalist.search(Query(words), None).found
    assert taxa_asked(fake) == [taxon]


@pytest.mark.parametrize("words", ["teddy bear", "hot dog", "black", "bear trap", "", "  "])
def test_words_that_only_sound_like_a_creature_find_nothing(
    inaturalist: INaturalist, fake: FakeINaturalist, words: str
) -> None:
    assert inaturalist.search(Query(words), None) == Page(())
    assert taxa_asked(fake) == []


@pytest.mark.parametrize(
    "choice", [LicenceChoice.REUSE, LicenceChoice.CHANGE, LicenceChoice.COMMERCIAL]
)
def test_every_single_photo_is_judged_by_its_licence(
    inaturalist: INaturalist, fake: FakeINaturalist, choice: LicenceChoice
) -> None:
    page = inaturalist.search(replace(GRIZZLY, licence=choice), None)
    assert page.found
    assert all(permits(each.licence, choice) for each in page.found)
    asked = fake.asked[-1].query["photo_license"].split(",")
    assert ("cc-by-nc" in asked) is (choice is not LicenceChoice.COMMERCIAL)
    assert ("cc-by-nd" in asked) is (choice is not LicenceChoice.CHANGE)


def test_a_photo_without_a_licence_is_not_free(
    inaturalist: INaturalist, fake: FakeINaturalist
) -> None:
    photo = {"url": "https://a.org/photos/1/square.jpeg?1", "license_code": None}
    results = [{"photos": [photo], "user": {"login": "ana"}}]
    fake.change = lambda reply: (
        as_json({"total_results": 1, "results": results}) if len(fake.asked) % 2 == 0 else reply
    )
    page = inaturalist.search(GRIZZLY, None)
    assert page.found[0].licence == "All rights reserved"
    assert page.found[0].address == "https://a.org/photos/1/medium.jpeg?1"
    assert page.found[0].creator == "ana"
    free = INaturalist(RequestPolicy(spacing=0), fake.address)
    page = free.search(replace(GRIZZLY, licence=LicenceChoice.REUSE), None)
    assert (page.found, page.dropped) == ((), 1)


def test_changed_fields_make_values_unknown_and_lose_no_photo(
    inaturalist: INaturalist, fake: FakeINaturalist
) -> None:
    results = [
        {"photos": [{"url": "https://a.org/1.jpg", "attribution": 1}], "annotations": "none"},
        {"photos": "none"},
        {"photos": [{"id": 3}, "x"]},
        7,
    ]
    fake.change = lambda reply: as_json({"results": results, "total_results": "?"})
    found = Found(address="https://a.org/1.jpg", source="inaturalist")
    assert inaturalist.search(GRIZZLY, "41655:1") == Page((found,))


@pytest.mark.parametrize("results", ["none", [], [{"name": "Ursus"}], [{"name": 3, "id": "x"}]])
def test_a_name_look_up_that_answers_oddly_finds_nothing(
    inaturalist: INaturalist, fake: FakeINaturalist, results: object
) -> None:
    fake.change = lambda reply: as_json({"results": results})
    assert inaturalist.search(Query("ursus"), None) == Page(())


def test_no_question_goes_deeper_than_allowed(
    inaturalist: INaturalist, fake: FakeINaturalist
) -> None:
    answer = {"total_results": 50_000, "results": [{"photos": []}]}
    fake.change = lambda reply: as_json(answer)
    assert inaturalist.search(GRIZZLY, "41655:99").next == "41655:100"
    assert inaturalist.search(GRIZZLY, "41655:100").next is None


def test_too_many_questions_are_trouble(inaturalist: INaturalist, fake: FakeINaturalist) -> None:
    fake.block(2)
    with pytest.raises(SourceTrouble, match="iNaturalist"):
        inaturalist.search(GRIZZLY, None)
