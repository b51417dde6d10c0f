"""A process is killed while it trains; the last whole model must answer as if nothing had been."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.models import MODELS_KEPT
from tests.drawing import draw_folder, draw_photo

KILLS = 12

TRAINING = """
import sys
from pathlib import Path
import onnxruntime
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.project.project import Project
project, cache = Project(Path(sys.argv[1])), Path(sys.argv[2])
print("ready", flush=True)
while True:
    print(train_project(project, cache).folder.name, flush=True)
"""


@pytest.fixture
def project(temporary_home: Path, tmp_path: Path) -> Project:
    project = Library(temporary_home).create("Shapes", ["circle", "stripes"])
    folder = draw_folder(tmp_path / "photos", {"circle": 6, "stripes": 6})
    add_photos(project, from_folder(folder), class_id=None)
    return project


def kill_training(project: Project, cache: Path, seconds: float) -> list[str]:
    """Train again and again for so long, kill, and return the models reported as adopted."""
    process = subprocess.Popen(
        [sys.executable, "-c", TRAINING, str(project.folder), str(cache)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()
        reported = lines.read().split("\n")[:-1]
    process.wait()
    return reported


def adopted(project: Project) -> list[str]:
    """Folders of the models that the database knows, oldest first, if it is sound."""
    with closing(sqlite3.connect(project.database.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return [row[0] for row in connection.execute("SELECT folder FROM models ORDER BY id")]


@pytest.mark.gate
def test_the_last_whole_model_answers_however_often_training_is_killed(
    project: Project, backbone_cache: Path
) -> None:
    train_project(project, backbone_cache)  # looks at the photos
    began = time.monotonic()
    model = (train_project(project, backbone_cache).folder / "model.onnx").read_bytes()
    seconds, chance = time.monotonic() - began, random.Random(4)
    for kill in range(1, KILLS + 1):
        reported = kill_training(project, backbone_cache, chance.uniform(0, 2 * seconds))
        found = Library(project.folder.parent.parent).open(project.id)
        folder, names = found.models.folder(), adopted(found)
        assert folder is not None
        # One more may have been adopted than there was time to report.
        assert not reported or reported[-1] in names[-2:]
        assert folder.name == names[-1]
        assert (folder / "model.onnx").read_bytes() == model
        assert Predictor(folder).predict(draw_photo("stripes", 800)).label == "stripes"
        assert len(found.models.held_out()) == 12
        assert len(list(folder.parent.iterdir())) <= MODELS_KEPT + kill
    project.tidy()
    assert {path.name for path in (project.folder / "models").iterdir()} == set(adopted(project))


@pytest.mark.gate
def test_a_training_that_was_killed_while_looking_goes_on_where_it_was(
    project: Project, backbone_cache: Path
) -> None:
    kill_training(project, backbone_cache, 0.05)
    assert len(train_project(project, backbone_cache).held_out) == 12
    assert len(adopted(project)) >= 1
