"""The part of the graph behind the backbone: from maps to features.

Three blocks of features say what is in a photo (the mean of each channel), how concentrated it is
(the standard deviation) and roughly where (means over four overlapping quarters). Each comes with
the part that every position of the whole photo has in it, from which activation maps are made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto

from nocode_classifier.learn.nodes import GraphBuilder

FloatArray = npt.NDArray[np.float32]

LAYOUT_TAPS = slice(1, 3)
"""Taps whose quarters are features: late enough to mean something, early enough to know where."""


def add_features(back: GraphBuilder, taps: dict[str, int]) -> None:
    """Add the outputs `features` [d] and `evidence` [d, rows, columns].

    Args:
        taps: the networks' outputs, float32 [2, channels, side, side], and the side of each.
    """
    grid = min(taps.values())
    coarse = [_coarsened(back, tap, side, grid) for tap, side in taps.items()]
    maps = back.add("Concat", *coarse, axis=1)  # [2, channels, rows, columns]
    in_layout = back.add("Concat", *coarse[LAYOUT_TAPS], axis=1)
    mean, mean_share = _mean_block(back, maps)
    spread, spread_share = _spread_block(back, maps, mean)
    layout, layout_share = _layout_block(back, in_layout, grid)
    back.add("Concat", _root(back, mean), spread, layout, output="features", axis=0)
    shares = back.add("Concat", mean_share, spread_share, layout_share, axis=0)  # [d, positions]
    back.add("Reshape", shares, back.ints(-1, grid, grid), output="evidence")


def coarsening(side: int, grid: int) -> tuple[int, int, int]:
    """Kernel, stride and padding that bring a map to a coarser grid by averaging.

    A network that halves an odd side rounds up, as a rule (17 to 9): then neighbouring means
    overlap, and those at the border are of fewer positions.
    """
    stride = round(side / grid)
    missing = stride > 1 and side < stride * grid
    return (2 * stride - 1, stride, stride - 1) if missing else (stride, stride, 0)


def _coarsened(back: GraphBuilder, tap: str, side: int, grid: int) -> str:
    """A tap brought to the coarsest tap's grid."""
    kernel, stride, padding = coarsening(side, grid)
    if kernel == 1:
        return tap
    more: dict[str, Any] = {"pads": [padding] * 4, "count_include_pad": 0} if padding else {}
    return back.add(
        "AveragePool", tap, kernel_shape=[kernel, kernel], strides=[stride, stride], **more
    )


def _root(back: GraphBuilder, values: str) -> str:
    """Signed square root: evens out the few large activations among many small ones."""
    return back.add("Mul", back.add("Sign", values), back.add("Sqrt", back.add("Abs", values)))


def _mean_block(back: GraphBuilder, maps: str) -> tuple[str, str]:
    """Mean of each channel, [channels], and each position's part of its root.

    With f = sign(m) sqrt|m| of the mean m over n positions, position p gives x_p / (n sqrt|m|).
    These add up to f exactly, so a class-activation map on f (Zhou et al., "Learning Deep Features
    for Discriminative Localization", CVPR 2016) stays exact in spite of the root.
    """
    mean = back.add("ReduceMean", maps, back.ints(0, 2, 3), keepdims=0)
    root = back.add("Sqrt", back.add("Abs", mean))
    share = back.divide(_whole_photo(back, maps), _column(back, root))
    return mean, _per_position(back, share, maps)


def _spread_block(back: GraphBuilder, maps: str, mean: str) -> tuple[str, str]:
    """Root of each channel's standard deviation, [channels], and each position's part of it."""
    centred = back.add("Sub", maps, back.add("Unsqueeze", mean, back.ints(0, 2, 3)))
    squares = back.add("Mul", centred, centred)
    variance = back.add("ReduceMean", squares, back.ints(0, 2, 3), keepdims=0)
    spread = back.add("Sqrt", back.add("Sqrt", variance))
    cubed = back.add("Mul", spread, back.add("Mul", spread, spread))
    share = back.divide(_whole_photo(back, squares), _column(back, cubed))
    return spread, _per_position(back, share, maps)


def _layout_block(back: GraphBuilder, maps: str, grid: int) -> tuple[str, str]:
    """Rooted means over four overlapping quarters, [channels * 4], and each position's part."""
    kernel, stride = grid - grid // 2, grid // 2
    quarters = back.add(
        "AveragePool", maps, kernel_shape=[kernel, kernel], strides=[stride, stride]
    )
    mean = back.add("ReduceMean", quarters, back.ints(0), keepdims=0)  # [channels, 2, 2]
    root = back.add("Reshape", back.add("Sqrt", back.add("Abs", mean)), back.ints(-1, 4, 1))
    positions = back.add("Unsqueeze", _whole_photo(back, maps), back.ints(1))
    masks = back.constant(_quarter_masks(grid) / (2 * kernel * kernel), np.float32)
    share = back.divide(back.add("Mul", positions, masks), root)
    flat = back.add("Reshape", share, back.ints(-1, grid * grid))
    return back.add("Reshape", _root(back, mean), back.ints(-1)), flat


def _quarter_masks(grid: int) -> FloatArray:
    """Which positions belong to each quarter: float32 [1, 4, positions]."""
    masks = np.zeros((4, grid, grid), np.float32)
    half = grid - grid // 2
    for index, mask in enumerate(masks):
        top, left = (index // 2) * (grid // 2), (index % 2) * (grid // 2)
        mask[top : top + half, left : left + half] = 1
    return masks.reshape(1, 4, -1)


def _whole_photo(back: GraphBuilder, maps: str) -> str:
    """The first view's maps, [channels, positions]: the view that shows the whole photo."""
    first = back.add("Slice", maps, back.ints(0), back.ints(1), back.ints(0))
    return back.add("Flatten", back.add("Squeeze", first, back.ints(0)), axis=1)


def _column(back: GraphBuilder, values: str) -> str:
    return back.add("Unsqueeze", values, back.ints(1))


def _per_position(back: GraphBuilder, share: str, maps: str) -> str:
    """Divide by the number of positions in both views."""
    count = back.add("ReduceProd", back.add("Shape", maps, start=2, end=4), keepdims=0)
    both = back.add("Cast", back.add("Mul", count, back.ints(2)), to=TensorProto.FLOAT)
    return back.add("Div", share, both)
