"""A backbone as a row of stages, so that it can be cut: what comes before is computed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.networks.weights import load_network


class Staged(nn.Module):
    """A network whose stages run one after the other.

    Attributes:
        stages: each takes what the one before it gave.
        taps: numbers of the stages whose outputs are pooled into features, ascending; the last
            stage is one of them. Their outputs are maps, float32 [n, channels, side, side].
        cut: number of the first stage that is trained when only the last ones are; every tap is
            that stage's input or comes later.
    """

    def __init__(self, stages: Sequence[nn.Module], taps: Sequence[int], cut: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)
        self.taps = tuple(taps)
        self.cut = cut

    def forward(self, views: torch.Tensor) -> list[torch.Tensor]:
        """One map a tap, of views float32 [n, 3, side, side]."""
        return self.last(self.first(views))

    def first(self, views: torch.Tensor) -> torch.Tensor:
        """What the stages before the cut make of views."""
        for stage in self.stages[: self.cut]:
            views = stage(views)
        return views

    def last(self, activations: torch.Tensor) -> list[torch.Tensor]:
        """One map a tap, from what `first` gave."""
        found = [activations] if self.cut - 1 in self.taps else []
        for number, stage in enumerate(self.stages[self.cut :], start=self.cut):
            activations = stage(activations)
            if number in self.taps:
                found.append(activations)
        return found


def load_staged(backbone: Backbone) -> Staged:
    """A backbone with its pretrained weights, in evaluation mode.

    Raises:
        Unavailable: the weights are missing, not the expected ones, or don't fit.
    """
    return stage_efficientnet(load_network(backbone), backbone.taps).eval()


def stage_efficientnet(network: Any, taps: Sequence[int]) -> Staged:
    """An EfficientNet or MobileNetV2 of timm, cut in front of its last two blocks of layers.

    Args:
        taps: numbers of blocks, besides the last convolution.
    """
    stem = nn.Sequential(network.conv_stem, network.bn1)
    head = nn.Sequential(network.conv_head, network.bn2)
    stages = [stem, *network.blocks, head]
    return Staged(
        stages, [*(tap + 1 for tap in taps), len(stages) - 1], cut=len(network.blocks) - 1
    )
