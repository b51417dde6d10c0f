"""One small model for all tests of answering."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocode_classifier.predict.predictor import Predictor
from tests.learning import drawn_photos, train_on


@pytest.fixture(scope="session")
def model_folder(backbone_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that tells circles, stripes and triangles apart."""
    root = tmp_path_factory.mktemp("predict")
    photos = drawn_photos(root / "photos", {"circle": 8, "stripes": 8, "triangle": 8})
    hints = {"circle": ["It rolls.", "It has no corners."]}
    return train_on(photos, root / "model", backbone_cache, name="Shapes", hints=hints).folder


@pytest.fixture(scope="session")
def predictor(model_folder: Path) -> Predictor:
    """The model, loaded."""
    return Predictor(model_folder)
