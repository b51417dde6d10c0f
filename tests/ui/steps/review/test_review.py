from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import PhotoState
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.review import step as review
from nocode_classifier.ui.steps.review.step import View
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


def decide(services: Services, project: Project, view: View, **asked: Any) -> dict[str, Any]:
    value, _, revision = review.decide(services, project.id, view, gr.EventData(None, asked))
    assert revision == project.revision()
    return dict(value)


def test_all_photos_are_shown_first(services: Services, project: Project) -> None:
    value, view = review.show(services, project.id, View())
    assert names(value) == [f"{number}.jpg" for number in range(5)]
    assert (value["total"], value["kept_count"], value["bin_count"]) == (5, 5, 0)
    assert view == View(project.id)


def test_a_class_shows_only_its_photos(services: Services, project: Project) -> None:
    dog = project.class_named("dog")
    event = gr.EventData(None, {"view": dog.id, "page": 0})
    value, view = review.look(services, project.id, event)
    assert names(value) == ["3.jpg", "4.jpg"]
    assert view.class_id == dog.id


def test_photos_move_to_another_class_and_back(services: Services, project: Project) -> None:
    dog = project.class_named("dog")
    chosen = ids(project, 0, 1)
    view = View(project.id)
    value = decide(services, project, view, action="move", photo_ids=chosen, class_id=dog.id)
    assert value["undo"] == "Moved 2 photos to 'dog'"
    assert [label["count"] for label in value["classes"]] == [1, 4]
    value, _, _ = review.undo(services, project.id, view)
    assert [label["count"] for label in value["classes"]] == [3, 2]
    assert value["undo"] is None


def test_removed_photos_are_in_the_bin_and_come_back(services: Services, project: Project) -> None:
    chosen = ids(project, 4)
    value = decide(services, project, View(project.id), action="bin", photo_ids=chosen)
    assert (value["total"], value["bin_count"], value["undo"]) == (4, 1, "Removed 1 photo")
    in_bin = View(project.id, "bin")
    assert names(review.show(services, project.id, in_bin)[0]) == ["4.jpg"]
    value = decide(services, project, in_bin, action="restore", photo_ids=chosen)
    assert (value["total"], value["kept_count"]) == (0, 5)
    assert value["undo"] == "Put back 1 photo"


def test_a_photo_of_a_removed_class_keeps_its_name_in_the_bin(
    services: Services, project: Project
) -> None:
    project.remove_class(project.class_named("dog").id)
    value, _ = review.show(services, project.id, View(project.id, "bin"))
    assert [label["name"] for label in value["gone_classes"]] == ["dog"]
    decide(services, project, View(project.id), action="restore", photo_ids=ids(project, 3))
    assert [label.name for label in project.classes()] == ["cat", "dog"]


def test_a_photo_can_be_put_back_into_another_class(services: Services, project: Project) -> None:
    chosen, dog = ids(project, 0), project.class_named("dog")
    decide(services, project, View(project.id), action="bin", photo_ids=chosen)
    value = decide(
        services, project, View(project.id), action="restore", photo_ids=chosen, class_id=dog.id
    )
    assert value["undo"] == "Put back 1 photo to 'dog'"
    assert project.photo(chosen[0]).class_id == dog.id


def test_only_a_page_is_given(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "PAGE_SIZE", 2)
    value, _ = review.show(services, project.id, View(project.id, page=1))
    assert names(value) == ["2.jpg", "3.jpg"]
    assert (value["pages"], value["total"]) == (3, 5)


def test_a_page_that_is_gone_becomes_the_last(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "PAGE_SIZE", 2)
    value, view = review.show(services, project.id, View(project.id, page=9))
    assert names(value) == ["4.jpg"]
    assert view.page == 2


def test_a_class_that_was_removed_meanwhile_is_left(services: Services, project: Project) -> None:
    dog = project.class_named("dog")
    project.remove_class(dog.id)
    value, view = review.show(services, project.id, View(project.id, dog.id))
    assert value["view"] == view.shown == "all"


def test_another_project_begins_with_all_photos(services: Services, project: Project) -> None:
    other = services.library.create("Other", ["a"])
    value, view = review.show(services, other.id, View(project.id, "bin", 3))
    assert (value["view"], value["total"], view) == ("all", 0, View(other.id))


def test_every_id_of_a_view_can_be_had(services: Services, project: Project) -> None:
    cat = project.class_named("cat")
    asked = {"project_id": project.id, "view": cat.id}
    assert review.every_id(services, asked) == ids(project, 0, 1, 2)
    there = review.still_there(services, {**asked, "photo_ids": ids(project, 2, 3)})
    assert there == ids(project, 2)


def test_an_unknown_action_is_refused(services: Services, project: Project) -> None:
    for asked in ({"action": "burn"}, {"action": "move"}):
        with pytest.raises(InputError):
            decide(services, project, View(project.id), photo_ids=ids(project, 0), **asked)


def test_moving_to_a_class_that_is_gone_changes_nothing(
    services: Services, project: Project
) -> None:
    dog = project.class_named("dog")
    project.remove_class(dog.id)
    with pytest.raises(NotFound):
        decide(
            services,
            project,
            View(project.id),
            action="move",
            photo_ids=ids(project, 0),
            class_id=dog.id,
        )
    assert project.counts() == {project.class_named("cat").id: 3}
