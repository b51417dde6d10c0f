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
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.project.tables.runs import NewRun, RunOutcome
from nocode_classifier.ui.state import COLLECT, Services
from nocode_classifier.ui.steps.train import choices
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.train.choosing import chooser_value
from nocode_classifier.ui.steps.train.history import past_runs
from nocode_classifier.ui.steps.train.running import TRAIN_KIND
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


def seen(services: Services, project: Project) -> str:
    head, _, details, _ = train.refresh(services, project.id)
    return str(head + details)


def job_of(services: Services, project: Project) -> Job[Any]:
    job = services.jobs.current(project.id)
    assert job is not None
    return job


def test_which_training_won_is_told_with_both_figures(services: Services, trained: Project) -> None:
    adopt(trained, None, ModelComparison(24, 18, 23, 0, 5))
    page = seen(services, trained)
    assert "Training the network paid off" in page
    assert "75.0%" in page
    assert '<li class="won"><span class="who">Thorough' in page


def test_a_training_that_came_apart_is_explained_and_tried_more_gently(
    services: Services, trained: Project
) -> None:
    adopt(trained, APART)
    page = seen(services, trained)
    assert "What would help" in page
    assert "came apart" in page
    train.press(services, trained.id, "advice", {"press": "rate too high"})
    job = job_of(services, trained)
    settings = choices.chosen(trained)
    assert (job.kind, settings.mode) == (TRAIN_KIND, Mode.THOROUGH)
    assert settings.rate == pytest.approx(0.05)
    train.press(services, trained.id, "stop")
    assert job.wait(PATIENCE)


def test_few_photos_lead_to_collecting_more(
    services: Services, tmp_path: Path, backbone_cache: Path
) -> None:
    project = filled(services, tmp_path, 5)
    train_project(project, backbone_cache)
    assert "Find more photos" in seen(services, project)
    assert train.press(services, project.id, "advice", {"press": "too few photos"})[1] == COLLECT


def test_advice_about_photos_that_have_changed_since_is_not_given(
    services: Services, trained: Project
) -> None:
    adopt(trained, APART)
    trained.apply([Decision(trained.photos()[0].id, state=PhotoState.BINNED)], "Removed a photo")
    assert "What would help" not in seen(services, trained)
    train.press(services, trained.id, "advice", {"press": "rate too high"})
    assert services.jobs.current(trained.id) is None


def test_one_goes_back_to_an_earlier_model_and_forward_again(
    services: Services, trained: Project
) -> None:
    first = trained.models.folder()
    adopt(trained, None)
    second = trained.models.folder()
    newer, older = past_runs(trained)
    assert (newer.how, newer.details) == (
        "Thorough",
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
    assert (newest.how, newest.outcome, newest.current) == ("Thorough", "Stopped", False)


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
    page = seen(services, project)
    assert "MobileNetV2" in page
    assert "EfficientNet-Lite0 was used instead." in page
    assert past_runs(project)[0].details == "EfficientNet-Lite0"


def test_the_last_time_tells_how_long_it_takes(services: Services, trained: Project) -> None:
    adopt(trained, None)
    assert seconds_of(trained, THOROUGH, Mode.THOROUGH) == pytest.approx(30)
    assert seconds_of(trained, THOROUGH, Mode.QUICK) < 5
    shown = chooser_value(services, trained)
    assert shown is not None
    assert [way["time"] for way in shown["ways"]] == ["about 3 seconds", "about 30 seconds"]


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
