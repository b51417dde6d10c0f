from __future__ import annotations

from collections.abc import Callable

import pytest

from nocode_classifier.collect.licences import LicenceChoice
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState
from nocode_classifier.project.tables import search_result_rows, search_settings
from nocode_classifier.project.tables.search_results import FindState, FindTally, NewFind
from nocode_classifier.project.tables.search_settings import SearchPlace, SearchWishes

CATS, DOGS = 1, 2
SOURCES = ("openverse", "commons")


def new_find(number: int, source: str = "openverse", **changes: object) -> NewFind:
    fields: dict[str, object] = {"address": f"https://example.org/{number}.jpg", "words": "cat"}
    return NewFind(**{**fields, "source": source, **changes})  # type: ignore[arg-type]


def waiting(project: Project, class_id: int = CATS, limit: int = 100) -> list[str]:
    """Numbers in the addresses of the finds that wait, in their order."""
    found = project.finds.waiting(class_id, sources=SOURCES, limit=limit)
    return [find.address.rpartition("/")[2].removesuffix(".jpg") for find in found]


def test_finds_wait_in_the_order_of_finding_and_each_address_once(project: Project) -> None:
    assert project.finds.remember(CATS, [new_find(2), new_find(1), new_find(2)]) == 2
    assert project.finds.remember(CATS, [new_find(1), new_find(3, "commons")]) == 1
    assert project.finds.remember(DOGS, [new_find(1)]) == 1
    assert waiting(project) == ["2", "1", "3"]
    assert waiting(project, limit=2) == ["2", "1"]
    only = project.finds.waiting(CATS, sources=["commons"], limit=9)
    assert [find.address for find in only] == ["https://example.org/3.jpg"]
    assert project.finds.waiting(CATS, sources=[], limit=9) == []


def test_everything_a_source_claimed_is_remembered(project: Project) -> None:
    claimed = new_find(
        1,
        page="https://example.org/cat",
        title="A cat\n on a  mat",
        width=640,
        height=-1,
        licence="CC BY 4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        creator="Zoë \ud800",
    )
    project.finds.remember(CATS, [claimed])
    (find,) = project.finds.waiting(CATS, sources=SOURCES, limit=1)
    assert (find.class_id, find.words, find.page) == (CATS, "cat", "https://example.org/cat")
    assert (find.title, find.creator) == ("A cat on a mat", "Zoë ?")
    assert (find.width, find.height, find.licence) == (640, None, "CC BY 4.0")
    assert (find.state, find.reason, find.attempts) == (FindState.WAITING, None, 0)
    assert project.finds.find(find.id) == find


@pytest.mark.parametrize(
    "address", ["", "cat.jpg", "javascript:alert(1)", "file:///x", "https://a/\n", "https://" * 900]
)
def test_what_is_no_address_of_the_web_is_left_out(project: Project, address: str) -> None:
    assert project.finds.remember(CATS, [new_find(1, address=address)]) == 0
    assert project.finds.tally(CATS) == FindTally()


def test_a_find_is_settled_once_and_not_fetched_again(project: Project) -> None:
    project.finds.remember(CATS, [new_find(number) for number in range(4)])
    first, second, third, _ = project.finds.waiting(CATS, sources=SOURCES, limit=9)
    project.finds.settle(first.id, FindState.KEPT, sha256="a" * 64)
    project.finds.settle(second.id, FindState.SKIPPED, "too small", "b" * 64)
    project.finds.settle(third.id, FindState.SKIPPED, "gone")
    assert project.finds.remember(CATS, [new_find(number) for number in range(4)]) == 0
    assert waiting(project) == ["3"]
    assert project.finds.find(second.id).sha256 == "b" * 64
    assert project.finds.tally(CATS) == FindTally(4, 1, 1, {"gone": 1, "too small": 1})
    assert project.finds.tallies()[DOGS] == FindTally()
    with pytest.raises(NotFound):
        project.finds.settle(999, FindState.KEPT)


def test_a_failure_that_may_pass_waits_behind_the_others_and_not_for_ever(
    project: Project,
) -> None:
    project.finds.remember(CATS, [new_find(1), new_find(2)])
    first = project.finds.waiting(CATS, sources=SOURCES, limit=1)[0].id
    assert project.finds.postpone(first, "too busy") is FindState.WAITING
    project.finds.remember(CATS, [new_find(3)])
    assert waiting(project) == ["2", "3", "1"]
    assert project.finds.postpone(first, "too busy") is FindState.SKIPPED
    assert project.finds.tally(CATS).skipped == {"too busy": 1}


def test_a_photo_that_is_added_settles_its_find_and_spares_the_other_classes(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    for class_id in (CATS, DOGS):
        project.finds.remember(class_id, [new_find(1), new_find(2)])
    photo = project.add_photo(new_photo(1, address="https://example.org/1.jpg"), CATS)
    assert (waiting(project), waiting(project, DOGS)) == (["2"], ["2"])
    assert project.finds.tally(CATS).kept == 1
    assert project.finds.tally(DOGS).skipped == {"other class": 1}
    kept = project.finds.waiting(CATS, sources=SOURCES, limit=1)[0]
    project.finds.settle(kept.id, FindState.KEPT, sha256=photo.sha256)
    assert waiting(project, DOGS) == []


def test_an_address_the_project_has_a_photo_from_is_not_fetched(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    for number in range(3):
        project.add_photo(new_photo(number, address=f"https://example.org/{number}.jpg"), CATS)
    project.apply([Decision(2, class_id=DOGS), Decision(3, state=PhotoState.BINNED)], "x")
    assert project.finds.remember(DOGS, [new_find(number) for number in range(4)]) == 4
    assert project.finds.tally(DOGS).skipped == {"known": 2, "other class": 1}
    assert waiting(project, DOGS) == ["3"]
    project.remove_class(CATS)
    birds = project.add_class("birds").id
    project.finds.remember(birds, [new_find(0)])
    assert project.finds.tally(birds).skipped == {"known": 1}


def test_a_search_goes_on_where_it_was(project: Project) -> None:
    asked = (CATS, "openverse", "cat in snow", "any")
    assert project.finds.place(*asked) == SearchPlace(None, exhausted=False, asked=False)
    project.finds.save_place(*asked, next="2")
    assert project.finds.place(*asked) == SearchPlace("2", exhausted=False, asked=True)
    assert not project.finds.place(CATS, "openverse", "cat in snow", "reuse").asked
    project.finds.save_place(*asked, next=None)
    assert project.finds.place(*asked) == SearchPlace(None, exhausted=True, asked=True)
    project.finds.forget_places(CATS)
    assert not project.finds.place(*asked).asked


def test_wishes_are_tidied_and_kept(project: Project) -> None:
    assert project.finds.wishes(CATS) == SearchWishes((), (), "any", 100, True)
    before = project.revision()
    words = ("  cat\n in snow ", "", "CAT in snow", "Katze")
    wishes = SearchWishes(words, ("commons", "commons"), "reuse", 40, photos_only=False)
    project.finds.save_wishes(CATS, wishes)
    assert project.finds.wishes(CATS) == SearchWishes(
        ("cat in snow", "Katze"), ("commons",), "reuse", 40, photos_only=False
    )
    assert project.revision() == before + 1
    project.finds.save_wishes(CATS, wishes)
    assert project.revision() == before + 1


@pytest.mark.parametrize(
    "wishes",
    [
        SearchWishes(words=("x" * 201,)),
        SearchWishes(words=tuple(f"cat {number}" for number in range(21))),
        SearchWishes(sources=("Open verse",)),
        SearchWishes(licence="free"),
        SearchWishes(count=0),
        SearchWishes(count=10_001),
    ],
)
def test_wishes_that_cannot_be_fulfilled_are_refused_with_a_sentence(
    project: Project, wishes: SearchWishes
) -> None:
    with pytest.raises(InputError, match=r"[A-Z].*\.$"):
        project.finds.save_wishes(CATS, wishes)


def test_a_class_that_is_gone_gets_no_finds(project: Project) -> None:
    project.remove_class(CATS)
    for use in (
        lambda: project.finds.remember(CATS, [new_find(1)]),
        lambda: project.finds.save_wishes(CATS, SearchWishes(count=5)),
    ):
        with pytest.raises(NotFound):
            use()


def test_finds_and_wishes_go_with_a_copy(library: Library, project: Project) -> None:
    project.finds.remember(CATS, [new_find(1)])
    project.finds.save_wishes(CATS, SearchWishes(("Katze",)))
    copy = library.duplicate(project.id)
    assert waiting(copy) == ["1"]
    assert copy.finds.wishes(CATS).words == ("Katze",)


def test_finds_do_not_count_as_changes_that_people_see(project: Project) -> None:
    before = project.revision()
    project.finds.remember(CATS, [new_find(1), new_find(2)])
    first, second = project.finds.waiting(CATS, sources=SOURCES, limit=2)
    project.finds.settle(first.id, FindState.SKIPPED, "gone")
    project.finds.postpone(second.id, "too busy")
    project.finds.save_place(CATS, "openverse", "cat", "any", "2")
    assert project.revision() == before


def test_what_waits_and_the_tally_are_found_by_an_index(project: Project) -> None:
    project.finds.remember(CATS, [new_find(number) for number in range(5_000)])
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
    assert project.finds.tallies()[CATS].waiting == 5_000


def test_reasons_and_licences_are_spelled_as_where_photos_are_collected() -> None:
    assert (Skip.KNOWN.value, Skip.OTHER_CLASS.value) == (
        search_result_rows.KNOWN,
        search_result_rows.OTHER_CLASS,
    )
    assert Skip.TAKEN_DOWN.value == search_result_rows.TAKEN_DOWN
    assert tuple(choice.value for choice in LicenceChoice) == search_settings.LICENCES
