"""DuckDuckGo and Bing through the library as it is, over TLS and a proxy."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nocode_classifier.collect.licences import LicenceChoice, permits
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.bing import Bing
from nocode_classifier.collect.sources.duckduckgo import DuckDuckGo
from nocode_classifier.collect.sources.source import Found, Query, Source, SourceTrouble
from nocode_classifier.collect.sources.web_search import proxy_for
from nocode_classifier.errors import Cancelled
from tests.fakes.duckduckgo import FakeWebSearch
from tests.fakes.photos import PhotoHost
from tests.fakes.server import Reply, as_json, half_of, page, too_many

BEARS = Query("brown bear")


@pytest.fixture
def fake(photos: PhotoHost, tmp_path: Path) -> Iterator[FakeWebSearch]:
    with FakeWebSearch(photos, tmp_path) as fake:
        yield fake


@pytest.fixture
def through(fake: FakeWebSearch, policy: RequestPolicy) -> RequestPolicy:
    return replace(policy, proxy=fake.proxy, certificates=fake.certificates)


@pytest.fixture
def duckduckgo(through: RequestPolicy) -> DuckDuckGo:
    return DuckDuckGo(through)


@pytest.fixture
def bing(through: RequestPolicy) -> Bing:
    return Bing(through)


def sizes(source: Source, query: Query) -> list[int]:
    """How many photos each page gave."""
    counts, place = [], None
    while True:
        result = source.search(query, place)
        counts.append(len(result.found))
        if (place := result.next) is None:
            return counts


def test_duckduckgo_finds_photos_with_their_pages(
    duckduckgo: DuckDuckGo, fake: FakeWebSearch, photos: PhotoHost
) -> None:
    assert duckduckgo.search(BEARS, None).found[7] == Found(
        address=photos.address_of("duckduckgo", "brown bear", 7).replace("%20", "+"),
        source="duckduckgo",
        page="https://example.org/page/7",
        title="Brown bear no. 7",
        width=320,
        height=240,
    )
    assert fake.hosts == ["duckduckgo.com:443"]


def test_duckduckgo_is_asked_page_by_page_to_the_end(
    duckduckgo: DuckDuckGo, fake: FakeWebSearch
) -> None:
    assert sizes(duckduckgo, BEARS) == [100, 100, 50, 0]
    pages = [asked.query for asked in fake.asked if asked.path == "/i.js"]
    assert [query.get("s") for query in pages] == [None, "100", "200", "300"]
    assert {query["p"] for query in pages} == {"1"}


def test_photos_only_and_the_licence_choice_are_passed_on(
    duckduckgo: DuckDuckGo, fake: FakeWebSearch
) -> None:
    query = replace(BEARS, licence=LicenceChoice.COMMERCIAL)
    found = duckduckgo.search(query, None).found
    assert fake.asked[-1].query["f"] == ",,,type:photo,,license:ShareCommercially"
    assert all(permits(each.licence, LicenceChoice.COMMERCIAL) for each in found)
    assert not any(permits(each.licence, LicenceChoice.CHANGE) for each in found)
    duckduckgo.search(replace(BEARS, photos_only=False), None)
    assert "f" not in fake.asked[-1].query


def test_bing_finds_photos_also_where_it_does_not_say_how_big_they_are(
    bing: Bing, photos: PhotoHost
) -> None:
    found = bing.search(BEARS, None).found
    assert [(each.width, each.height) for each in found[:2]] == [(None, None), (320, 240)]
    assert found[0].page == "https://example.com/page/0"
    assert found[0].title == "Brown bear 0"
    assert found[0].licence is None


def test_bing_is_asked_page_by_page(bing: Bing, fake: FakeWebSearch) -> None:
    assert sizes(bing, BEARS) == [35] * 7 + [5, 0]
    assert [asked.query["first"] for asked in fake.asked[:3]] == ["1", "36", "71"]


def test_bing_says_that_it_can_not_tell_licences(bing: Bing, fake: FakeWebSearch) -> None:
    with pytest.raises(SourceTrouble, match="licence") as trouble:
        bing.search(replace(BEARS, licence=LicenceChoice.REUSE), None)
    assert trouble.value.retry_after is None
    assert not fake.asked


@pytest.mark.parametrize("status", [202, 403, 418, 429, 500])
@pytest.mark.parametrize("engine", [DuckDuckGo, Bing])
def test_a_blocked_search_looks_like_nothing_and_both_are_said(
    engine: type[DuckDuckGo | Bing], through: RequestPolicy, fake: FakeWebSearch, status: int
) -> None:
    # DuckDuckGo gives out the key and then blocks the search itself.
    fake.block(2 if engine is DuckDuckGo else 1, refusal=page("go away", status))
    with pytest.raises(SourceTrouble, match="perhaps it blocks this computer") as trouble:
        engine(through).search(BEARS, None)
    assert trouble.value.retry_after is not None


def test_really_nothing_is_said_in_the_same_way(duckduckgo: DuckDuckGo) -> None:
    with pytest.raises(SourceTrouble, match="perhaps there is nothing for these words"):
        duckduckgo.search(Query("nothing"), None)


def test_a_search_that_is_blocked_from_its_second_page_on_goes_on_there_later(
    duckduckgo: DuckDuckGo, fake: FakeWebSearch
) -> None:
    fake.block(3)
    first = duckduckgo.search(BEARS, None)
    assert len(first.found) == 100
    with pytest.raises(SourceTrouble, match="DuckDuckGo"):
        duckduckgo.search(BEARS, first.next)
    fake.unblock()
    assert len(duckduckgo.search(BEARS, first.next).found) == 100


def test_an_empty_later_page_is_the_end(duckduckgo: DuckDuckGo, fake: FakeWebSearch) -> None:
    fake.block(2)
    page = duckduckgo.search(BEARS, "2")
    assert (page.found, page.next) == ((), None)


@pytest.mark.parametrize(
    "spoilt",
    [
        page("<html>no key here</html>"),
        as_json({"results": [{"title": None, "image": "https://a.org/1.jpg"}]}),
        as_json({"results": "many"}),
        Reply(body=b'{"results": [{"ti'),
        half_of(as_json({"results": []})),
        too_many(),
    ],
)
def test_an_answer_that_has_changed_is_trouble_and_no_crash(
    duckduckgo: DuckDuckGo, fake: FakeWebSearch, spoilt: Reply
) -> None:
    fake.block(2, refusal=spoilt)
    with pytest.raises(SourceTrouble, match=r"^DuckDuckGo .*own\.$"):
        duckduckgo.search(BEARS, None)
    fake.block(1, refusal=spoilt)
    with pytest.raises(SourceTrouble, match=r"^DuckDuckGo .*own\.$"):
        duckduckgo.search(BEARS, None)


def test_results_without_some_fields_are_kept(duckduckgo: DuckDuckGo, fake: FakeWebSearch) -> None:
    results = [
        {"title": "A", "image": 'https://a.org/a b%20ö".jpg'},
        {"title": "B", "image": "data:image/png;base64,AAAA"},
        {"title": "C"},
    ]
    fake.block(2, refusal=as_json({"results": results}))
    address = "https://a.org/a+b+%C3%B6%22.jpg"
    assert duckduckgo.search(BEARS, None).found == (
        Found(address=address, source="duckduckgo", title="A"),
    )


def test_a_search_engine_that_hangs_is_given_up(
    fake: FakeWebSearch, through: RequestPolicy
) -> None:
    fake.block(1, refusal=Reply(delay=4.0))
    with pytest.raises(SourceTrouble, match="takes too long"):
        DuckDuckGo(replace(through, seconds=2)).search(BEARS, None)


def test_stop_does_not_wait_for_the_library(duckduckgo: DuckDuckGo, fake: FakeWebSearch) -> None:
    fake.block(1, refusal=Reply(delay=30.0))
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        duckduckgo.search(BEARS, None, should_stop=stop.is_set)
    assert time.monotonic() - begun < 15


def test_a_server_with_another_certificate_is_not_believed(
    fake: FakeWebSearch, through: RequestPolicy
) -> None:
    with pytest.raises(SourceTrouble, match="can't be reached"):
        DuckDuckGo(replace(through, certificates=None)).search(BEARS, None)
    assert not fake.asked


def test_a_proxy_that_is_not_there_is_trouble(through: RequestPolicy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(SourceTrouble, match="can't be reached"):
        DuckDuckGo(replace(through, proxy=gone)).search(BEARS, None)


def test_a_proxy_that_makes_no_sense_is_said_in_words(through: RequestPolicy) -> None:
    with pytest.raises(SourceTrouble, match="proxy") as trouble:
        Bing(replace(through, proxy="gopher://me:secret@proxy")).search(BEARS, None)
    assert "secret" not in str(trouble.value)


def test_the_proxy_of_the_environment_is_used(
    fake: FakeWebSearch, through: RequestPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", fake.proxy)
    source = DuckDuckGo(replace(through, proxy=None))
    assert source.search(BEARS, None).found
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example.org:3128")
    assert proxy_for("duckduckgo.com") == "http://proxy.example.org:3128"
    monkeypatch.setenv("NO_PROXY", "duckduckgo.com")
    assert proxy_for("duckduckgo.com") is None
    monkeypatch.delenv("HTTPS_PROXY")
    assert proxy_for("www.bing.com") is None


def test_what_is_found_is_really_there(duckduckgo: DuckDuckGo) -> None:
    import httpx

    address = duckduckgo.search(Query("stripes"), None).found[3].address
    photo = httpx.get(address, trust_env=False)
    assert photo.headers["content-type"] == "image/jpeg"
    assert photo.content.startswith(b"\xff\xd8")
