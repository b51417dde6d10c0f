"""A process ends at every point of its work; nothing that was there may be missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nocode_classifier.project.library import Library
from tests.project.conftest import make_photo
from tests.project.exits import WORKS
from tests.small_models import adopt_model

ROOT = Path(__file__).resolve().parent.parent.parent


def points_passed(home: Path, stride: int) -> dict[str, int]:
    library = Library(home)
    project = library.create("Pets", ["cats", "dogs"])
    for seed in range(2):
        project.add_photo(make_photo(seed), 1)
    adopt_model(project)
    exported = library.export(project.id, home.parent / "pets.nocode")
    command = [sys.executable, "-m", "tests.project.exits", str(home), str(exported), str(stride)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {work: int(points) for work, points in map(str.split, done.stdout.splitlines())}


@pytest.mark.parametrize("stride", [19, pytest.param(1, marks=pytest.mark.gate)])
def test_an_exit_at_any_point_loses_nothing(stride: int, tmp_path: Path) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    points = points_passed(tmp_path / "home", stride)
    assert points.keys() == WORKS.keys()
    assert all(points.values())
