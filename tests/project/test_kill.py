"""Processes are killed at random moments; nothing that was promised may be missing."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import NewPhoto

BEGINNING = """
import hashlib, os, sys
from pathlib import Path
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer, NewPhoto
library = Library(Path(sys.argv[1]))
project = Project(library.home / "projects" / sys.argv[2])
print("ready", flush=True)
"""

ADDING = """
while True:
    data = os.urandom(20_000)
    sha256 = hashlib.sha256(data).hexdigest()
    new = NewPhoto(data, sha256, ".jpg", 8, 8, "0" * 16, b"small", "a.jpg", "upload")
    project.add_photo(new, 1)
    print(sha256, flush=True)
"""

FINDING = """
from nocode_classifier.project.tables.search_results import NewFind
for number in range(10**9):
    address = f"https://example.org/{os.getpid()}-{number}.jpg"
    project.finds.remember(1, [NewFind(address, "openverse", "cat")])
    data = os.urandom(2_000)
    sha256 = hashlib.sha256(data).hexdigest()
    new = NewPhoto(
        data, sha256, ".jpg", 8, 8, "0" * 16, b"small", "a.jpg", "openverse", address=address
    )
    project.add_photo(new, 1)
    print(address, flush=True)
"""

DUPLICATING = """
while True:
    print(library.duplicate(project.id).id, flush=True)
"""

ADOPTING = """
for number in range(10**9):
    with project.models.new_folder() as folder:
        for name in ("model.onnx", "card.json"):
            (folder / name).write_text(str(number))
        answers = [HeldOutAnswer("a" * 64, str(number), "x", 0.5)] * 20
        print(project.models.adopt(folder, answers, revision_hash="").name, flush=True)
"""


def kill_while(script: str, project: Project, seconds: float) -> list[str]:
    """Run a script on the project for so long, kill it, and return the lines it got out."""
    home = project.folder.parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", BEGINNING + script, str(home), project.id],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()
        said = lines.read().split("\n")[:-1]  # the last line may be half
    process.wait()
    return said


def is_sound(project: Project) -> bool:
    with closing(sqlite3.connect(project.database.path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


@pytest.mark.gate
def test_no_photo_that_was_reported_is_missing_however_often_the_process_is_killed(
    project: Project,
) -> None:
    chance, reported = random.Random(1), set()
    for attempt in range(60):
        reported |= set(kill_while(ADDING, project, chance.uniform(0.01, 0.15)))
        assert is_sound(project)
        kept = {photo.sha256: photo for photo in project.photos()}
        assert reported <= kept.keys()
        for sha256, photo in kept.items():
            assert hashlib.sha256(project.path_of(photo).read_bytes()).hexdigest() == sha256
        # On a busy computer it is killed before it has added much.
        if attempt >= 14 and len(reported) > 15:
            break
    assert len(reported) > 15


@pytest.mark.gate
def test_what_a_killed_search_kept_is_never_fetched_twice(project: Project) -> None:
    chance, reported = random.Random(5), set()
    for attempt in range(60):
        reported |= set(kill_while(FINDING, project, chance.uniform(0.01, 0.15)))
        assert is_sound(project)
        photos = {photo.address for photo in project.photos()}
        waiting = project.search_results.waiting(1, sources=["openverse"], limit=99)
        assert reported <= photos
        assert photos.isdisjoint(find.address for find in waiting)
        assert project.search_results.tally(1).kept == len(photos)
        # On a busy computer a search is killed before it has kept much.
        if attempt >= 9 and len(reported) > 10:
            break
    assert len(reported) > 10


@pytest.mark.gate
def test_a_killed_duplication_leaves_only_whole_projects_in_the_list(
    library: Library, pets: Project
) -> None:
    chance = random.Random(2)
    for _ in range(8):
        reported = kill_while(DUPLICATING, pets, chance.uniform(0.01, 0.1))
        infos = library.projects()
        assert set(reported) <= {info.id for info in infos}
        for info in infos:
            assert (info.problem, info.photos) == (None, 6)
            assert is_sound(library.open(info.id))


@pytest.mark.gate
def test_a_killed_adoption_leaves_the_last_whole_model(pets: Project) -> None:
    chance, reported = random.Random(3), ""
    for attempt in range(60):
        reported = (kill_while(ADOPTING, pets, chance.uniform(0.01, 0.1)) or [reported])[-1]
        assert is_sound(pets)
        folder = pets.models.folder()
        assert folder is not None or not reported
        if folder is not None:
            number = (folder / "model.onnx").read_text()
            assert (folder / "card.json").read_text() == number
            assert {answer.true for answer in pets.models.held_out()} == {number}
            assert len(pets.models.held_out()) == 20
        if attempt >= 7 and reported:
            break
    assert reported


def test_two_processes_add_to_one_project_without_losing_a_photo(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    script = BEGINNING + ADDING.replace("while True", "for _ in range(40)")
    home = project.folder.parent.parent
    others = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(home), project.id], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    before = project.revision()
    for seed in range(20):
        project.add_photo(new_photo(seed), 2)
    for process in others:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert said.count("\n") == 41
    assert (project.counts(), project.revision()) == ({1: 80, 2: 20}, before + 100)
    assert not list(Path(project.folder / "photos").glob(".new-*"))
