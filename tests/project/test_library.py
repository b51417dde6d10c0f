from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from nocode_classifier.errors import InputError, NotFound, Unavailable
from nocode_classifier.placing import link_or_copy, unfinished_folder
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, HeldOutAnswer, PhotoState
from nocode_classifier.project.templates import TEMPLATES, Template
from tests.small_models import write_model


def names(library: Library) -> list[str]:
    return [info.name for info in library.projects()]


def train(project: Project, answer: str = "cats") -> Path:
    with project.models.new_folder() as folder:
        write_model(folder)
        held_out = [HeldOutAnswer("a" * 64, "cats", answer, 0.5)]
        return project.models.adopt(folder, held_out, revision_hash=project.models.fingerprint())


def test_a_new_library_is_empty(library: Library) -> None:
    assert library.projects() == library.binned() == []
    library.empty_bin()


def test_the_list_shows_the_last_changed_project_first(library: Library, pets: Project) -> None:
    library.create("  Plants ")
    assert names(library) == ["Plants", "Pets"]
    pets.add_class("birds")
    info = library.projects()[0]
    assert (info.name, info.photos, info.has_model) == ("Pets", 6, False)
    assert info.class_names == ("cats", "dogs", "birds")
    assert info.cover == tuple(photo.sha256 for photo in pets.photos(limit=4))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_every_template_makes_a_project(library: Library, template: Template) -> None:
    project = library.create_from_template(template.key)
    assert tuple(label.name for label in project.classes()) == template.class_names
    assert all(label.hints for label in project.classes())
    with pytest.raises(InputError, match="hot-dog, bears, art-text-plant"):
        library.create_from_template("cars")


def test_a_project_that_cannot_be_made_leaves_nothing(library: Library) -> None:
    for name, class_names in (("", []), ("x" * 256, []), ("a", ["b", "B"]), ("a", ["\n\0"])):
        with pytest.raises(InputError):
            library.create(name, class_names)
    assert list((library.home / "projects").iterdir()) == []


def test_renaming_keeps_the_id(library: Library, pets: Project) -> None:
    library.rename(pets.id, " Tiere 🐕 ")
    assert names(library) == ["Tiere 🐕"]
    assert pets.name == "Tiere 🐕"
    with pytest.raises(InputError):
        pets.rename("\n")


def test_the_bin_gives_back_until_it_is_emptied(library: Library, pets: Project) -> None:
    library.bin(pets.id)
    assert (names(library), [info.id for info in library.binned()]) == ([], [pets.id])
    with pytest.raises(NotFound):
        library.open(pets.id)
    library.restore(pets.id)
    assert len(library.open(pets.id).photos()) == 6
    library.bin(pets.id)
    library.empty_bin()
    assert library.binned() == []
    assert list((library.home / "bin").iterdir()) == []
    with pytest.raises(NotFound):
        library.restore(pets.id)


@pytest.mark.parametrize("project_id", ["", ".", "..", "../bin", "nothing", "a/b", "CON", "x" * 99])
def test_an_id_that_is_none_is_not_found(library: Library, project_id: str) -> None:
    with pytest.raises(NotFound):
        library.open(project_id)
    with pytest.raises(NotFound):
        library.bin(project_id)


def test_a_duplicate_has_everything_and_goes_its_own_way(library: Library, pets: Project) -> None:
    train(pets)
    pets.apply([Decision(1, state=PhotoState.BINNED)], "Removed 1 photo")
    copy = library.duplicate(pets.id)
    assert library.duplicate(pets.id).name == "Pets (copy 2)"
    assert (copy.name, copy.classes(), copy.photos()) == (
        "Pets (copy)",
        pets.classes(),
        pets.photos(),
    )
    assert copy.models.held_out() == pets.models.held_out()
    assert copy.models.folder() is not None
    assert copy.models.is_stale()  # as the original: a photo was removed
    copy.undo()
    assert (len(copy.photos()), len(pets.photos())) == (6, 5)
    shutil.rmtree(pets.folder)
    assert all(copy.path_of(photo).read_bytes() for photo in copy.photos())
    assert all(copy.thumbnail_of(photo.sha256).is_file() for photo in copy.photos())


def test_duplicates_made_at_the_same_time_have_names_of_their_own(
    library: Library, pets: Project
) -> None:
    with ThreadPoolExecutor(4) as pool:
        copies = list(pool.map(lambda _: library.duplicate(pets.id).name, range(4)))
    assert sorted(copies) == [*(f"Pets (copy {number})" for number in (2, 3, 4)), "Pets (copy)"]
    with pytest.raises(InputError, match="Give the project a name"):
        library.duplicate(pets.id, "")


def test_a_duplicate_of_a_long_name_fits(library: Library) -> None:
    copy = library.duplicate(library.create("x" * 255).id)
    assert len(copy.name) == 255
    assert copy.name.endswith("x (copy)")


def test_a_disk_without_links_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise PermissionError("not on this disk")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    (tmp_path / "a").write_bytes(b"photo")
    link_or_copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"photo"


def test_a_damaged_project_does_not_hide_the_others(library: Library, pets: Project) -> None:
    rubbish, newer = library.create("Rubbish"), library.create("Newer")
    rubbish.database.path.write_bytes(b"no database" * 1000)
    with closing(sqlite3.connect(newer.database.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    (library.home / "projects" / "notes").mkdir()
    (library.home / "projects" / ".DS_Store").write_bytes(b"")
    problems = {info.id: info.problem for info in library.projects()}
    assert problems[pets.id] is None
    assert "damaged" in str(problems[rubbish.id])
    assert "newer version" in str(problems[newer.id])
    with pytest.raises(Unavailable, match="damaged"):
        library.open(rubbish.id)
    library.bin(rubbish.id)
    assert len(library.projects()) == 2


def test_a_model_is_current_until_the_next_and_twenty_are_kept(pets: Project) -> None:
    assert (pets.models.folder(), pets.models.held_out(), pets.models.is_stale()) == (
        None,
        [],
        False,
    )
    folders = [train(pets, f"answer {number}") for number in range(22)]
    assert pets.models.folder() == folders[-1]
    assert pets.models.held_out()[0].predicted == "answer 21"
    assert [folder.is_dir() for folder in folders] == [False] * 2 + [True] * 20
    shutil.rmtree(folders[-1])
    assert pets.models.folder() == folders[-2]
    assert pets.models.held_out()[0].predicted == "answer 20"


def test_a_model_is_stale_once_what_it_learned_from_changed(pets: Project) -> None:
    train(pets)
    cats = pets.class_named("cats").id
    changes: tuple[Callable[[], object], ...] = (
        lambda: pets.apply([Decision(1, state=PhotoState.BINNED)], "x"),
        lambda: pets.rename_class(cats, "felines"),
        lambda: pets.add_class("birds"),
    )
    for change in changes:
        assert not pets.models.is_stale()
        change()
        assert pets.models.is_stale()
        train(pets)
    pets.rename("Animals")
    pets.set_hints(cats, ["Meow."])
    assert not pets.models.is_stale()


def test_what_killed_processes_left_is_swept_and_what_is_written_just_now_or_known_stays(
    library: Library, pets: Project
) -> None:
    train(pets)
    projects, photos, models = (
        library.home / "projects",
        pets.folder / "photos",
        pets.folder / "models",
    )
    left = [folder / f".new-{'a' * 16}" / "new" for folder in (projects, photos, models)]
    left += [models / "b", next(models.iterdir()) / f".new-{'a' * 16}"]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "x").write_bytes(b"x")
    (photos / f"{'a' * 64}.jpg").write_bytes(b"x")
    with unfinished_folder(projects) as live, unfinished_folder(photos) as other:
        for path in (live.parent, other.parent):
            os.utime(path, (0, 0))  # the clock was set
        pets.tidy()
        library.create("Other")
        assert live.is_dir()
        assert other.is_dir()
    assert not [path for path in (*left, photos / f"{'a' * 64}.jpg") if path.exists()]
    assert not list(library.home.rglob(".new-*"))
    assert pets.path_of(pets.photos()[0]).is_file()
    assert pets.models.folder() is not None


def test_opening_tidies_once_a_day(library: Library, pets: Project) -> None:
    orphan = pets.folder / "photos" / f"{'a' * 64}.jpg"
    orphan.write_bytes(b"x")
    library.open(pets.id)
    assert orphan.exists()
    with pets.database.writing() as connection:
        connection.execute("UPDATE project SET tidied_at = '2020-01-01T00:00:00+00:00'")
    library.open(pets.id)
    assert not orphan.exists()


def test_a_home_with_any_name_works(tmp_path: Path) -> None:
    library = Library(tmp_path / "Ünï #1 50% a?b=c&d 🐈")
    project = library.create("Pets", ["cats"])
    assert library.open(project.id).class_named("cats")
    assert library.duplicate(project.id).name == "Pets (copy)"
