"""What tests of learning and answering share: drawn photos ready to learn from, and a store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nocode_classifier.collect.folders import read_class_folder
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.features import NoStore, TrainingPhoto
from nocode_classifier.learn.train import TrainedModel, train
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.drawing import draw_folder

if TYPE_CHECKING:
    from torch import nn

NewShapes = Callable[[Library, str], Project]
"""Puts a trained project of this name into a library."""
ALWAYS_TESTED = ("efficientnet-lite0", "dinov2-small")
"""The bundled network, which is one of convolutions, and one of tokens: others are for the gate."""


def network_params(keys: Iterable[str]) -> list[Any]:
    """Parameters of a test that takes a network; those of further networks are for the gate."""
    return [
        pytest.param(key, id=key, marks=() if key in ALWAYS_TESTED else pytest.mark.gate)
        for key in keys
    ]


def random_network(backbone: Backbone) -> nn.Module:
    """A network as timm or torchvision builds it, with random weights wherever it has any.

    A fresh one has zeros in places: whole branches would add nothing, whatever is done with them.
    """
    import torch

    from nocode_classifier.learn.torch_side.weights import build_network

    torch.manual_seed(0)
    network: nn.Module = build_network(backbone)
    with torch.no_grad():
        for values in network.parameters():
            if values.min() == values.max():
                values.add_(torch.randn_like(values), alpha=0.2)
    return network


class MemoryStore:
    """A `FeatureStore` that knows which photos were looked at, training by training."""

    def __init__(self) -> None:
        self.features: dict[str, bytes] = {}

    def load_features(self, backbone: str, hashes: Sequence[str]) -> dict[str, bytes]:
        self.looked_at: list[str] = []
        return {sha256: self.features[sha256] for sha256 in hashes if sha256 in self.features}

    def save_features(self, backbone: str, items: Mapping[str, bytes]) -> None:
        self.looked_at += items
        self.features.update(items)


def photos_in(folder: Path) -> list[TrainingPhoto]:
    """The photos of a class folder, as they come through the photo check."""
    return [
        TrainingPhoto(photo.path, photo.name, photo.sha256, photo.class_name, photo.perceptual_hash)
        for photo in read_class_folder(folder).photos
    ]


def drawn_photos(
    folder: Path, counts: Mapping[str, int], *, first_seed: int = 0
) -> list[TrainingPhoto]:
    """Photos drawn into a folder, by shape and number."""
    return photos_in(draw_folder(folder, counts, first_seed=first_seed))


def called(photos: Sequence[TrainingPhoto], class_names: Sequence[str]) -> list[TrainingPhoto]:
    """The same photos said to show other things."""
    return [
        replace(photo, class_name=name) for photo, name in zip(photos, class_names, strict=True)
    ]


def train_on(
    photos: Sequence[TrainingPhoto], folder: Path, cache: Path, **options: Any
) -> TrainedModel:
    """Train with all else as usual; the classes are those of the photos."""
    names = sorted({photo.class_name for photo in photos})
    return train(photos, names, folder, cache=cache, **{"store": NoStore(), **options})
