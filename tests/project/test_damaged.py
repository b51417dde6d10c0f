"""Every way in which a project's folder may be broken: the others go on, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import AppError, Unavailable, Unwritable
from nocode_classifier.project.library import Library
from nocode_classifier.project.near_copies.index import known_likenesses
from nocode_classifier.project.project import Project
from tests.places import as_anybody, open_to_all, read_only
from tests.project.conftest import make_photo
from tests.project.store.test_migrations import make_first_version
from tests.small_models import adopt_model


def executed(*statements: str) -> Callable[[Path], object]:
    def spoil(database: Path) -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.executescript(";".join(statements))

    return spoil


def replaced(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def spoil(path: Path) -> None:
        path.unlink()
        make(path)

    return spoil


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where two projects are: pets, with photos and a model, and one to be broken."""
    library = Library(tmp_path_factory.mktemp("damaged") / "home")
    pets = library.create("Pets", ["cats", "dogs"])
    for seed in range(2):
        pets.add_photo(make_photo(seed), 1 + seed)
    adopt_model(pets)
    library.create("Broken", ["cats"])
    return library.home


@pytest.fixture
def library(home: Path, temporary_home: Path) -> Library:
    return Library(shutil.copytree(home, temporary_home))


@pytest.fixture
def pets(library: Library) -> Project:
    return named(library, "Pets")


def named(library: Library, name: str) -> Project:
    (info,) = (info for info in library.projects() if info.name == name)
    return library.open(info.id)


NO_NAME = (
    "ALTER TABLE project RENAME TO old",
    "CREATE TABLE project (id, name, revision, modified_at, tidied_at, takedowns_done)",
    "INSERT INTO project VALUES (1, NULL, 1, '', '', '')",
)
BREAKS: dict[str, Callable[[Path], object]] = {
    "nothing in it": lambda path: path.write_bytes(b""),
    "no database": Path.unlink,
    "a folder": replaced(Path.mkdir),
    "a loop": replaced(loop),
    "garbage": lambda path: path.write_bytes(b"no database" * 1000),
    "half": truncated,
    "another program's": executed("DROP TABLE project", "PRAGMA user_version = 7"),
    "no row": executed("DELETE FROM project"),
    "no row, of no version": executed("DELETE FROM project", "PRAGMA user_version = -5"),
    "of a negative version": executed("PRAGMA user_version = -5"),
    "of no version": executed("PRAGMA user_version = 0"),
    "newer": executed("PRAGMA user_version = 99"),
    "no photos table": executed("DROP TABLE likenesses", "DROP TABLE photos"),
    "no name": executed(*NO_NAME),
    "no date": executed("UPDATE project SET modified_at = 'yesterday'"),
}


@pytest.mark.parametrize("spoil", BREAKS.values(), ids=BREAKS)
def test_a_broken_project_is_shown_as_such_and_the_others_go_on(
    spoil: Callable[[Path], object], library: Library, pets: Project, tmp_path: Path
) -> None:
    broken = named(library, "Broken")
    spoil(broken.database.path)
    before = broken.database.path.read_bytes() if broken.database.path.is_file() else None
    for listed in (library.projects, library.binned):
        problems = {info.id: info.problem for info in listed()}
        place = broken.folder if listed == library.projects else "bin"
        assert str(place) in str(problems[broken.id])
        if listed == library.projects:
            assert problems.pop(pets.id) is None
            assert library.export(pets.id, tmp_path / "pets.nocode").is_file()
            sha256 = pets.photos()[0].sha256
            assert library.take_down(given="a photo", sha256=sha256).projects[0].photos == 1
            refused = is_refused(library, broken.id)
            library.bin(broken.id)
    library.restore(broken.id)
    if refused and before is not None:
        assert broken.database.path.read_bytes() == before


def is_refused(library: Library, project_id: str) -> bool:
    try:
        library.open(project_id)
    except Unavailable:
        return True
    return False


def test_a_project_that_may_not_be_looked_into_is_shown_as_such() -> None:
    with open_to_all() as place:
        library = Library(place / "home")
        library.create("Pets")
        hidden = library.create("Hidden")
        hidden.folder.chmod(0)
        with as_anybody():
            problems = {info.id: info.problem for info in library.projects()}
        hidden.folder.chmod(0o755)
    assert "does not allow it" in str(problems[hidden.id])


def test_a_project_that_can_only_be_read_is_looked_at_and_exported(tmp_path: Path) -> None:
    with open_to_all() as place:
        library = Library(place / "home")
        project = library.create("Pets", ["cats", "dogs"])
        for seed in range(2):
            project.add_photo(make_photo(seed), 1)
        adopt_model(project)
        executed("UPDATE project SET tidied_at = '2020-01-01T00:00:00+00:00'")(
            project.database.path
        )
        (place / "elsewhere").mkdir()
        (place / "elsewhere").chmod(0o777)
        with read_only(place / "home"):
            (info,) = library.projects()
            assert (info.name, info.photos, info.has_model, info.problem) == ("Pets", 2, True, None)
            opened = library.open(project.id)
            assert [opened.thumbnail_of(p.sha256).is_file() for p in opened.photos()] == [True] * 2
            assert library.export(project.id, place / "elsewhere").is_file()
            for change in (
                lambda: opened.rename("Animals"),
                lambda: opened.add_photo(make_photo(9), 1),
                lambda: adopt_model(opened),
                lambda: library.create("Other"),
                lambda: library.bin(project.id),
            ):
                with pytest.raises((Unwritable, PermissionError)) as caught:
                    change()
                assert isinstance(in_sentence(caught.value), Unwritable)
        opened.rename("Animals")


def test_a_project_of_an_older_version_that_can_only_be_read_is_looked_at() -> None:
    with open_to_all() as place:
        make_first_version(place / "home" / "projects" / "old1")
        with read_only(place / "home"):
            (photo,) = Library(place / "home").open("old1").photos()
            assert photo.title is None


FILES = ("project.sqlite3", "photos/*", "thumbnails/*", "models/*/model.onnx", "models/*/card.json")
HARMS: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "halved": truncated,
    "garbage": lambda path: path.write_bytes(os.urandom(500)),
    "gone": Path.unlink,
    "a folder": replaced(Path.mkdir),
}
PARTS = ("photos", "thumbnails", "models", "models/*")


@pytest.mark.gate
@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
@pytest.mark.parametrize("file", FILES)
def test_whatever_file_is_damaged_there_are_sentences_only(
    file: str, harm: Callable[[Path], object], library: Library, pets: Project, tmp_path: Path
) -> None:
    harm(sorted(pets.folder.glob(file))[0])
    use(library, pets.id, tmp_path)


@pytest.mark.gate
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("in_its_place", [None, Path.touch, loop], ids=["nothing", "file", "loop"])
def test_whatever_folder_is_lost_there_are_sentences_only(
    part: str,
    in_its_place: Callable[[Path], object] | None,
    library: Library,
    pets: Project,
    tmp_path: Path,
) -> None:
    lost = sorted(pets.folder.glob(part))[0]
    shutil.rmtree(lost)
    if in_its_place is not None:
        in_its_place(lost)
    use(library, pets.id, tmp_path)
    if in_its_place is None:
        assert adopt_model(library.open(pets.id)).is_dir()


def use(library: Library, project_id: str, elsewhere: Path) -> None:
    """Do with a project whatever can be done; nothing but sentences may come of it."""
    assert len(library.projects()) == 2
    project = Project(library.home / "projects" / project_id, library.blocklist)
    for what in (
        lambda: library.open(project_id),
        project.tidy,
        project.models.folder,
        project.models.runs,
        lambda: known_likenesses(project.database),
        lambda: project.add_photo(make_photo(77), 1),
        lambda: [project.thumbnail_of(photo.sha256) for photo in project.photos()],
        lambda: adopt_model(project),
        lambda: project.set_hints(1, ["Meow."]),
        lambda: library.export(project_id, elsewhere / "a.nocode"),
        lambda: library.duplicate(project_id),
    ):
        try:
            what()
        except (OSError, AppError) as error:
            told = in_sentence(error)
            if told is None:
                raise
    library.bin(project_id)
    library.restore(project_id)
