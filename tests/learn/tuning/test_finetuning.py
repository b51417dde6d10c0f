"""Training harder, for real: the better model is taken, Stop is at once, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.errors import Cancelled, NotReady, Unavailable
from nocode_classifier.learn.features import Extractor, TrainingPhoto
from nocode_classifier.learn.folds import ungroup_single_scenes
from nocode_classifier.learn.graph import Blocks
from nocode_classifier.learn.heads.evaluation import evaluate
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.learn.study import LabelledFeatures, Study, conclude
from nocode_classifier.learn.train import TrainedModel
from nocode_classifier.learn.tuning import finetuning
from nocode_classifier.learn.tuning.model_comparison import ModelComparison
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import Progress
from tests.drawing import draw_photo
from tests.learning import MemoryStore, train_on

SHORT = Settings(Mode.THOROUGH, epochs=1, augmentation=Augmentation())
IntArray = npt.NDArray[np.int64]
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Temporary files go here, and are gone after the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not list(folder.iterdir())


@pytest.mark.gate
def test_the_quick_model_is_kept_where_training_the_network_does_not_pay_off(
    shapes: list[TrainingPhoto],
    trained: TrainedModel,
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
) -> None:
    found = train_on(shapes, tmp_path / "model", backbone_cache, store=store, settings=SHORT)
    assert found.comparison is not None
    assert not found.comparison.adopted
    assert (found.card["mode"], found.card["settings"]["mode"]) == ("quick", "thorough")
    assert found.card["contest"]["sentence"].endswith("It is used as it was.")
    model = (found.folder / "model.onnx").read_bytes()
    assert model == (trained.folder / "model.onnx").read_bytes()
    assert found.curves is not None
    assert len(found.curves.epochs) == 1
    assert found.settings.rate == finetuning.RATE
    assert found.seconds.keys() == {"features", "fit", "tune", "total"}


@pytest.mark.gate
def test_a_tuned_network_that_wins_answers_afterwards(
    shapes: list[TrainingPhoto],
    trained: TrainedModel,
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ModelComparison, "adopted", True)
    found = train_on(shapes, tmp_path / "model", backbone_cache, store=store, settings=SHORT)
    assert found.card["mode"] == "thorough"
    assert [answer.photo for answer in found.held_out] == shapes
    assert found.accuracy.correct == found.card["contest"]["tuned"]["correct"]
    predictor = Predictor(found.folder)
    unseen = [(shape, seed) for shape in predictor.classes for seed in range(700, 706)]
    right = [predictor.predict(draw_photo(*photo)).label == photo[0] for photo in unseen]
    assert np.mean(right) >= 0.9
    model = (found.folder / "model.onnx").read_bytes()
    assert model != (trained.folder / "model.onnx").read_bytes()


def test_full_trains_the_whole_network_and_is_judged_by_a_fifth(
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ModelComparison, "adopted", True)
    told: list[Progress] = []
    settings = replace(SHORT, mode=Mode.FULL, size=96, rate=1e-3)
    found = train_on(
        shapes,
        tmp_path / "model",
        backbone_cache,
        store=store,
        settings=settings,
        report=told.append,
    )
    assert found.curves is not None
    assert len(found.curves.epochs) == found.curves.planned
    assert found.curves.best is not None
    assert any(progress.curves and progress.curves.epochs for progress in told)
    assert (found.card["mode"], found.card["input_size"]) == ("full", 96)
    assert found.accuracy.photos == len(found.held_out) == 6
    assert (found.photos, "of 6 photos it had not seen" in found.sentence) == (30, True)
    assert Predictor(found.folder).predict(draw_photo("stripes", 700)).label == "stripes"


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param("Trying out varied copies", marks=pytest.mark.gate),
        pytest.param("Getting ready to train the network", marks=pytest.mark.gate),
        pytest.param("Looking at varied copies of your photos", marks=pytest.mark.gate),
        "Training the network",
    ],
)
def test_stop_is_at_once_in_every_phase(
    stage: str,
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
    processes: list[subprocess.Popen[str]],
) -> None:
    pressed: list[float] = []

    def report(progress: Progress) -> None:
        if progress.stage == stage and not pressed:
            pressed.append(time.monotonic())

    varied = stage != "Training the network"
    settings = replace(SHORT, augmentation=None) if varied else SHORT
    with pytest.raises(Cancelled):
        train_on(
            shapes,
            tmp_path / "model",
            backbone_cache,
            store=store,
            settings=settings,
            report=report,
            should_stop=lambda: bool(pressed),
        )
    assert time.monotonic() - pressed[0] < 10
    assert not (tmp_path / "model").exists()
    assert all(process.poll() is not None for process in processes)


@pytest.mark.parametrize(
    "stage",
    [
        "Getting ready to train the network",
        pytest.param("Training the network", marks=pytest.mark.gate),
    ],
)
def test_a_process_that_is_killed_is_told_in_a_sentence(
    stage: str,
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path: Path,
    processes: list[subprocess.Popen[str]],
) -> None:
    def kill(progress: Progress) -> None:
        if progress.stage == stage:
            os.kill(processes[-1].pid, signal.SIGKILL)

    with pytest.raises(Unavailable, match="The network could not be trained: "):
        train_on(
            shapes, tmp_path / "model", backbone_cache, store=store, settings=SHORT, report=kill
        )
    assert not (tmp_path / "model").exists()


def studied(labels: IntArray, groups: IntArray) -> Study:
    """What the quick way finds out about photos that are all noise."""
    blocks = Blocks(means=4, quarters=4, latest=2)
    features = np.random.default_rng(0).standard_normal((len(labels), blocks.total))
    names = tuple(f"class {number}" for number in range(labels.max() + 1))
    photos = [
        TrainingPhoto(Path("none.jpg"), "none", str(n), names[label], "0" * 16)
        for n, label in enumerate(labels)
    ]
    material = LabelledFeatures(photos, names, features.astype(np.float32), labels, (blocks,))
    alone, judged = ungroup_single_scenes(labels, groups)
    found = evaluate(material.features, labels, len(names), alone, [blocks])
    return conclude(material, alone, judged, found, np.ones(len(labels), np.float32))


def test_photos_that_are_all_alike_are_refused_before_anything_begins(tmp_path: Path) -> None:
    labels = np.arange(6) % 2
    asked = Settings(mode=Mode.THOROUGH)
    nothing = cast("Extractor", None)  # no photo is looked at, and no process started
    with (
        pytest.raises(NotReady, match="too much alike"),
        finetuning.finetune(studied(labels, labels), asked, nothing, tmp_path),
    ):
        pass


def test_parts_are_left_out_in_turn_and_keep_every_class() -> None:
    labels = np.array([0] * 40 + [1] * 18 + [2] * 2)
    quick = studied(labels, np.arange(60))
    parts = finetuning._parts(quick, Mode.THOROUGH)
    assert parts.shape == (3, 60)
    assert (parts.sum(axis=0) == 1).all()
    assert all(set(labels[~part]) == {0, 1, 2} for part in parts)
    (part,) = finetuning._parts(quick, Mode.FULL)
    assert 11 <= part.sum() <= 13
    assert set(labels[part]) == {0, 1, 2}


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """The processes that are started."""
    started: list[subprocess.Popen[str]] = []

    class Noted(subprocess.Popen[str]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return started
