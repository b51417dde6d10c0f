"""Another window changes a project while a page is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gradio.blocks import Block

from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer
from nocode_classifier.ui import photo_pages
from nocode_classifier.ui.photo_views import View
from nocode_classifier.ui.shell.shell import show_header
from nocode_classifier.ui.state import TRAIN, Services
from nocode_classifier.ui.steps.check import step as check
from nocode_classifier.ui.steps.collect import step as collect
from nocode_classifier.ui.steps.collect.step import Choice
from nocode_classifier.ui.steps.name import step as name
from nocode_classifier.ui.steps.share import step as share
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.try_out import step as try_out
from nocode_classifier.ui.worth_a_look import WRONG
from tests.meanwhile import change_after_every_read
from tests.small_models import card_of, write_model
from tests.undecoded import new_photo

DRAWINGS: dict[str, Callable[[Services, str], Any]] = {
    "header": lambda services, project_id: show_header(services, TRAIN, project_id),
    "name": lambda services, project_id: name.refresh(services, project_id, name.View()),
    "collect": lambda services, project_id: collect.show(services, project_id, Choice(2), ""),
    "review": lambda services, project_id: photo_pages.show(services, project_id, View()),
    "review of what it got wrong": lambda services, project_id: photo_pages.show(
        services, project_id, View(project_id, shown=WRONG)
    ),
    "review of one class": lambda services, project_id: photo_pages.show(
        services, project_id, View(project_id, shown=2)
    ),
    "train": train.refresh,
    "check": lambda services, project_id: check.drawn(services, services.library.open(project_id)),
    "try": try_out.show,
    "share": share.show,
}


@pytest.fixture
def project(services: Services) -> Project:
    """Twelve classes of two photos each, and a model that takes half of them for another."""
    names = [f"class {number}" for number in range(1, 13)]
    made = services.library.create("Shapes", names)
    for number, label in enumerate(made.classes() * 2):
        made.add_photo(new_photo(number), label.id)
    answers = [
        HeldOutAnswer(photo.sha256, class_name, "class 1", 0.9)
        for photo, class_name in made.training_set().photos
    ]
    with made.models.new_folder() as folder:
        write_model(folder, card_of(*names))
        made.models.adopt(folder, answers, revision_hash=made.models.fingerprint())
    return made


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_a_page_shows_one_moment_whatever_happens_while_it_is_drawn(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch, drawing: str
) -> None:
    def change(turn: int) -> None:
        if turn:  # what opening the project reads comes first, and is not shown
            change_all(Project(project.folder), turn)

    before = values(DRAWINGS[drawing](services, project.id))
    changes = change_after_every_read(monkeypatch, change)
    while_changed = values(DRAWINGS[drawing](services, project.id))
    monkeypatch.undo()
    assert while_changed == before
    assert len(changes) > 2, "it is read piece by piece"
    assert values(DRAWINGS[drawing](services, project.id)) != before


def change_all(project: Project, turn: int) -> None:
    photos, labels = project.photos(), project.classes()
    project.rename_class(labels[0].id, f"renamed {turn}")
    project.add_photo(new_photo(1000 + turn), labels[1].id)
    project.apply([Decision(photos[0].id, labels[turn % 2].id)], f"Moved a photo ({turn})")
    project.remove_class(project.add_class(f"for a moment {turn}").id)
    project.add_class(f"new {turn}")


def values(drawn: Any) -> list[Any]:
    """What was drawn, but for widgets that only change how they look."""
    parts = drawn if isinstance(drawn, tuple) else (drawn,)
    return [part for part in parts if not isinstance(part, Block)]
