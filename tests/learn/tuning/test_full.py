"""Training a whole network the way a user does it: by its settings, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.settings import Augmentation, Mode, Settings
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import Progress
from tests.learning import train_on


@pytest.mark.slow
def test_a_whole_network_is_trained_and_the_better_model_answers(
    shapes: list[TrainingPhoto], backbone_cache: Path, tmp_path: Path
) -> None:
    told: list[Progress] = []
    settings = Settings(
        Mode.FULL, size=128, epochs=2, rate=1e-3, augmentation=Augmentation(turn=5.0)
    )
    found = train_on(
        shapes, tmp_path / "model", backbone_cache, settings=settings, report=told.append
    )
    assert found.curves is not None
    assert len(found.curves.epochs) == 2
    assert found.curves.best is not None
    assert found.contest is not None
    assert found.card["mode"] == ("full" if found.contest.adopted else "quick")
    assert found.card["settings"]["mode"] == "full"
    assert any(progress.curves and progress.curves.epochs for progress in told)
    assert Predictor(found.folder).predict(shapes[0].path).label in {
        "circle",
        "stripes",
        "triangle",
    }
