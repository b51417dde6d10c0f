from __future__ import annotations

from typing import Any

import pytest

from nocode_classifier.errors import NotReady
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import COLLECT, Services
from nocode_classifier.ui.steps.name.step import View, missing, press, refresh


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Pets", ["cat"])


def do(
    services: Services, project: Project, action: str, view: View | None = None, /, **data: str
) -> Any:
    return press(services, project.id, view or View(), {"action": action, **data})


def page_of(services: Services, project: Project, view: View) -> dict[str, Any]:
    page = refresh(services, project.id, view)
    assert page is not None
    return page


def names(project: Project) -> list[str]:
    return [label.name for label in project.classes()]


def test_what_is_missing_is_said_until_there_are_two_classes(
    services: Services, project: Project
) -> None:
    assert "One more" in missing(project)
    do(services, project, "add", value="dog")
    assert missing(project) == ""


def test_several_classes_can_be_typed_at_once(services: Services, project: Project) -> None:
    do(services, project, "add", value="dog, bird ,, fish")
    assert names(project) == ["cat", "dog", "bird", "fish"]


def test_going_on_needs_two_classes(services: Services, project: Project) -> None:
    _, step, *_ = do(services, project, "next")
    assert step != COLLECT
    project.add_class("dog")
    _, step, *_ = do(services, project, "next")
    assert step == COLLECT


def test_a_taken_name_is_a_sentence_on_the_page_and_changes_nothing(
    services: Services, project: Project
) -> None:
    *_, view = do(services, project, "add", value="CAT")
    assert "already a class" in page_of(services, project, view)["problem"]
    assert names(project) == ["cat"]


def test_the_same_mistake_twice_draws_the_page_anew(services: Services, project: Project) -> None:
    *_, first = do(services, project, "add", value="cat")
    *_, second = do(services, project, "add", first, value="cat")
    assert page_of(services, project, first) != page_of(services, project, second)


def test_a_removed_class_comes_back_with_undo(services: Services, project: Project) -> None:
    label = project.class_named("cat")
    *_, view = do(services, project, "remove", **{"class": str(label.id)})
    assert "Removed the class" in page_of(services, project, view)["removed"]
    assert names(project) == []
    *_, view = do(services, project, "undo", view)
    assert names(project) == ["cat"]
    assert page_of(services, project, view)["removed"] == ""


def test_undo_is_not_offered_once_something_else_was_decided(
    services: Services, project: Project
) -> None:
    do(services, project, "add", value="dog")
    cat, dog = project.classes()
    *_, view = do(services, project, "remove", **{"class": str(cat.id)})
    project.remove_class(dog.id)
    assert page_of(services, project, view)["removed"] == ""


def test_hints_are_added_changed_and_removed(services: Services, project: Project) -> None:
    key = {"class": str(project.classes()[0].id)}
    for hint in ("Says meow.", " Purrs. ", "Scratches."):
        do(services, project, "add-hint", value=hint, **key)
    do(services, project, "hint", value="Hisses.", hint="1", **key)
    do(services, project, "hint", value="", hint="0", **key)
    do(services, project, "drop-hint", hint="1", **key)
    assert project.class_named("cat").hints == ("Hisses.",)


def test_a_change_raises_the_revision_for_the_other_steps(
    services: Services, project: Project
) -> None:
    before = project.revision()
    revision, *_ = do(services, project, "rename-project", value="Animals")
    assert revision > before
    assert project.name == "Animals"


def test_without_a_project_the_step_says_what_to_do(services: Services) -> None:
    assert refresh(services, None, View()) is None
    with pytest.raises(NotReady):
        press(services, None, View(), {"action": "add", "value": "cat"})
