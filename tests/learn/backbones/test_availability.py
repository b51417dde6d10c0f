"""Which networks are here, which one is offered, and what is done about one that is gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nocode_classifier.learn.backbones.availability import (
    gone_sentence,
    is_here,
    networks_here,
    stronger_network,
)
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import BACKBONES, DEFAULT, EFFICIENTNET_LITE2
from nocode_classifier.learn.backbones.weights import Bundled, kept_weights
from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.settings import Settings
from nocode_classifier.learn.settings_words import network_label
from nocode_classifier.predict.predictor import Predictor
from tests.learning import MemoryStore, train_on

GONE, BOTH = "convnext-nano", "efficientnet-lite0@224+efficientnet-lite2@260"


def put(backbone: Backbone, cache: Path) -> None:
    """As if it had been downloaded."""
    assert not isinstance(backbone.weights, Bundled)
    kept_weights(cache).mkdir(exist_ok=True)
    (kept_weights(cache) / backbone.weights.kept_as).write_bytes(b"weights")


def test_the_bundled_networks_are_here_and_others_once_they_were_downloaded(tmp_path: Path) -> None:
    assert networks_here(tmp_path) == (DEFAULT, EFFICIENTNET_LITE2)
    put(BACKBONES[-1], tmp_path)
    assert networks_here(tmp_path) == (DEFAULT, EFFICIENTNET_LITE2, BACKBONES[-1])


def test_the_strongest_network_is_offered_until_it_is_here(tmp_path: Path) -> None:
    offered = stronger_network(tmp_path)
    assert offered is not None
    assert offered.key == "tiny-vit-11m"
    others = [each for each in BACKBONES if not (each.is_bundled or each is offered)]
    for other in others:
        assert other.imagenet < offered.imagenet
        put(other, tmp_path)
    assert stronger_network(tmp_path) == offered
    put(offered, tmp_path)
    assert is_here(offered, tmp_path)
    assert stronger_network(tmp_path) is None


def test_a_network_that_is_gone_is_told_by_its_key() -> None:
    assert not any(gone_sentence(name) for name in (*(each.key for each in BACKBONES), BOTH))
    for name in (GONE, f"{BOTH}+{GONE}"):
        assert gone_sentence(name).startswith(f"The network {name} is no longer part of the app; ")


def test_a_model_of_a_network_that_is_gone_answers_and_shows_its_key(
    shapes_model: Path, shapes: list[TrainingPhoto], tmp_path: Path
) -> None:
    model, photo = Path(shutil.copytree(shapes_model, tmp_path / "model")), shapes[0].path
    card = json.loads((model / "card.json").read_text())
    (model / "card.json").write_text(json.dumps({**card, "backbone": GONE}))
    assert Predictor(model).predict(photo) == Predictor(shapes_model).predict(photo)
    assert network_label(GONE) == GONE


@pytest.mark.slow
def test_training_with_a_network_that_is_gone_takes_the_usual_one(
    shapes: list[TrainingPhoto], store: MemoryStore, backbone_cache: Path, tmp_path: Path
) -> None:
    settings = Settings(backbone=GONE, size=320)
    trained = train_on(shapes, tmp_path / "m", backbone_cache, store=store, settings=settings)
    assert trained.notes == (gone_sentence(GONE),)
    assert trained.settings.backbone == trained.card["backbone"] == DEFAULT.key
