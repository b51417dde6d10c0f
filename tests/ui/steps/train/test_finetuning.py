"""What the Train step tells about a training that was tuned, and what it does about it."""

from __future__ import annotations

import json
import math
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.curves import Curves, Epoch
from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.jobs import Job, JobState
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.learn.tuning.model_comparison import ModelComparison
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.runs import NewRun, RunOutcome
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.train.choosing import chooser_value
from nocode_classifier.ui.steps.train.history import past_runs
from nocode_classifier.ui.steps.train.times import seconds_of
from tests.drawing import draw_folder
from tests.patience import PATIENCE

SHAPES = ("circle", "stripes")
THOROUGH = Settings(Mode.THOROUGH, epochs=4, rate=0.5, augmentation=Augmentation(mirror=False))
APART = Curves(4, 0.5, (Epoch(1.1, 9.0, 0.5, 1.0), Epoch(math.inf, math.inf, 1.0, 1.0)), best=0)


def filled(services: Services, tmp_path: Path, photos: int) -> Project:
    project = services.library.create("Shapes")
    folder = draw_folder(tmp_path / "drawn", dict.fromkeys(SHAPES, photos))
    add_photos(project, from_folder(folder), class_id=None)
    return project


@pytest.fixture
def trained(services: Services, tmp_path: Path, backbone_cache: Path) -> Project:
    """A project with a quick model, and 12 photos of each class."""
    project = filled(services, tmp_path, 12)
    train_project(project, backbone_cache)
    return project


def adopt(
    project: Project, curves: Curves | None, comparison: ModelComparison | None = None
) -> None:
    """Another training, which took half a minute and ended with the same model."""
    before = project.models.folder()
    with project.models.new_folder() as folder:
        assert before is not None
        shutil.copytree(before, folder, dirs_exist_ok=True)
        card = json.loads((folder / "card.json").read_text())
        card["contest"] = None if comparison is None else comparison.to_json()
        (folder / "card.json").write_text(json.dumps(card))
        run = NewRun(
            datetime.now(UTC),
            30.0,
            THOROUGH.to_json(),
            RunOutcome.KEPT if comparison and not comparison.adopted else RunOutcome.ADOPTED,
            "Trained.",
            *(23, 24, 0.96, 0.8, 0.99, curves),
        )
        project.models.adopt(
            folder, project.models.held_out(), revision_hash=project.models.fingerprint(), run=run
        )


def head_of(services: Services, project: Project) -> dict[str, Any]:
    head: dict[str, Any] = train.refresh(services, project.id)[0]
    return head


def job_of(services: Services, project: Project) -> Job[Any]:
    job = services.jobs.current(project.id)
    assert job is not None
    return job


def test_which_training_won_is_told_with_both_figures(services: Services, trained: Project) -> None:
    adopt(trained, None, ModelComparison(24, 18, 23, 0, 5))
    comparison = head_of(services, trained)["comparison"]
    assert "Training the network paid off" in comparison["sentence"]
    told = [(row["name"], row["right"], row["won"]) for row in comparison["rows"]]
    assert told == [("As it was", "75.0%", False), ("Fine-tuned", "95.8%", True)]


def test_the_curves_of_the_training_that_made_the_model_are_drawn(
    services: Services, trained: Project
) -> None:
    adopt(trained, APART)
    _, _, curves, _ = train.refresh(services, trained.id)
    assert "came apart" in curves


def test_one_goes_back_to_an_earlier_model_and_forward_again(
    services: Services, trained: Project
) -> None:
    first = trained.models.folder()
    adopt(trained, None)
    second = trained.models.folder()
    newer, older = past_runs(trained)
    assert (newer.how, newer.details) == (
        "Fine-tuned",
        "EfficientNet-Lite0 · 4 rounds · pace 0.5 · no mirroring",
    )
    assert newer.took == "took 30 seconds"
    train.press(services, trained.id, "use", {"run": str(older.id)})
    assert trained.models.folder() == first
    train.press(services, trained.id, "use", {"run": str(newer.id)})
    assert trained.models.folder() == second
    with pytest.raises(NotFound):
        train.press(services, trained.id, "use", {"run": "999"})


def test_a_training_that_was_stopped_is_in_the_history(
    services: Services, trained: Project
) -> None:
    train.press(services, trained.id, "train", {"choice": {"mode": "thorough", "epochs": "3"}})
    train.press(services, trained.id, "stop")
    job = job_of(services, trained)
    assert job.wait(PATIENCE)
    assert job.state is JobState.STOPPED
    newest = past_runs(trained)[0]
    assert (newest.how, newest.outcome, newest.current) == ("Fine-tuned", "Stopped", False)


def test_what_can_not_be_trained_with_starts_nothing(services: Services, trained: Project) -> None:
    with pytest.raises(InputError, match="between 1 and 200 epochs"):
        train.press(services, trained.id, "train", {"choice": {"epochs": "1000"}})
    assert services.jobs.current(trained.id) is None


def test_without_the_internet_the_page_says_which_network_was_taken_instead(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    project = filled(services, tmp_path, 4)
    train.press(services, project.id, "train", {"choice": {"backbone": "mobilenetv2"}})
    job = job_of(services, project)
    assert job.wait(PATIENCE)
    assert job.state is JobState.DONE, job.message
    (note,) = head_of(services, project)["notes"]
    assert "MobileNetV2" in note
    assert "EfficientNet-Lite0 was used instead." in note
    assert past_runs(project)[0].details == "EfficientNet-Lite0"


def test_the_last_time_tells_how_long_it_takes(services: Services, trained: Project) -> None:
    adopt(trained, None)
    assert seconds_of(trained, THOROUGH, Mode.THOROUGH) == pytest.approx(30)
    assert seconds_of(trained, THOROUGH, Mode.QUICK) < 5
    shown = chooser_value(services, trained)
    assert shown is not None
    assert shown["times"] == {"chosen": "about 3 seconds", "finetuned": "about 30 seconds"}


def test_a_network_is_measured_and_its_time_is_shown(services: Services, trained: Project) -> None:
    train.press(services, trained.id, "measure", {"key": "efficientnet-lite0"})
    shown = chooser_value(services, trained)
    job = job_of(services, trained)
    assert job.wait(PATIENCE)
    assert job.state is JobState.DONE, job.message
    assert shown is None or shown["measuring"]["key"] == "efficientnet-lite0"
    after = chooser_value(services, trained)
    assert after is not None
    assert after["networks"][0]["ms"] > 0
    with pytest.raises(InputError, match="no backbone"):
        train.press(services, trained.id, "measure", {"key": "alexnet"})
