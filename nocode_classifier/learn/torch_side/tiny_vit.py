"""TinyViT's blocks of attention on maps, in plain shapes that every program can read.

timm's own ask for the number of photos again and again, which other programs than ONNX Runtime
can't follow, and remember the biases of attention, which then can't be trained in evaluation mode.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional


class AttentionBlock(nn.Module):
    """A block of timm's TinyViT, for maps [n, channels, side, side].

    Attention is among the positions of one window (Wu et al., "TinyViT: Fast pretraining
    distillation for small vision transformers", ECCV 2022).
    """

    def __init__(self, block: Any) -> None:
        """Take over a block, weights and all."""
        super().__init__()
        self.attention, self.mlp, self.convolution = block.attn, block.mlp, block.local_conv
        self.window = int(block.window_size)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Maps of the same shape."""
        channels, side = int(maps.shape[1]), int(maps.shape[-1])
        maps = self.convolution(maps + self._attended(maps, channels, side))
        tokens = maps.reshape(-1, channels, side * side).transpose(1, 2)
        tokens = tokens + self.mlp(tokens)
        found: torch.Tensor = tokens.transpose(1, 2).reshape(-1, channels, side, side)
        return found

    def _attended(self, maps: torch.Tensor, channels: int, side: int) -> torch.Tensor:
        window = self.window
        across = -(-side // window)
        missing = across * window - side
        if missing:
            maps = functional.pad(maps, (0, missing, 0, missing))
        rows = maps.permute(0, 2, 3, 1).reshape(-1, window, across, window * channels)
        tokens = rows.transpose(1, 2).reshape(-1, window * window, channels)
        tokens = attend(self.attention, tokens, window)
        rows = tokens.reshape(-1, across, window, window * channels).transpose(1, 2)
        whole = rows.reshape(-1, across * window, across * window, channels).permute(0, 3, 1, 2)
        return whole[:, :, :side, :side] if missing else whole


def attend(attention: Any, tokens: torch.Tensor, side: int) -> torch.Tensor:
    """What timm's attention of a TinyViT makes of tokens [windows, side * side, channels]."""
    heads, size = attention.num_heads, attention.key_dim
    # One head after the other: its queries, its keys, its values.
    mixed = attention.qkv(attention.norm(tokens)).reshape(-1, side * side, heads, 3 * size)
    mixed = mixed.transpose(1, 2)
    query, key, value = (mixed[..., start : start + size] for start in (0, size, 2 * size))
    alike = (query * attention.scale) @ key.transpose(-2, -1)
    shares = (alike + biases_of(attention.attention_biases, side)).softmax(dim=-1)
    found = (shares @ value).transpose(1, 2).reshape(-1, side * side, heads * size)
    projected: torch.Tensor = attention.proj(found)
    return projected


def biases_of(table: torch.Tensor, side: int) -> torch.Tensor:
    """What two positions of a window add to their likeness, [heads, positions, positions].

    Args:
        table: [heads, side * side], by how many rows and columns lie between two positions. Looked
            up for rows and columns apart: both at once would need large tables of numbers.
        side: of the window, positions.
    """
    places = torch.arange(side, device=table.device)
    between = (places[:, None] - places).abs()
    by_rows = table.reshape(-1, side, side)[:, between]  # [heads, row, row, columns]
    by_both = by_rows[..., between]  # [heads, row, row, column, column]
    return by_both.transpose(2, 3).reshape(-1, side * side, side * side)
