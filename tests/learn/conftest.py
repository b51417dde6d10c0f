"""One converted backbone, one set of drawn photos and one model for all tests of learning."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocode_classifier.learn.backbones.prepare import extractor_key, prepare
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.features import Extractor, TrainingPhoto
from nocode_classifier.learn.train import TrainedModel
from tests.learning import MemoryStore, drawn_photos, train_on


@pytest.fixture(scope="session")
def extractor(backbone_cache: Path) -> Extractor:
    """The converted backbone."""
    return Extractor(prepare(DEFAULT, backbone_cache), extractor_key(DEFAULT))


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> list[TrainingPhoto]:
    """Ten drawn photos of each of three shapes."""
    counts = {"circle": 10, "stripes": 10, "triangle": 10}
    return drawn_photos(tmp_path_factory.mktemp("shapes"), counts)


@pytest.fixture(scope="session")
def store() -> MemoryStore:
    """Knows the shapes once a model was trained on them."""
    return MemoryStore()


@pytest.fixture(scope="session")
def trained(
    shapes: list[TrainingPhoto],
    store: MemoryStore,
    backbone_cache: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> TrainedModel:
    """A model of the shapes."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    hints = {"circle": ["It rolls."]}
    return train_on(shapes, folder, backbone_cache, store=store, name="Shapes", hints=hints)
