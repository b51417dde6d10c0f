"""Work that has not heard yet that its project was deleted."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from pathlib import Path

import pytest

from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import NotFound
from nocode_classifier.jobs import JobState
from nocode_classifier.learn.model_folder import write_model_folder
from nocode_classifier.learn.settings import Settings
from nocode_classifier.progress import Report, ShouldStop, check_stop
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.projects.step import View, press
from tests.patience import PATIENCE
from tests.small_models import adopt_model, write_model


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Pets", ["cat", "dog"])


def until_stopped(began: threading.Event, report: Report, should_stop: ShouldStop) -> None:
    began.set()
    while True:
        check_stop(should_stop)
        threading.Event().wait(0.01)


def test_deleting_stops_what_nobody_sees_too(services: Services, project: Project) -> None:
    began = threading.Event()
    quiet = services.jobs.start_quiet(project.id, "improve", partial(until_stopped, began))
    assert quiet is not None
    assert began.wait(PATIENCE)
    press(services, None, View(), {"action": "delete", "project": project.id})
    assert quiet.state is JobState.STOPPED
    assert [info.id for info in services.library.binned()] == [project.id]


def test_what_outlives_a_deletion_does_not_make_the_folder_again(
    services: Services, project: Project
) -> None:
    folder = project.folder / "models" / "begun" / "new"
    services.library.bin(project.id)
    for write in (
        lambda: write_model_folder(folder, _Graph(), {}),
        lambda: adopt_model(project),
        lambda: choices.keep(project, Settings()),
        lambda: project.thumbnail_of("a" * 64),
        lambda: project.tidy(),
    ):
        with pytest.raises((OSError, NotFound)) as caught:
            write()
        assert isinstance(in_sentence(caught.value), NotFound)
    assert not project.folder.exists()
    services.library.restore(project.id)
    assert services.library.open(project.id).name == "Pets"


class _Graph:
    def SerializeToString(self) -> bytes:  # noqa: N802
        return b"graph"


@pytest.mark.parametrize("precious", [False, True])
def test_a_remnant_is_no_obstacle_to_restoring_and_nothing_of_worth_is_lost(
    services: Services, project: Project, precious: bool
) -> None:
    library = services.library
    library.bin(project.id)
    half = project.folder / "models" / f".new-{'0' * 16}" / "new"
    half.mkdir(parents=True)
    write_model(half)
    if precious:
        (project.folder / "models" / "notes.txt").write_text("mine")
    assert library.projects() == []
    library.restore(project.id)
    assert [info.name for info in library.projects()] == ["Pets"]
    kept = [path.read_text() for path in (library.home / "kept-aside").rglob("notes.txt")]
    assert kept == (["mine"] if precious else [])
    assert not (library.open(project.id).folder / "models" / f".new-{'0' * 16}" / "new").exists()


def test_a_project_that_is_back_from_a_backup_and_in_the_bin_is_there_twice(
    services: Services, project: Project, tmp_path: Path
) -> None:
    library = services.library
    shutil.copytree(project.folder, tmp_path / "backup")
    library.bin(project.id)
    shutil.copytree(tmp_path / "backup", project.folder)
    library.bin(project.id)
    assert [info.name for info in library.binned()] == ["Pets"] * 2
    for info in library.binned():
        library.restore(info.id)
    assert [info.problem for info in library.projects()] == [None] * 2
