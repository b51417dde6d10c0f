"""A backbone cut into stages, with its pretrained weights or with random ones."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.torch_side.families import FAMILIES
from nocode_classifier.learn.torch_side.stages import Staged
from nocode_classifier.learn.torch_side.weights import build_network, load_network

__all__ = ["Staged", "load_staged", "random_staged"]


def load_staged(backbone: Backbone, cache: Path | None = None) -> Staged:
    """A backbone with its pretrained weights, in evaluation mode.

    Args:
        backbone: which network.
        cache: the user's cache folder, for weights from the internet; the usual one if None.

    Raises:
        WeightsUnavailable: the weights are missing, not the expected ones, or don't fit.
    """
    return _staged(backbone, load_network(backbone, cache))


def random_staged(backbone: Backbone) -> Staged:
    """A backbone with random weights: as quick as with good ones, and needs no download."""
    return _staged(backbone, build_network(backbone))


def _staged(backbone: Backbone, network: nn.Module) -> Staged:
    return FAMILIES[backbone.family](network).eval()
