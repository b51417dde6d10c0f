from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nocode_classifier.collect.licences import LicenceChoice
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState
from nocode_classifier.project.tables import search_result_rows, search_settings
from nocode_classifier.project.tables.search_results import (
    NewSearchResult,
    ResultState,
    ResultTally,
)
from nocode_classifier.project.tables.search_settings import SearchPlace, SearchSettings

CATS, DOGS = 1, 2
SOURCES = ("openverse", "commons")


def new_result(number: int, source: str = "openverse", **changes: Any) -> NewSearchResult:
    fields: dict[str, Any] = {"address": f"https://example.org/{number}.jpg", "words": "cat"}
    return NewSearchResult(**{**fields, "source": source, **changes})


def waiting(project: Project, class_id: int = CATS, limit: int = 100) -> list[str]:
    """Numbers in the addresses of the finds that wait, in their order."""
    found = project.search_results.waiting(class_id, sources=SOURCES, limit=limit)
    return [hit.address.rpartition("/")[2].removesuffix(".jpg") for hit in found]


def test_finds_wait_in_the_order_of_finding_and_each_address_once(project: Project) -> None:
    assert project.search_results.remember(CATS, [new_result(2), new_result(1), new_result(2)]) == 2
    assert project.search_results.remember(CATS, [new_result(1), new_result(3, "commons")]) == 1
    assert project.search_results.remember(DOGS, [new_result(1)]) == 1
    assert waiting(project) == ["2", "1", "3"]
    assert waiting(project, limit=2) == ["2", "1"]
    only = project.search_results.waiting(CATS, sources=["commons"], limit=9)
    assert [hit.address for hit in only] == ["https://example.org/3.jpg"]
    assert project.search_results.waiting(CATS, sources=[], limit=9) == []


def test_everything_a_source_claimed_is_remembered(project: Project) -> None:
    claimed = new_result(
        1,
        page="https://example.org/cat",
        title="A cat\n on a  mat",
        width=640,
        height=-1,
        licence="CC BY 4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        creator="Zoë \ud800",
    )
    project.search_results.remember(CATS, [claimed])
    (hit,) = project.search_results.waiting(CATS, sources=SOURCES, limit=1)
    assert (hit.class_id, hit.words, hit.page) == (CATS, "cat", "https://example.org/cat")
    assert (hit.title, hit.creator) == ("A cat on a mat", "Zoë ?")
    assert (hit.width, hit.height, hit.licence) == (640, None, "CC BY 4.0")
    assert (hit.state, hit.reason, hit.attempts) == (ResultState.WAITING, None, 0)
    assert project.search_results.find(hit.id) == hit


@pytest.mark.parametrize(
    "address", ["", "cat.jpg", "javascript:alert(1)", "file:///x", "https://a/\n", "https://" * 900]
)
def test_what_is_no_address_of_the_web_is_left_out(project: Project, address: str) -> None:
    assert project.search_results.remember(CATS, [new_result(1, address=address)]) == 0
    assert project.search_results.tally(CATS) == ResultTally()


def test_a_find_is_settled_once_and_not_fetched_again(project: Project) -> None:
    project.search_results.remember(CATS, [new_result(number) for number in range(4)])
    first, second, third, _ = project.search_results.waiting(CATS, sources=SOURCES, limit=9)
    project.search_results.settle(first.id, ResultState.KEPT, sha256="a" * 64)
    project.search_results.settle(second.id, ResultState.SKIPPED, "too small", "b" * 64)
    project.search_results.settle(third.id, ResultState.SKIPPED, "gone")
    assert project.search_results.remember(CATS, [new_result(number) for number in range(4)]) == 0
    assert waiting(project) == ["3"]
    assert project.search_results.find(second.id).sha256 == "b" * 64
    assert project.search_results.tally(CATS) == ResultTally(4, 1, 1, {"gone": 1, "too small": 1})
    assert project.search_results.tallies()[DOGS] == ResultTally()
    with pytest.raises(NotFound):
        project.search_results.settle(999, ResultState.KEPT)


def test_a_failure_that_may_pass_waits_behind_the_others_and_not_for_ever(
    project: Project,
) -> None:
    project.search_results.remember(CATS, [new_result(1), new_result(2)])
    first = project.search_results.waiting(CATS, sources=SOURCES, limit=1)[0].id
    assert project.search_results.postpone(first, "too busy") is ResultState.WAITING
    project.search_results.remember(CATS, [new_result(3)])
    assert waiting(project) == ["2", "3", "1"]
    assert project.search_results.postpone(first, "too busy") is ResultState.SKIPPED
    assert project.search_results.tally(CATS).skipped == {"too busy": 1}


def test_a_photo_that_is_added_settles_its_find_and_spares_the_other_classes(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    for class_id in (CATS, DOGS):
        project.search_results.remember(class_id, [new_result(1), new_result(2)])
    photo = project.add_photo(new_photo(1, address="https://example.org/1.jpg"), CATS)
    assert (waiting(project), waiting(project, DOGS)) == (["2"], ["2"])
    assert project.search_results.tally(CATS).kept == 1
    assert project.search_results.tally(DOGS).skipped == {"other class": 1}
    kept = project.search_results.waiting(CATS, sources=SOURCES, limit=1)[0]
    project.search_results.settle(kept.id, ResultState.KEPT, sha256=photo.sha256)
    assert waiting(project, DOGS) == []


def test_an_address_the_project_has_a_photo_from_is_not_fetched(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    for number in range(3):
        project.add_photo(new_photo(number, address=f"https://example.org/{number}.jpg"), CATS)
    project.apply([Decision(2, class_id=DOGS), Decision(3, state=PhotoState.BINNED)], "x")
    assert project.search_results.remember(DOGS, [new_result(number) for number in range(4)]) == 4
    assert project.search_results.tally(DOGS).skipped == {"known": 2, "other class": 1}
    assert waiting(project, DOGS) == ["3"]
    project.remove_class(CATS)
    birds = project.add_class("birds").id
    project.search_results.remember(birds, [new_result(0)])
    assert project.search_results.tally(birds).skipped == {"known": 1}


def test_a_search_goes_on_where_it_was(project: Project) -> None:
    asked = (CATS, "openverse", "cat in snow", "any")
    assert project.search_results.place(*asked) == SearchPlace(None, exhausted=False, asked=False)
    project.search_results.save_place(*asked, next="2")
    assert project.search_results.place(*asked) == SearchPlace("2", exhausted=False, asked=True)
    assert not project.search_results.place(CATS, "openverse", "cat in snow", "reuse").asked
    project.search_results.save_place(*asked, next=None)
    assert project.search_results.place(*asked) == SearchPlace(None, exhausted=True, asked=True)
    project.search_results.forget_places(CATS)
    assert not project.search_results.place(*asked).asked


def test_wishes_are_tidied_and_kept(project: Project) -> None:
    assert project.search_results.search_settings(CATS) == SearchSettings((), (), "any", 100, True)
    before = project.revision()
    words = ("  cat\n in snow ", "", "CAT in snow", "Katze")
    search_settings = SearchSettings(words, ("commons", "commons"), "reuse", 40, photos_only=False)
    project.search_results.save_search_settings(CATS, search_settings)
    assert project.search_results.search_settings(CATS) == SearchSettings(
        ("cat in snow", "Katze"), ("commons",), "reuse", 40, photos_only=False
    )
    assert project.revision() == before + 1
    project.search_results.save_search_settings(CATS, search_settings)
    assert project.revision() == before + 1


@pytest.mark.parametrize(
    "search_settings",
    [
        SearchSettings(words=("x" * 201,)),
        SearchSettings(words=tuple(f"cat {number}" for number in range(21))),
        SearchSettings(sources=("Open verse",)),
        SearchSettings(licence="free"),
        SearchSettings(count=0),
        SearchSettings(count=10_001),
    ],
)
def test_wishes_that_cannot_be_fulfilled_are_refused_with_a_sentence(
    project: Project, search_settings: SearchSettings
) -> None:
    with pytest.raises(InputError, match=r"[A-Z].*\.$"):
        project.search_results.save_search_settings(CATS, search_settings)


def test_a_class_that_is_gone_gets_no_finds(project: Project) -> None:
    project.remove_class(CATS)
    for use in (
        lambda: project.search_results.remember(CATS, [new_result(1)]),
        lambda: project.search_results.save_search_settings(CATS, SearchSettings(count=5)),
    ):
        with pytest.raises(NotFound):
            use()


def test_finds_and_wishes_go_with_a_copy(library: Library, project: Project) -> None:
    project.search_results.remember(CATS, [new_result(1)])
    project.search_results.save_search_settings(CATS, SearchSettings(("Katze",)))
    copy = library.duplicate(project.id)
    assert waiting(copy) == ["1"]
    assert copy.search_results.search_settings(CATS).words == ("Katze",)


def test_finds_do_not_count_as_changes_that_people_see(project: Project) -> None:
    before = project.revision()
    project.search_results.remember(CATS, [new_result(1), new_result(2)])
    first, second = project.search_results.waiting(CATS, sources=SOURCES, limit=2)
    project.search_results.settle(first.id, ResultState.SKIPPED, "gone")
    project.search_results.postpone(second.id, "too busy")
    project.search_results.save_place(CATS, "openverse", "cat", "any", "2")
    assert project.revision() == before


def test_what_waits_and_the_tally_are_found_by_an_index(project: Project) -> None:
    project.search_results.remember(CATS, [new_result(number) for number in range(5_000)])
    questions = (
        "SELECT * FROM finds WHERE class_id = 1 AND state = 'waiting'"
        " AND source IN (SELECT value FROM json_each('[]')) ORDER BY attempts, id LIMIT 9",
        "SELECT class_id, state, reason, COUNT(*) FROM finds GROUP BY class_id, state, reason",
    )
    with project.database.reading() as connection:
        for question in questions:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {question}").fetchall()
            steps = [row["detail"] for row in plan if "finds" in row["detail"]]
            assert steps
            assert all("INDEX finds_by" in step for step in steps)
    assert project.search_results.tallies()[CATS].waiting == 5_000


def test_reasons_and_licences_are_spelled_as_where_photos_are_collected() -> None:
    assert (Skip.KNOWN.value, Skip.OTHER_CLASS.value) == (
        search_result_rows.KNOWN,
        search_result_rows.OTHER_CLASS,
    )
    assert Skip.TAKEN_DOWN.value == search_result_rows.TAKEN_DOWN
    assert tuple(choice.value for choice in LicenceChoice) == search_settings.LICENCES
