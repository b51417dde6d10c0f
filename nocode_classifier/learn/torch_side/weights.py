"""Builds a backbone's PyTorch network and reads its weights into it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import timm
import torch

from nocode_classifier.errors import WeightsUnavailable
from nocode_classifier.learn.backbones.backbone import Backbone, Family

OF_TORCHVISION = {Family.RESNET, Family.SQUEEZENET}
"""Built by torchvision, whose weights they start from; the others are timm's."""


def build_network(backbone: Backbone) -> Any:
    """The backbone as timm or torchvision builds it, with random weights, in evaluation mode."""
    if backbone.family in OF_TORCHVISION:
        import torchvision

        return torchvision.models.get_model(backbone.architecture, weights=None).eval()
    options: dict[str, Any] = {}
    if backbone.family is Family.VIT:
        options = {"img_size": backbone.input_size, "num_classes": 0}
    return timm.create_model(backbone.architecture, pretrained=False, **options).eval()


def load_network(backbone: Backbone, cache: Path | None = None) -> Any:
    """The backbone with its pretrained weights, in evaluation mode.

    Args:
        backbone: which network.
        cache: the user's cache folder, for weights from the internet; the usual one if None.

    Raises:
        WeightsUnavailable: the weights are missing, not the expected ones, or don't fit.
    """
    path = backbone.weights_path(cache)
    network = build_network(backbone)
    if backbone.is_bundled:
        weights = _in_order(torch.load(path, map_location="cpu", weights_only=True), network)
    else:
        weights = _read(path, network)
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise WeightsUnavailable(
            f"The weights of {backbone.label} do not fit the installed timm or torchvision."
        ) from error
    return network


def _in_order(weights: dict[str, Any], network: Any) -> dict[str, Any]:
    """The packages' names are of another implementation; their tensors come in the same order."""
    names = list(network.state_dict())
    return dict(zip(names, weights.values(), strict=len(names) == len(weights)))


def _read(path: Path, network: Any) -> dict[str, Any]:
    if path.suffix != ".safetensors":
        found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return found
    from safetensors.torch import load_file

    # What was published for one size or by another version, timm itself fits to what it built.
    module = sys.modules[type(network).__module__]
    fit: Callable[..., dict[str, Any]] | None = getattr(module, "checkpoint_filter_fn", None)
    weights = load_file(path)
    return weights if fit is None else fit(weights, network)
