from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from nocode_classifier.collect.sources import all_sources, default_sources, source_named
from nocode_classifier.collect.sources.api_client import in_words
from nocode_classifier.collect.sources.pages import page_number, place_number
from nocode_classifier.collect.sources.rates import retry_after, used_up
from nocode_classifier.collect.sources.reading import clean_text, web_address, without_tags
from nocode_classifier.collect.sources.source import Query
from nocode_classifier.errors import InputError
from tests.fakes.services import FakeServices

NOW = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)


def test_sources_are_asked_in_a_sensible_order() -> None:
    keys = [source.key for source in all_sources()]
    assert keys == ["duckduckgo", "bing", "openverse", "commons", "inaturalist"]
    assert [source.key for source in default_sources(all_sources())] == keys[:4]
    assert all(source.label and source.about.endswith(".") for source in all_sources())


def test_an_unknown_source_is_refused_with_those_there_are() -> None:
    sources = all_sources()
    assert source_named(sources, " Commons ").label == "Wikimedia Commons"
    with pytest.raises(InputError, match=r"“flickr”.*duckduckgo, bing, openverse, commons"):
        source_named(sources, "flickr")


def test_making_the_sources_imports_no_library_for_searching() -> None:
    code = (
        "import sys; from nocode_classifier.collect.sources import all_sources; all_sources();"
        "print([name for name in ('ddgs', 'primp', 'httpx', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120.0),
        (" 1.5 ", 1.5),
        ("Sun, 22 Nov 2026 08:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0.0),
        ("999999999", 86_400.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_understood_in_seconds_and_as_a_date(
    told: str, seconds: float | None
) -> None:
    assert retry_after({"retry-after": told}, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-ratelimit-remaining": "3"}, []),
        ({"x-ratelimit-remaining": "0"}, [("within", 60.0)]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "17"}, [("until", 17.0)]),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795334490"}, [("until", 90.0)]),
        ({"x-ratelimit-available-day": "0", "x-ratelimit-limit-day": "5/hour"}, [("within", 3600)]),
        ({"x-ratelimit-available-a": "-1", "x-ratelimit-limit-b": "9/day"}, [("within", 60.0)]),
        ({"x-ratelimit-available": "none"}, []),
    ],
)
def test_limits_that_are_used_up_are_noticed(
    headers: dict[str, str], expected: list[tuple[str, float]]
) -> None:
    assert list(used_up(headers, NOW)) == expected


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "a few seconds"), (36, "about 40 seconds"), (600, "10 minutes"), (7_000, "2 hours")],
)
def test_a_while_is_said_in_words(seconds: float, words: str) -> None:
    assert words in in_words(seconds)


@pytest.mark.parametrize("place", [None, "", "x", "-3", "1e9", "٣", "9" * 50])
def test_a_place_that_can_not_be_read_is_the_beginning(place: str | None) -> None:
    assert page_number(place) == 1
    assert place_number(place, 0) == 0


@pytest.mark.parametrize(
    ("value", "address"),
    [
        (" https://a.org/x ", "https://a.org/x"),
        ("//a.org/x", "https://a.org/x"),
        ("http://[::1", None),
        ("https:///x", None),
        ("https://a.org/\ud800", None),
        ("https://a.org/a b", None),
        ("javascript:alert(1)", None),
        ("https://a.org/" + "x" * 5_000, None),
        (None, None),
        (3, None),
    ],
)
def test_only_an_address_on_the_web_is_one(value: object, address: str | None) -> None:
    assert web_address(value) == address


def test_text_is_one_line_that_can_be_stored() -> None:
    assert clean_text(" a\x00b\n\tc\u202e \ud83d d ") == "a b c d"
    assert clean_text("é" * 900) == "é" * 500
    assert clean_text(" \n") is None
    assert clean_text(["a"]) is None


def test_the_text_of_html_is_what_one_reads() -> None:
    markup = "<style>p{}</style><p>A &amp; B<br>C</p><script>x()</script><b>D</b> &lt;i&gt;"
    assert without_tags(markup) == "A & B C D <i>"
    assert without_tags(None) is None


def test_every_source_finds_photos_that_are_really_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeServices(tmp_path) as fakes:
        for source in all_sources(fakes.policy, fakes.services):
            found = source.search(Query("brown bear"), None).found
            assert {each.source for each in found} == {source.key}
            photo = urlopen(found[0].address, timeout=5).read()
            assert photo.startswith(b"\xff\xd8\xff")
        assert len(fakes.photos.fetched) == 5
