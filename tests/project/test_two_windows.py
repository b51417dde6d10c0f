"""Two windows that keep house among the projects at once, and clocks that jump."""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nocode_classifier.errors import AppError
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project


def keep_house(home: Path, project_id: str, seed: int, rounds: int) -> None:
    library, chance = Library(home), random.Random(seed)
    for _ in range(rounds):
        act = chance.choice(
            [
                lambda: library.bin(project_id),
                lambda: library.restore(project_id),
                lambda: library.rename(project_id, f"Pets {chance.random()}"),
                lambda: library.duplicate(project_id),
                library.projects,
                library.binned,
            ]
        )
        try:
            act()
        except AppError:
            continue  # the other window was quicker


@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.gate)])
def test_two_windows_that_move_one_project_lose_nothing(
    rounds: int, library: Library, pets: Project
) -> None:
    with ThreadPoolExecutor() as threads:
        windows = [
            threads.submit(keep_house, library.home, pets.id, seed, rounds) for seed in (1, 2)
        ]
    for window in windows:
        window.result()
    everywhere = [*library.projects(), *library.binned()]
    assert [info.id for info in everywhere].count(pets.id) == 1
    assert {(info.photos, info.problem) for info in everywhere} == {(6, None)}
    assert not list(library.home.rglob(".new-*"))


def test_a_date_in_the_future_does_not_keep_a_project_from_being_tidied(
    library: Library, pets: Project
) -> None:
    orphan = pets.folder / "photos" / ".new-a"
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))
    with pets.database.writing() as connection:
        connection.execute("UPDATE project SET tidied_at = '2099-01-01T00:00:00+00:00'")
    library.open(pets.id)
    assert not orphan.exists()
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))
    library.open(pets.id)
    assert orphan.exists()
