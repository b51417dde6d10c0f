"""What each kind of ONNX node does, in PyTorch; pickled along with a network for fastai.

`these` are a node's inputs, tensors; `options` its attributes and, by position, those of its inputs
that are whole numbers known beforehand. Axes count as ONNX counts them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch


def _conv(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    from torch.nn import functional

    image, weight, *bias = these
    top, left, bottom, right = options.get("pads", (0, 0, 0, 0))
    return functional.conv2d(
        functional.pad(image, (left, right, top, bottom)),
        weight,
        bias[0] if bias else None,
        tuple(options.get("strides", (1, 1))),
        0,
        tuple(options.get("dilations", (1, 1))),
        options.get("group", 1),
    )


def _average_pool(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    from torch.nn import functional

    top, left, *_ = options.get("pads", (0, 0))  # as much below and on the right
    return functional.avg_pool2d(
        these[0],
        tuple(options["kernel_shape"]),
        tuple(options["strides"]),
        (top, left),
        count_include_pad=False,
    )


def _largest_pool(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    from torch.nn import functional

    top, left, *_ = options.get("pads", (0, 0))
    return functional.max_pool2d(
        these[0],
        tuple(options["kernel_shape"]),
        tuple(options["strides"]),
        (top, left),
        ceil_mode=bool(options.get("ceil_mode", 0)),
    )


def _normalised(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    # Step by step, over the last axis: Core ML's converter trips over the one for any axes.
    value, weight, bias = these
    centred = value - value.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    found: torch.Tensor = centred / (variance + options["epsilon"]).sqrt() * weight + bias
    return found


def _mean(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    return these[0].mean(options["1"], keepdim=bool(options.get("keepdims", 1)))


def _unsqueeze(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    (value,) = these
    for axis in sorted(options["1"]):
        value = value.unsqueeze(axis)
    return value


def _concat(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    import torch

    return torch.cat(these, options["axis"])


def _gather(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    import torch

    value, axis = these[0], options["axis"]
    # Row by row: Core ML's converter trips over shapes that are asked for.
    rows = [torch.tensor(row, device=value.device) for row in options["1"]]
    return torch.stack([value.index_select(axis, row) for row in rows], axis)


def _pad(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    from torch.nn import functional

    before, after = np.split(np.array(options["1"]), 2)
    # PyTorch counts axes from the last one.
    return functional.pad(these[0], np.stack([before, after], 1)[::-1].flatten().tolist())


def _slice(these: list[torch.Tensor], options: dict[str, Any]) -> torch.Tensor:
    (value,) = these
    wanted = [slice(None)] * value.ndim
    for axis, start, end in zip(options["3"], options["1"], options["2"], strict=True):
        wanted[axis] = slice(start, end)
    return value[tuple(wanted)]


def _matrix_times_vector(these: list[torch.Tensor], _: dict[str, Any]) -> torch.Tensor:
    matrix, vector = these
    if vector.ndim > 1:
        return matrix @ vector
    # As a column: not every program that reads PyTorch's graphs knows vectors.
    return (matrix @ vector.unsqueeze(-1)).squeeze(-1)


OPERATIONS: dict[str, Callable[[list[torch.Tensor], dict[str, Any]], torch.Tensor]] = {
    "Abs": lambda these, _: these[0].abs(),
    "Add": lambda these, _: these[0] + these[1],
    "AveragePool": _average_pool,
    "Clip": lambda these, options: these[0].clamp(options.get("1"), options.get("2")),
    "Concat": _concat,
    "Conv": _conv,
    "Div": lambda these, _: these[0] / these[1],
    "Erf": lambda these, _: these[0].erf(),
    "Gather": _gather,
    "Identity": lambda these, _: these[0],
    "LayerNormalization": _normalised,
    "MatMul": _matrix_times_vector,
    "MaxPool": _largest_pool,
    "Mul": lambda these, _: these[0] * these[1],
    "Pad": _pad,
    "ReduceMean": _mean,
    "Relu": lambda these, _: these[0].relu(),
    "Reshape": lambda these, options: these[0].reshape(options["1"]),
    "Sign": lambda these, _: these[0].sign(),
    "Slice": _slice,
    "Softmax": lambda these, options: these[0].softmax(options["axis"]),
    "Sqrt": lambda these, _: these[0].sqrt(),
    "Sub": lambda these, _: these[0] - these[1],
    "Transpose": lambda these, options: these[0].permute(options["perm"]),
    "Unsqueeze": _unsqueeze,
}
