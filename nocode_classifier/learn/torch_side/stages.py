"""A network as a row of stages, so that it can be cut: what comes before is computed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn


class StagedNetwork(nn.Module):
    """A network whose stages run one after the other.

    Attributes:
        stages: each takes what the one before it gave.
        taps: numbers of the stages whose outputs are pooled into features, ascending; the last
            stage is one of them. Their outputs, or what `maps` makes of them, are maps: float32
            [n, channels, side, side].
        cut: number of the first stage that is trained when only the last ones are; every tap is
            that stage's input or comes later.
        maps: makes maps of the outputs of stages that give something else, by their number.
    """

    def __init__(
        self,
        stages: Sequence[nn.Module],
        taps: Sequence[int],
        cut: int,
        maps: Mapping[int, nn.Module] | None = None,
    ) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)
        self.taps = tuple(taps)
        self.cut = cut
        self.maps = nn.ModuleDict({str(number): each for number, each in (maps or {}).items()})

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
        found = [self._map(self.cut - 1, activations)] if self.cut - 1 in self.taps else []
        for number, stage in enumerate(self.stages[self.cut :], start=self.cut):
            activations = stage(activations)
            if number in self.taps:
                found.append(self._map(number, activations))
        return found

    def _map(self, number: int, activations: torch.Tensor) -> torch.Tensor:
        name = str(number)
        if name not in self.maps:
            return activations
        found: torch.Tensor = self.maps[name](activations)
        return found
