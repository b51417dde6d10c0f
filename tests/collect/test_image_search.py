"""The search for photos: real sources and downloads, from local servers into a real project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw

from nocode_classifier.collect.download.rules import WebRules
from nocode_classifier.collect.search import Finder, SearchPlan, fetch_links, find_photos
from nocode_classifier.collect.search.judging import PLACES_OF_A_PLACEHOLDER
from nocode_classifier.collect.search.reports import ClassSearch
from nocode_classifier.collect.skips import Skip
from nocode_classifier.collect.sources import Services, all_sources
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.links import read_links
from nocode_classifier.collect.sources.source import SourceTrouble
from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.progress import Progress
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import PhotoState
from nocode_classifier.project.tables.search_settings import SearchSettings
from tests.collect.scenes import scene
from tests.fakes.commons import FakeCommons
from tests.fakes.listed import ListedSource
from tests.fakes.openverse import FakeOpenverse
from tests.fakes.photos import PhotoHost
from tests.fakes.server import page

RULES = WebRules(may_connect=lambda address: True)


def scenes(words: str, number: int) -> bytes:
    return scene(f"{words} {number}")


@pytest.fixture
def host() -> Iterator[PhotoHost]:
    with PhotoHost(scenes) as photos:
        yield photos


@pytest.fixture
def slow_host() -> Iterator[PhotoHost]:
    with PhotoHost(scenes, delay=0.2) as photos:
        yield photos


@pytest.fixture
def project(temporary_home: object) -> Project:
    from nocode_classifier import paths

    return Library(paths.home()).create("Animals", ["cat", "dog"])


def addresses(host: PhotoHost, count: int, words: str = "cat") -> list[str]:
    return [host.address_of("listed", words, number) for number in range(count)]


def search_for(
    project: Project, finder: Finder, name: str = "cat", **search_settings: Any
) -> ClassSearch:
    plan = SearchPlan(project.class_named(name).id, SearchSettings(**search_settings))
    return find_photos(finder, project, [plan]).searches[0]


def test_a_class_is_filled_up_to_what_was_wanted(host: PhotoHost, project: Project) -> None:
    finder = Finder((ListedSource(addresses(host, 40)),), RULES)
    found = search_for(project, finder, count=12)
    assert (found.added, found.there, found.short) == (12, 12, False)
    assert found.sentence == "Added 12 photos to 'cat': it has 12 now."
    assert project.counts() == {1: 12, 2: 0}


def test_everything_known_about_a_photo_is_kept_with_it(project: Project) -> None:
    with PhotoHost(scenes) as host, FakeOpenverse(host) as openverse:
        sources = all_sources(RequestPolicy(spacing=0.01), Services(openverse=openverse.address))
        found = search_for(project, Finder(sources, RULES), count=3, sources=("openverse",))
    assert found.added == 3
    for photo in project.photos():
        assert photo.source == "openverse"
        assert (photo.address or "").startswith(host.address)
        assert (photo.licence or "").startswith(("CC", "Public domain"))
        assert None not in (photo.page, photo.title, photo.licence_address, photo.creator)


def test_several_sources_take_turns(project: Project) -> None:
    with (
        PhotoHost(scenes) as host,
        FakeOpenverse(host) as openverse,
        FakeCommons(host) as commons,
    ):
        where = Services(openverse=openverse.address, commons=commons.address)
        finder = Finder(all_sources(RequestPolicy(spacing=0.01), where), RULES)
        search_for(project, finder, count=10, sources=("openverse", "commons"))
    counts = Counter(photo.source for photo in project.photos())
    assert counts.total() == 10
    assert min(counts.values()) >= 3


def test_a_hunt_that_was_stopped_goes_on_and_fetches_nothing_twice(
    slow_host: PhotoHost, project: Project
) -> None:
    finder = Finder((ListedSource(addresses(slow_host, 30)),), RULES)
    plan = SearchPlan(1, SearchSettings(count=25))
    stopped = find_photos(
        finder, project, [plan], should_stop=lambda: project.counts()[1] >= 5
    ).searches[0]
    assert stopped.stopped
    assert 5 <= stopped.there < 25
    assert stopped.sentence.startswith("Stopped. Added")
    came = [urlsplit(photo.address or "").path for photo in project.photos()]
    assert find_photos(finder, project, [plan]).searches[0].there == 25
    fetched = Counter(slow_host.fetched)
    assert [fetched[path] for path in came] == [1] * stopped.there
    # Only what was on its way when Stop was pressed may have been asked for twice.
    assert sum(count - 1 for count in fetched.values()) <= RULES.at_once


def test_asking_again_tops_a_class_up(host: PhotoHost, project: Project) -> None:
    source = ListedSource(addresses(host, 30))
    finder = Finder((source,), RULES)
    search_for(project, finder, count=5)
    found = search_for(project, finder, count=8)
    assert (found.added, found.there) == (3, 8)
    assert search_for(project, finder, count=8).sentence == (
        "'cat' has 8 photos already, as many as you wanted."
    )


def test_fewer_than_wanted_are_told(host: PhotoHost, project: Project) -> None:
    found = search_for(project, Finder((ListedSource(addresses(host, 6)),), RULES), count=50)
    assert found.exhausted
    assert found.sentence == (
        "You wanted 50 photos of 'cat'; 6 are here now. "
        "Try other words, another source, or add your own photos."
    )


def test_a_source_that_is_blocked_rests_and_another_one_goes_on(
    host: PhotoHost, project: Project
) -> None:
    blocked = ListedSource(
        [], key="blocked", troubles=[SourceTrouble("The web is closed.", 0.1) for _ in range(9)]
    )
    finder = Finder((blocked, ListedSource(addresses(host, 6))), RULES)
    found = search_for(project, finder, count=20)
    assert found.there == 6
    assert len(blocked.asked) == 2
    assert found.troubles == ("The web is closed.",)
    assert "The web is closed. Try again in a while" in found.sentence


def test_a_source_that_cannot_help_is_not_waited_for(host: PhotoHost, project: Project) -> None:
    useless = ListedSource([], key="useless", troubles=[SourceTrouble("No such licence.")] * 9)
    finder = Finder((useless, ListedSource(addresses(host, 3))), RULES)
    found = search_for(project, finder, count=3)
    assert (found.there, len(useless.asked)) == (3, 1)
    assert found.troubles == ("No such licence.",)


def test_a_source_that_was_only_busy_is_asked_again(host: PhotoHost, project: Project) -> None:
    busy = ListedSource(addresses(host, 6), troubles=[SourceTrouble("Too busy.", 0.1)])
    found = search_for(project, Finder((busy,), RULES), count=6)
    assert (found.there, found.troubles) == (6, ())


def test_what_is_no_photo_or_not_new_is_counted_by_reason(project: Project) -> None:
    odd = {
        0: scene("a cat"),
        1: scene("a cat"),
        2: compressed(scene("a cat"), quality=40),
        3: b"<!DOCTYPE html><html><body>Not here</body></html>",
        4: tiny(),
        5: scene("another cat"),
        6: scene("another cat")[:4000],
    }
    with PhotoHost(lambda words, number: odd[number % 10_000]) as host:
        # One after the other: which of two like ones is the copy depends on which came first.
        finder = Finder((ListedSource(addresses(host, 7)),), replace(RULES, per_host=1))
        found = search_for(project, finder, count=100)
    assert found.added == 2
    assert found.skipped == {
        Skip.KNOWN: 1,
        Skip.NEAR_COPY: 1,
        Skip.NOT_A_PHOTO: 1,
        Skip.TOO_SMALL: 1,
        Skip.DAMAGED: 1,
    }


def test_a_photo_of_another_class_stays_there(project: Project) -> None:
    with PhotoHost(lambda words, number: scene(f"{number}")) as host:
        search_for(project, Finder((ListedSource(addresses(host, 4)),), RULES), count=4)
        listed = ListedSource(addresses(host, 4, "dog"))
        found = search_for(project, Finder((listed,), RULES), name="dog", count=4)
    assert (found.added, found.skipped) == (0, {Skip.OTHER_CLASS: 4})


def test_a_placeholder_from_many_places_is_kept_out(project: Project) -> None:
    with PhotoHost(lambda words, number: placeholder()) as host:
        finder = Finder((ListedSource(addresses(host, 6)),), RULES)
        found = search_for(project, finder, count=6, photos_only=False)
    assert project.counts()[1] == 0
    assert found.skipped[Skip.PLACEHOLDER] >= 6 - PLACES_OF_A_PLACEHOLDER
    assert len(project.photos(state=PhotoState.BINNED)) == 1


def test_a_photo_removed_by_hand_does_not_come_back(host: PhotoHost, project: Project) -> None:
    from nocode_classifier.project.records import Decision

    finder = Finder((ListedSource(addresses(host, 6)),), RULES)
    search_for(project, finder, count=6)
    project.apply([Decision(project.photos()[0].id, state=PhotoState.BINNED)], "Removed 1 photo")
    assert search_for(project, finder, count=6).there == 5


def test_a_licence_that_was_asked_for_also_judges_what_was_found_before(project: Project) -> None:
    with PhotoHost(scenes) as host, FakeOpenverse(host) as openverse:
        sources = all_sources(RequestPolicy(spacing=0.01), Services(openverse=openverse.address))
        finder = Finder(sources, RULES)
        search_for(project, finder, count=1, sources=("openverse",))
        search_for(project, finder, count=12, sources=("openverse",), licence="commercial")
    licences = [photo.licence or "" for photo in project.photos()[1:]]
    assert len(licences) == 11
    assert not [licence for licence in licences if "NC" in licence]


def test_a_page_that_does_not_want_ai_is_left_alone_unless_told_otherwise(
    project: Project,
) -> None:
    with PhotoHost(scenes) as host:
        host.change = lambda reply: replace(reply, headers={"X-Robots-Tag": "noai"})
        listed = ListedSource(addresses(host, 3))
        found = search_for(project, Finder((listed,), RULES), count=3)
        assert found.skipped == {Skip.NO_AI: 3}
        bold = Finder(
            (ListedSource(addresses(host, 3, "dog")),), replace(RULES, respect_noai=False)
        )
        assert search_for(project, bold, name="dog", count=3).added == 3


def test_without_a_connection_the_hunt_ends_and_what_was_found_stays(project: Project) -> None:
    nowhere = [f"http://127.0.0.1:9/{number}.jpg" for number in range(40)]
    found = search_for(project, Finder((ListedSource(nowhere),), RULES), count=40)
    assert "check this computer's connection" in found.sentence
    assert (found.waiting, found.skipped) == (found.found, {})
    assert found.waiting > 12


def test_a_private_address_is_refused_in_a_search_and_in_a_list(project: Project) -> None:
    inside = ["http://127.0.0.1/a.jpg", "http://10.0.0.1/a.jpg", "http://[::1]/a.jpg"]
    finder = Finder((ListedSource(inside),), WebRules())
    assert search_for(project, finder, count=3).skipped == {Skip.PRIVATE: 3}
    listed = fetch_links(finder, project, read_links("\n".join(inside)), class_id=2)
    assert listed.searches[0].skipped == {Skip.PRIVATE: 3}


def test_links_go_to_the_classes_they_name(host: PhotoHost, project: Project) -> None:
    cats, birds = addresses(host, 2), addresses(host, 2, "bird")
    rows = [*(f"{each},cat" for each in cats), *(f"{each},Bird" for each in birds)]
    links = read_links("\n".join(["address,class", *rows]))
    report = fetch_links(Finder((), RULES), project, links, class_id=None)
    assert report.sentence == "Added 4 photos."
    assert {label.name: project.counts()[label.id] for label in project.classes()} == {
        "cat": 2,
        "dog": 0,
        "Bird": 2,
    }


def test_links_without_a_class_need_one(host: PhotoHost, project: Project) -> None:
    with pytest.raises(NotReady, match="Choose the class"):
        fetch_links(Finder((), RULES), project, read_links(addresses(host, 1)[0]), None)


def test_links_that_failed_are_tried_again_when_they_are_given_again(project: Project) -> None:
    with PhotoHost(scenes) as host:
        links = read_links("\n".join(addresses(host, 2)))
        host.block(1, refusal=page("Not found", 404))
        assert fetch_links(Finder((), RULES), project, links, 1).added == 0
        host.unblock()
        assert fetch_links(Finder((), RULES), project, links, 1).added == 2


def test_an_unknown_source_is_named_with_those_there_are(project: Project) -> None:
    finder = Finder((ListedSource([]),), RULES)
    with pytest.raises(InputError, match="listed"):
        search_for(project, finder, sources=("gopher",))


def test_progress_tells_how_many_photos_the_class_has(host: PhotoHost, project: Project) -> None:
    heard: list[Progress] = []
    finder = Finder((ListedSource(addresses(host, 9)),), RULES)
    find_photos(finder, project, [SearchPlan(1, SearchSettings(count=5))], report=heard.append)
    assert heard[0].stage == "Finding photos of cat"
    assert {progress.total for progress in heard} == {5}
    assert [p.done for p in heard] == sorted(p.done for p in heard)


def compressed(photo: bytes, quality: int) -> bytes:
    target = BytesIO()
    Image.open(BytesIO(photo)).resize((200, 150)).save(target, "JPEG", quality=quality)
    return target.getvalue()


def tiny() -> bytes:
    target = BytesIO()
    Image.new("RGB", (20, 20), "red").save(target, "PNG")
    return target.getvalue()


def placeholder() -> bytes:
    image = Image.new("RGB", (400, 300), (225, 225, 225))
    draw = ImageDraw.Draw(image)
    draw.rectangle((150, 100, 250, 170), outline=(150, 150, 150), width=5)
    draw.text((140, 200), "No image available", fill=(120, 120, 120))
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
