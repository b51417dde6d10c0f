"""Processes are killed at random moments; nothing that was promised may be missing."""

from __future__ import annotations

import hashlib
import json
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

ROOT = Path(__file__).resolve().parent.parent.parent

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
from nocode_classifier.project.tables.search_results import NewSearchResult
for number in range(10**9):
    address = f"https://example.org/{os.getpid()}-{number}.jpg"
    project.search_results.remember(1, [NewSearchResult(address, "openverse", "cat")])
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
from tests.small_models import card_of, write_model
for number in range(10**9):
    with project.models.new_folder() as folder:
        write_model(folder, card_of("cats") | {"notes": [str(number)]}, str(number))
        answers = [HeldOutAnswer("a" * 64, str(number), "x", 0.5)] * 20
        print(project.models.adopt(folder, answers, revision_hash="").name, flush=True)
"""


def kill_while(script: str, project: Project, chance: random.Random) -> list[str]:
    """Run a script on the project, kill it a moment after one of its first lines, return all."""
    home = project.folder.parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", BEGINNING + script, str(home), project.id],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline() == "ready\n"
        said = [lines.readline().rstrip("\n") for _ in range(chance.randrange(4))]
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        said += lines.read().split("\n")[:-1]  # the last line may be half
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
    for _ in range(15):
        reported |= set(kill_while(ADDING, project, chance))
        assert is_sound(project)
        kept = {photo.sha256: photo for photo in project.photos()}
        assert reported <= kept.keys()
        for sha256, photo in kept.items():
            assert hashlib.sha256(project.path_of(photo).read_bytes()).hexdigest() == sha256
    assert len(reported) > 15


@pytest.mark.gate
def test_what_a_killed_search_kept_is_never_fetched_twice(project: Project) -> None:
    chance, reported = random.Random(5), set()
    for _ in range(12):
        reported |= set(kill_while(FINDING, project, chance))
        assert is_sound(project)
        photos = {photo.address for photo in project.photos()}
        waiting = project.search_results.waiting(1, sources=["openverse"], limit=99)
        assert reported <= photos
        assert photos.isdisjoint(find.address for find in waiting)
        assert project.search_results.tally(1).kept == len(photos)
    assert len(reported) > 10


@pytest.mark.gate
def test_a_killed_duplication_leaves_only_whole_projects_in_the_list(
    library: Library, pets: Project
) -> None:
    chance = random.Random(2)
    for _ in range(8):
        reported = kill_while(DUPLICATING, pets, chance)
        infos = library.projects()
        assert set(reported) <= {info.id for info in infos}
        for info in infos:
            assert (info.problem, info.photos) == (None, 6)
            assert is_sound(library.open(info.id))


@pytest.mark.gate
def test_a_killed_adoption_leaves_the_last_whole_model(pets: Project) -> None:
    chance, reported = random.Random(3), ""
    for _ in range(12):
        reported = (kill_while(ADOPTING, pets, chance) or [reported])[-1]
        assert is_sound(pets)
        folder = pets.models.folder()
        assert folder is not None or not reported
        if folder is not None:
            number = (folder / "model.onnx").read_text()
            assert json.loads((folder / "card.json").read_text())["notes"] == [number]
            assert {answer.true for answer in pets.models.held_out()} == {number}
            assert len(pets.models.held_out()) == 20
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
