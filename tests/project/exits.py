"""Does each piece of work again and again, and ends in it at every point at which the disk changes.

`python -m tests.project.exits HOME EXPORTED STRIDE` prints how many points each work has.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState
from tests.small_models import adopt_model

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"}
ENDED = 9


def add(library: Library, project: Project, exported: Path) -> None:
    data = b"a new photo"
    sha256 = hashlib.sha256(data).hexdigest()
    new = NewPhoto(data, sha256, ".jpg", 8, 8, "0" * 16, b"small", "a.jpg", "upload")
    project.add_photo(new, 1)


def decide(library: Library, project: Project, exported: Path) -> None:
    project.apply([Decision(1, state=PhotoState.BINNED)], "Removed 1 photo")
    project.undo()


def delete(library: Library, project: Project, exported: Path) -> None:
    library.bin(project.id)
    library.restore(project.id)


def duplicate(library: Library, project: Project, exported: Path) -> None:
    library.duplicate(project.id)


def bring_in(library: Library, project: Project, exported: Path) -> None:
    library.import_file(exported)


def adopt(library: Library, project: Project, exported: Path) -> None:
    adopt_model(project)


WORKS: dict[str, Callable[[Library, Project, Path], None]] = {
    "add": add,
    "decide": decide,
    "delete": delete,
    "duplicate": duplicate,
    "import": bring_in,
    "adopt": adopt,
}


def end_at(point: int) -> None:
    """Let this process end just before it changes the disk for the so manieth time."""
    points = itertools.count()

    def passed(*_: object) -> None:
        if next(points) == point:
            os._exit(ENDED)

    def heard(event: str, args: tuple[Any, ...]) -> None:
        written = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
        if event in CHANGES or written:
            passed()

    sys.addaudithook(heard)
    connect = sqlite3.connect

    def connected(*args: Any, **options: Any) -> sqlite3.Connection:
        passed()
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(passed)
        return connection

    sqlite3.connect = connected  # type: ignore[assignment]  # fixed for mypy


def check(library: Library, photos: set[str]) -> None:
    """Every project is whole, and what there was is still there."""
    kept: set[str] = set()
    for info in (*library.projects(), *library.binned()):
        assert info.problem is None, info
        project = Project(info.folder)
        with closing(sqlite3.connect(project.database.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        for photo in (*project.photos(), *project.photos(state=PhotoState.BINNED)):
            data = project.path_of(photo).read_bytes()
            assert hashlib.sha256(data).hexdigest() == photo.sha256
            kept.add(photo.sha256)
        assert project.models.folder() is not None
        assert library.open(info.id) if info in library.projects() else True
    assert photos <= kept


def points_of(work: str, home: str, exported: str, stride: int) -> int:
    (info,) = Library(Path(home)).projects()
    photos = {photo.sha256 for photo in Library(Path(home)).open(info.id).photos()}
    for point in itertools.count(0, stride):
        library = Library(Path(f"{home}-{point}"))
        shutil.copytree(home, library.home)
        child = os.fork()
        if not child:
            end_at(point)
            WORKS[work](library, library.open(info.id), Path(exported))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        check(library, photos)
        shutil.rmtree(library.home)
        if code == 0:
            return point
        assert code == ENDED, code
    raise AssertionError


if __name__ == "__main__":
    home, exported, stride = sys.argv[1:]
    for work in WORKS:
        sys.stdout.write(f"{work} {points_of(work, home, exported, int(stride))}\n")
