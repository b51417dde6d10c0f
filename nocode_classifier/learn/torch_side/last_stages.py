"""The last stages of a network with a head behind them, quick to train on a processor."""

from __future__ import annotations

import torch
from torch import nn

from nocode_classifier.learn.torch_side.pooled import PooledFeatures
from nocode_classifier.learn.torch_side.stages import StagedNetwork


class HalfPrecisionConv(nn.Module):
    """A convolution that calculates in 16 bits, between parts that don't."""

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        self.convolution = convolution

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """What the convolution makes of values, float32."""
        with torch.autocast(values.device.type, torch.bfloat16):
            made: torch.Tensor = self.convolution(values)
        return made.float()


class LastStages(nn.Module):
    """Activations at the cut to scores: the stages that are tuned, their features, a head."""

    def __init__(self, network: StagedNetwork, head: nn.Module, *, halves: bool) -> None:
        """Put together.

        Args:
            network: is changed; `whole` gives it back.
            head: features to scores.
            halves: whether convolutions over all channels calculate in 16 bits. Only these: on a
                processor those with depthwise filters take longer so (18 ms a view when all do,
                10 when only the others do, 13.5 when none does).
        """
        super().__init__()
        self.network, self.pooled, self.head = network, PooledFeatures(), head
        if halves:
            for name, part in [*network.named_modules()]:
                if isinstance(part, nn.Conv2d) and not is_a_filter_a_channel(part):
                    network.set_submodule(name, HalfPrecisionConv(part))

    def whole(self) -> StagedNetwork:
        """The network in 32 bits, as it came."""
        for name, part in [*self.network.named_modules()]:
            if isinstance(part, HalfPrecisionConv):
                self.network.set_submodule(name, part.convolution)
        return self.network

    def train(self, mode: bool = True) -> LastStages:
        """Stay in evaluation mode: few photos make bad statistics for batch normalisation."""
        return super().train(False)

    def features(self, activations: torch.Tensor) -> torch.Tensor:
        """Features float32 [n, d] of activations [n, views, ...]."""
        flat = activations.flatten(0, 1).float()
        if flat.dim() == 4:
            flat = flat.contiguous(memory_format=torch.channels_last)
        taps = self.network.last(flat)
        shape = activations.shape[:2]
        found: torch.Tensor = self.pooled([tap.reshape(*shape, *tap.shape[1:]) for tap in taps])
        return found

    def forward(self, activations: torch.Tensor) -> torch.Tensor:
        """Scores [n, classes]."""
        scores: torch.Tensor = self.head(self.features(activations))
        return scores


def knows_bfloat16(device: torch.device) -> bool:
    """Whether 16-bit numbers make this device quicker: processors only with instructions for it."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # PyTorch tells this under private names only, and not in every version.
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return device.type == "cpu" and any(bool(getattr(torch.cpu, name, bool)()) for name in names)


def is_a_filter_a_channel(part: nn.Module) -> bool:
    """Whether it is a convolution in which no channel meets another."""
    return isinstance(part, nn.Conv2d) and part.groups == part.in_channels > 1
