"""Reads a backbone's weights into its PyTorch network."""

from __future__ import annotations

from typing import Any

import timm
import torch

from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.backbones.backbone import Backbone


def load_network(backbone: Backbone) -> Any:
    """The backbone as a timm model with its pretrained weights, in evaluation mode.

    Raises:
        Unavailable: the weights are missing, not the expected ones, or don't fit.
    """
    weights = torch.load(backbone.weights_path(), map_location="cpu", weights_only=True)
    network = timm.create_model(backbone.timm_name, pretrained=False)
    names = list(network.state_dict())
    # The package's names are of another implementation; its tensors come in the same order.
    if len(names) != len(weights):
        raise Unavailable(f"The weights of {backbone.label} do not fit the installed timm.")
    network.load_state_dict(dict(zip(names, weights.values(), strict=True)))
    return network.eval()
