"""How the networks of each family are cut into stages.

What is pooled into features, besides the last stage, are two or three stages before it: what they
saw is less tied to the things the network was trained on. Trained, when not all is, are the stages
behind the first of these.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from nocode_classifier.learn.backbones.backbone import Backbone, Family
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.learn.torch_side.tiny_vit import AttentionBlock
from nocode_classifier.learn.torch_side.weights import build_network, load_network


def load_staged(backbone: Backbone, cache: Path | None = None) -> StagedNetwork:
    """A backbone cut into stages, with its pretrained weights, in evaluation mode.

    Args:
        backbone: which network.
        cache: the user's cache folder, for weights from the internet; the usual one if None.

    Raises:
        WeightsUnavailable: the weights are missing, not the expected ones, or don't fit.
    """
    return FAMILIES[backbone.family](load_network(backbone, cache)).eval()


def random_staged(backbone: Backbone) -> StagedNetwork:
    """The same with random weights: as quick as with good ones, and needs no download."""
    return FAMILIES[backbone.family](build_network(backbone)).eval()


def stage_efficientnet(network: Any) -> StagedNetwork:
    """An EfficientNet or MobileNetV2 of timm: the last three blocks of layers and the head."""
    stem = nn.Sequential(network.conv_stem, network.bn1)
    head = nn.Sequential(network.conv_head, network.bn2)
    stages = [stem, *network.blocks, head]
    last = len(stages) - 1
    return StagedNetwork(stages, range(last - 3, last + 1), cut=last - 2)


def stage_resnet(network: Any) -> StagedNetwork:
    """A ResNet of torchvision: its third layer, and the first and last block of its fourth."""
    stem = nn.Sequential(network.conv1, network.bn1, network.relu, network.maxpool)
    stages = [stem, network.layer1, network.layer2, network.layer3, *network.layer4]
    return StagedNetwork(stages, (3, 4, len(stages) - 1), cut=4)


def stage_squeezenet(network: Any) -> StagedNetwork:
    """torchvision's SqueezeNet 1.1: its last four "fire" modules, all on one grid."""
    parts = list(network.features)
    *before, fourth, third, second, first = parts
    ends = [index for index, part in enumerate(before) if isinstance(part, nn.MaxPool2d)]
    starts = [0, *(end + 1 for end in ends)]
    rows = [
        nn.Sequential(*before[start:end])
        for start, end in zip(starts, [*starts[1:], len(before)], strict=True)
        if start < end
    ]
    stages = [*rows, fourth, third, second, first]
    last = len(stages) - 1
    return StagedNetwork(stages, range(last - 3, last + 1), cut=last - 2)


def stage_tiny_vit(network: Any) -> StagedNetwork:
    """A TinyViT of timm: its third stage, and the first and last block of its fourth."""
    convolutions, *attending = network.stages
    second, third, fourth = (
        [each.downsample, *map(AttentionBlock, each.blocks)] for each in attending
    )
    halving, first, *rest = fourth
    stages = [
        nn.Sequential(network.patch_embed, convolutions),
        nn.Sequential(*second),
        nn.Sequential(*third),
        nn.Sequential(halving, first),
        *rest,
    ]
    return StagedNetwork(stages, (2, 3, len(stages) - 1), cut=3)


def stage_hgnet(network: Any) -> StagedNetwork:
    """A PP-HGNetV2 of timm: the last two blocks of its third stage, and its fourth."""
    first, second, third, fourth = network.stages
    *before, last = third.blocks
    stages = [network.stem, first, second, nn.Sequential(third.downsample, *before), last, fourth]
    return StagedNetwork(stages, (3, 4, 5), cut=4)


def stage_vit(network: Any) -> StagedNetwork:
    """A vision transformer of timm: its last three blocks, normalised as its authors do."""
    blocks, norm = list(network.blocks), network.norm
    network.blocks, network.norm = nn.Sequential(), nn.Identity()
    stages = [_Embedding(network), *blocks]
    last = len(stages) - 1
    grid = network.patch_embed.grid_size
    maps = {
        number: _Patches(norm, network.num_prefix_tokens, grid, summary=number == last)
        for number in range(last - 2, last + 1)
    }
    return StagedNetwork(stages, tuple(maps), cut=last - 1, maps=maps)


class _Embedding(nn.Module):
    """Photos to tokens, float32 [n, tokens, channels]: what summarises the photo, then patches."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, views: torch.Tensor) -> torch.Tensor:
        tokens: torch.Tensor = self.network.norm_pre(
            self.network.patch_drop(self.network._pos_embed(self.network.patch_embed(views)))
        )
        return tokens


class _Patches(nn.Module):
    """Tokens to a map of the patches; the summary can be added as channels alike everywhere.

    Patches alone are half of what DINOv2's authors put their linear head on, the summary (the
    "class token") is the other (Oquab et al., "DINOv2: Learning robust visual features without
    supervision", 2023).
    """

    def __init__(
        self, norm: nn.Module, prefix: int, grid: tuple[int, int], *, summary: bool
    ) -> None:
        super().__init__()
        self.norm = norm
        self.prefix = prefix
        self.grid = grid
        self.summary = summary

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        rows, columns = self.grid
        values: torch.Tensor = self.norm(tokens).transpose(1, 2)
        # Not len() nor -1: the graph must know all of a map's shape but how many there are.
        shape = (values.shape[0], values.shape[1], rows, columns)
        patches = values[:, :, self.prefix :].reshape(shape)
        if not self.summary:
            return patches
        whole = values[:, :, :1, None].expand(-1, -1, rows, columns)
        return torch.cat([patches, whole], dim=1)


FAMILIES: dict[Family, Callable[[Any], StagedNetwork]] = {
    Family.EFFICIENTNET: stage_efficientnet,
    Family.RESNET: stage_resnet,
    Family.SQUEEZENET: stage_squeezenet,
    Family.TINY_VIT: stage_tiny_vit,
    Family.HGNET: stage_hgnet,
    Family.VIT: stage_vit,
}
