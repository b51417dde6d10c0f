"""Another window changes a project between two questions of one drawing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nocode_classifier.learn.refit import settings_to_refit
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer
from nocode_classifier.ui.doubtful import DOUBTFUL
from nocode_classifier.ui.shell.shell import finished_steps
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.collect import step as collect
from nocode_classifier.ui.steps.name import step as name
from nocode_classifier.ui.steps.projects import step as projects
from nocode_classifier.ui.steps.review import step as review
from nocode_classifier.ui.steps.share import step as share
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.train.running import missing
from nocode_classifier.ui.steps.try_out import step as try_out
from tests.meanwhile import change_after_every_read
from tests.undecoded import new_photo

Change = Callable[[Project, int], None]


def add_a_class(project: Project, turn: int) -> None:
    label = project.add_class(f"new {turn}")
    project.add_photo(new_photo(1000 + turn), label.id)


def remove_a_class(project: Project, turn: int) -> None:
    if labels := project.classes():
        project.remove_class(labels[-1].id)


def rename_a_class(project: Project, turn: int) -> None:
    if labels := project.classes():
        project.rename_class(labels[0].id, f"renamed {turn}")


def move_photos(project: Project, turn: int) -> None:
    photos = project.photos()
    if labels := project.classes():
        photo, label = photos[turn % len(photos)], labels[turn % len(labels)]
        project.apply([Decision(photo.id, label.id)], "Moved a photo")


def undo(project: Project, turn: int) -> None:
    if project.undo() is None:
        add_a_class(project, turn)


DRAWINGS: dict[str, Callable[[Services, Project], object]] = {
    "projects": lambda services, _: projects.drawn(services, projects.View()),
    "header": lambda _, project: finished_steps(project),
    "name": lambda _, project: name.drawn(project, name.View()),
    "collect": lambda services, project: collect.show(services, project.id, 2, ""),
    "review": lambda services, project: review.show(services, project.id, review.View()),
    "review of what is in doubt": lambda services, project: review.show(
        services, project.id, review.View(project.id, shown=DOUBTFUL)
    ),
    "review of one class": lambda services, project: review.show(
        services, project.id, review.View(project.id, shown=2)
    ),
    "train": lambda services, project: train.refresh(services, project.id),
    "try": lambda services, project: try_out.show(services, project.id),
    "share": lambda services, project: share.show(services, project.id),
    "what is missing": lambda _, project: missing(project),
    "refit": lambda services, project: settings_to_refit(project, services.library.home),
}


@pytest.fixture(scope="module")
def model(shapes_model: Path) -> Path:
    """A model, to be copied."""
    return shapes_model


@pytest.fixture
def project(services: Services, model: Path) -> Project:
    """Twelve classes of two photos each, and a model that takes half of them for another."""
    made = services.library.create("Shapes", [f"class {number}" for number in range(1, 13)])
    for number, label in enumerate(made.classes() * 2):
        made.add_photo(new_photo(number), label.id)
    adopt(made, model)
    return made


def adopt(project: Project, model: Path) -> None:
    answers = [
        HeldOutAnswer(photo.sha256, class_name, "class 1", 0.9)
        for photo, class_name in project.training_set().photos
    ]
    with project.new_model_folder() as folder:
        shutil.copytree(model, folder, dirs_exist_ok=True)
        project.adopt_model(folder, answers, revision_hash=project.fingerprint())


@pytest.mark.parametrize("change", [add_a_class, remove_a_class, rename_a_class, move_photos, undo])
@pytest.mark.parametrize("drawing", DRAWINGS)
def test_a_drawing_survives_what_happens_between_its_questions(
    services: Services,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    drawing: str,
    change: Change,
) -> None:
    changes = change_after_every_read(monkeypatch, lambda turn: change(project, turn))
    DRAWINGS[drawing](services, project)
    assert changes, "nothing was read, so nothing changed meanwhile"
