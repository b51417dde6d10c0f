"""A disk that fills up while projects are worked on: sentences, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import Item, add_photos
from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import Unwritable
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.main import build_services
from nocode_classifier.project.library import Library
from nocode_classifier.ui.steps.projects.step import View, page_value
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.try_out import step as try_out
from tests.drawing import draw_folder
from tests.places import fill, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", 60) as folder:
        yield folder


@pytest.fixture
def library(disk: Path, tmp_path: Path, backbone_cache: Path) -> Library:
    """One trained project on a disk with room for another."""
    library = Library(disk / "home")
    project = library.create("Shapes", ["circle", "stripes"])
    add_photos(project, photos(tmp_path, 6, 0), class_id=None)
    train_project(project, backbone_cache)
    return library


def photos(tmp_path: Path, count: int, first_seed: int) -> list[Item]:
    folder = tmp_path / f"photos {first_seed}"
    if not folder.exists():
        draw_folder(folder, {"circle": count, "stripes": count}, first_seed=first_seed)
    return from_folder(folder)


def look(library: Library) -> list[Any]:
    """What people see of a project without changing anything."""
    (info,) = library.projects()
    project = library.open(info.id)
    assert info.problem is None
    services = build_services(library.home)
    assert [each["name"] for each in page_value(services, View())["projects"]] == ["Shapes"]
    train.refresh(services, project.id)
    assert try_out.predictor_of(services, project).predict(project.path_of(project.photos()[0]))
    thumbnails = [project.thumbnail_of(photo.sha256).read_bytes() for photo in project.photos()]
    return [info.name, info.has_model, project.photos(), project.models.held_out(), thumbnails]


def problem_of(work: Callable[[], object]) -> Exception | None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - that is the question
        return error
    return None


@pytest.mark.gate
@pytest.mark.parametrize("leave", [0, 40_000, 600_000])
def test_a_full_disk_is_a_sentence_and_with_room_again_all_goes_on(
    leave: int, library: Library, disk: Path, tmp_path: Path, backbone_cache: Path
) -> None:
    (info,) = library.projects()
    project = library.open(info.id)
    exported = library.export(project.id, tmp_path / "shapes.nocode")
    before = look(library)
    works: dict[str, Callable[[], object]] = {
        "add": lambda: add_photos(project, photos(tmp_path, 10, 100), class_id=None),
        "train": lambda: train_project(project, backbone_cache),
        "export": lambda: library.export(project.id, disk / "again.nocode"),
        "import": lambda: library.import_file(exported),
        "duplicate": lambda: library.duplicate(project.id),
        "create": lambda: library.create("Other", ["a", "b"]),
        "rename": lambda: project.rename("Forms"),
        "decide": lambda: project.models.set_improve_unasked(True),
        "take down": lambda: library.take_down(given="x", sha256="a" * 64),
    }
    for name, work in works.items():
        ballast = fill(disk, leave)
        problem = problem_of(work)
        assert problem is None or isinstance(in_sentence(problem), Unwritable), (name, problem)
        library.projects()
        ballast.unlink()
        assert all(each.problem is None for each in library.projects())
        if problem is not None:
            work()
    kept = {photo.sha256 for photo in library.open(project.id).photos()}
    assert {photo.sha256 for photo in before[2]} <= kept


@pytest.mark.gate
def test_a_project_on_a_full_disk_is_looked_at(library: Library, disk: Path) -> None:
    before = look(library)
    ballast = fill(disk)
    assert look(library) == before
    ballast.unlink()
    assert look(library) == before
