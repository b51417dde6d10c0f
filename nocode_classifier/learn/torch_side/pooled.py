"""What `learn/pooling.py` does as part of the graph, in PyTorch: a loss can be taken through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from nocode_classifier.learn.pooling import LAYOUT_TAPS, coarsening

STEEPEST_AT = 1e-3
"""Below this a root is as steep as here: at nought it would be endlessly steep."""


class PooledFeatures(nn.Module):
    """Maps of a network's taps to features, for many photos at once; there is nothing to learn."""

    def forward(self, taps: Sequence[torch.Tensor]) -> torch.Tensor:
        """Pool.

        Args:
            taps: in the network's order, each [n, views, channels, side, side].

        Returns:
            float32 [n, d], as the graph's `features` but for rounding.
        """
        grid = min(int(tap.shape[-1]) for tap in taps)
        coarse = [_coarsened(tap.float(), grid) for tap in taps]
        maps = torch.cat(coarse, dim=2)  # [n, views, channels, rows, columns]
        mean = maps.mean(dim=(1, 3, 4))
        centred = maps - mean[:, None, :, None, None]
        spread = rooted(rooted(centred.square().mean(dim=(1, 3, 4))))
        quarters = _quarters(torch.cat(coarse[LAYOUT_TAPS], dim=2), grid)
        return torch.cat([rooted(mean), spread, rooted(quarters)], dim=1)


def rooted(values: torch.Tensor) -> torch.Tensor:
    """Signed square root with a slope that stays finite at nought."""
    found: torch.Tensor = _SignedRoot.apply(values)
    return found


class _SignedRoot(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(values)
        return values.sign() * values.abs().sqrt()

    @staticmethod
    def backward(ctx: Any, slope: torch.Tensor) -> torch.Tensor:
        (values,) = ctx.saved_tensors
        found: torch.Tensor = slope * 0.5 / values.abs().clamp(min=STEEPEST_AT).sqrt()
        return found


def _coarsened(tap: torch.Tensor, grid: int) -> torch.Tensor:
    """A tap [n, views, channels, side, side] brought to the coarsest tap's grid."""
    kernel, stride, padding = coarsening(tap.shape[-1], grid)
    return tap if kernel == 1 else _averaged(tap, kernel, stride, padding)


def _quarters(maps: torch.Tensor, grid: int) -> torch.Tensor:
    """Means over four overlapping quarters, float32 [n, channels * 4]."""
    return _averaged(maps, grid - grid // 2, grid // 2).mean(dim=1).flatten(1)


def _averaged(maps: torch.Tensor, kernel: int, stride: int, padding: int = 0) -> torch.Tensor:
    """Average pooling of maps that have one dimension more than PyTorch expects."""
    pooled = functional.avg_pool2d(
        maps.flatten(0, 1), kernel, stride, padding, count_include_pad=False
    )
    return pooled.reshape(*maps.shape[:3], *pooled.shape[2:])
