from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr
import pytest

from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import PhotoState
from nocode_classifier.ui import photo_pages, photo_views
from nocode_classifier.ui.kit.photo_grid.values import FurtherView, Note
from nocode_classifier.ui.photo_views import View
from nocode_classifier.ui.state import Services
from tests.undecoded import new_photo


@pytest.fixture
def project(services: Services) -> Project:
    made = services.library.create("Pets", ["cat", "dog"])
    cat, dog = made.classes()
    for number in range(5):
        made.add_photo(new_photo(number), cat.id if number < 3 else dog.id)
    return made


def names(value: dict[str, Any]) -> list[str]:
    return [photo["name"] for photo in value["photos"]]


def ids(project: Project, *numbers: int) -> list[int]:
    by_name = {photo.name: photo.id for photo in all_photos(project)}
    return [by_name[f"{number}.jpg"] for number in numbers]


def all_photos(project: Project) -> list[Any]:
    return [*project.photos(), *project.photos(state=PhotoState.BINNED)]


def show(services: Services, view: View) -> dict[str, Any]:
    value, _ = photo_pages.show(services, view.project_id, view)
    assert value is not None
    return value


def decide(services: Services, view: View, **asked: Any) -> dict[str, Any]:
    revision = photo_pages.decide(services, view.project_id, gr.EventData(None, asked))
    value = show(services, view)
    assert value["revision"] == revision
    return value


def test_all_photos_are_shown_first(services: Services, project: Project) -> None:
    value, view = photo_pages.show(services, project.id, View())
    assert value is not None
    assert names(value) == [f"{number}.jpg" for number in range(5)]
    assert (value["total"], value["kept_count"], value["bin_count"]) == (5, 5, 0)
    assert view == View(project.id)


def test_a_class_shows_only_its_photos(services: Services, project: Project) -> None:
    dog = project.class_named("dog")
    event = gr.EventData(None, {"view": dog.id, "page": 0})
    view = photo_pages.look(services, project.id, event)
    assert names(show(services, view)) == ["3.jpg", "4.jpg"]
    assert view.class_id == dog.id


def test_photos_move_to_another_class_and_back(services: Services, project: Project) -> None:
    dog = project.class_named("dog")
    chosen = ids(project, 0, 1)
    view = View(project.id)
    value = decide(services, view, action="move", photo_ids=chosen, class_id=dog.id)
    assert value["undo"] == "Moved 2 photos to 'dog'"
    assert [label["count"] for label in value["classes"]] == [1, 4]
    photo_pages.undo(services, project.id)
    value = show(services, view)
    assert [label["count"] for label in value["classes"]] == [3, 2]
    assert value["undo"] is None


def test_removed_photos_are_in_the_bin_and_come_back(services: Services, project: Project) -> None:
    chosen = ids(project, 4)
    value = decide(services, View(project.id), action="bin", photo_ids=chosen)
    assert (value["total"], value["bin_count"], value["undo"]) == (4, 1, "Removed 1 photo")
    in_bin = View(project.id, "bin")
    assert names(show(services, in_bin)) == ["4.jpg"]
    value = decide(services, in_bin, action="restore", photo_ids=chosen)
    assert (value["total"], value["kept_count"]) == (0, 5)
    assert value["undo"] == "Put back 1 photo"


def test_a_photo_of_a_removed_class_keeps_its_name_in_the_bin(
    services: Services, project: Project
) -> None:
    project.remove_class(project.class_named("dog").id)
    value = show(services, View(project.id, "bin"))
    assert [label["name"] for label in value["gone_classes"]] == ["dog"]
    decide(services, View(project.id), action="restore", photo_ids=ids(project, 3))
    assert [label.name for label in project.classes()] == ["cat", "dog"]


def test_a_photo_can_be_put_back_into_another_class(services: Services, project: Project) -> None:
    chosen, dog = ids(project, 0), project.class_named("dog")
    decide(services, View(project.id), action="bin", photo_ids=chosen)
    value = decide(services, View(project.id), action="restore", photo_ids=chosen, class_id=dog.id)
    assert value["undo"] == "Put back 1 photo to 'dog'"
    assert project.photo(chosen[0]).class_id == dog.id


def test_only_a_page_is_given(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_views, "PAGE_SIZE", 2)
    value = show(services, View(project.id, page=1))
    assert names(value) == ["2.jpg", "3.jpg"]
    assert (value["pages"], value["total"]) == (3, 5)


def test_a_page_that_is_gone_becomes_the_last(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_views, "PAGE_SIZE", 2)
    value, view = photo_pages.show(services, project.id, View(project.id, page=9))
    assert value is not None
    assert names(value) == ["4.jpg"]
    assert view.page == 2


def test_a_class_that_was_removed_meanwhile_is_left(services: Services, project: Project) -> None:
    dog = project.class_named("dog")
    project.remove_class(dog.id)
    for gone in (dog.id, "cell:1:2"):
        value, view = photo_pages.show(services, project.id, View(project.id, gone))
        assert value is not None
        assert value["view"] == view.shown == "all"


def test_another_project_begins_with_all_photos(services: Services, project: Project) -> None:
    other = services.library.create("Other", ["a"])
    value, view, _ = photo_pages.arrive(services, other.id, View(project.id, "bin", 3), None)
    assert value is not None
    assert (value["view"], value["total"], view) == ("all", 0, View(other.id))


def test_every_id_of_a_view_can_be_had(services: Services, project: Project) -> None:
    asked = {"project_id": project.id, "view": project.class_named("cat").id}
    assert photo_pages.every_id(services, asked) == ids(project, 0, 1, 2)


def test_chosen_photos_are_a_view_and_those_another_window_removed_are_told_apart(
    services: Services, project: Project
) -> None:
    chosen = ids(project, 4, 0, 2)
    event = gr.EventData(None, {"view": "chosen", "page": 0, "photo_ids": chosen})
    view = photo_pages.look(services, project.id, event)
    assert names(show(services, view)) == ["0.jpg", "2.jpg", "4.jpg"]
    assert show(services, view)["chosen"] == chosen
    decide(services, view, action="bin", photo_ids=ids(project, 2))
    assert names(show(services, view)) == ["0.jpg", "4.jpg"]
    asked = {"project_id": project.id, "photo_ids": chosen}
    there = photo_pages.still_there(services, {**asked, "binned": False})
    assert there == ids(project, 4, 0)
    assert photo_pages.still_there(services, {**asked, "binned": True}) == ids(project, 2)


def odd(project: Project, *_asked: object) -> dict[str, FurtherView]:
    """Two views: the first photo, near duplicate of the last, is in the one that has a chip."""
    first, *_, last = project.photos()
    note = Note(answer=project.class_named("dog").id, share=0.9, loss=2.3, twin=last, text="odd")
    odd = FurtherView("Odd ones", "These are odd.", "None is odd.", [(first, note)])
    cell = FurtherView("cat as dog", "Taken for dogs.", "None.", [(last, Note())], listed=False)
    return {"odd": odd, "cell:1:2": cell}


def test_views_worth_a_look_are_offered_while_they_have_photos(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = odd(project)
    monkeypatch.setattr(photo_pages, "views_of", lambda *_: found)
    value = show(services, View(project.id, "odd"))
    (photo,) = value["photos"]
    assert (photo["share"], photo["loss"], photo["text"]) == (0.9, 2.3, "odd")
    assert photo["twin"]["name"] == "4.jpg"
    assert [one["name"] for one in value["further"]] == ["odd"]
    shown = show(services, View(project.id, "cell:1:2"))["further"]
    assert [one["name"] for one in shown] == ["odd", "cell:1:2"]
    found["odd"] = replace(found["odd"], photos=[])
    assert show(services, View(project.id))["further"] == []
    assert show(services, View(project.id, "odd"))["further"][0]["empty"] == "None is odd."


def test_a_photo_that_is_right_as_it_is_leaves_such_views_until_that_is_undone(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_pages, "views_of", odd)
    view = View(project.id, "odd")
    value = decide(services, view, action="confirm", photo_ids=ids(project, 0))
    assert (value["total"], value["undo"]) == (0, "Said 1 photo is right")
    everything = show(services, View(project.id))["photos"]
    assert [photo["confirmed"] for photo in everything] == [True, *[False] * 4]
    photo_pages.undo(services, project.id)
    assert names(show(services, view)) == ["0.jpg"]


def test_an_unknown_action_is_refused(services: Services, project: Project) -> None:
    for asked in ({"action": "burn"}, {"action": "move"}):
        with pytest.raises(InputError):
            decide(services, View(project.id), photo_ids=ids(project, 0), **asked)


def test_moving_to_a_class_that_is_gone_changes_nothing(
    services: Services, project: Project
) -> None:
    dog = project.class_named("dog")
    project.remove_class(dog.id)
    with pytest.raises(NotFound):
        decide(
            services,
            View(project.id),
            action="move",
            photo_ids=ids(project, 0),
            class_id=dog.id,
        )
    assert project.counts() == {project.class_named("cat").id: 3}
