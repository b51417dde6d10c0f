"""Computes a program of Core ML's language, operation by operation, on any computer.

Apple's own engine runs on Apple's computers only. What each operation means is defined by the
reference of the language, MIL (coremltools 9.0, `converters/mil/mil/ops/defs/iOS15`); here are
those that our networks are made of. Slow, and meant only to see that a conversion is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nocode_classifier.errors import Unavailable

if TYPE_CHECKING:
    import torch

Options = Mapping[str, Any]
"""An operation's inputs by name: tensors, or plain values that are written in the program."""


def compute(program: Any, inputs: Mapping[str, torch.Tensor]) -> dict[str, float]:
    """The probabilities by class that a classifying program gives.

    Args:
        program: the main function, as coremltools loads it from a package.
        inputs: by name.

    Raises:
        Unavailable: it has an operation that nobody here knows.
    """
    values: dict[str, Any] = dict(inputs)
    for step in program.operations:
        if step.op_type == "const":
            continue
        options = {name: _value(given, values) for name, given in step.inputs.items()}
        if step.op_type == "classify":
            found = options["probabilities"].tolist()
            return dict(zip(options["classes"], found, strict=True))
        if step.op_type not in OPERATIONS:
            raise Unavailable(f"This Core ML program can't be followed: it has {step.op_type}.")
        values[step.outputs[0].name] = OPERATIONS[step.op_type](options)
    raise Unavailable("This Core ML program does not classify.")


def _value(given: Any, values: Mapping[str, Any]) -> Any:
    import torch

    if isinstance(given, list | tuple):
        return [_value(each, values) for each in given]
    if given.name in values:
        return values[given.name]
    fixed = given.val
    is_numbers = isinstance(fixed, np.ndarray) and fixed.dtype == np.float32
    return torch.from_numpy(fixed.copy()) if is_numbers else fixed


def _pad(options: Options) -> torch.Tensor:
    from torch.nn import functional

    pairs = np.asarray(options["pad"]).reshape(-1, 2)
    # PyTorch counts axes from the last one.
    reversed_pairs = [int(side) for pair in pairs[::-1] for side in pair]
    return functional.pad(options["x"], reversed_pairs, value=float(options["constant_val"]))


def _conv(options: Options) -> torch.Tensor:
    from torch.nn import functional

    if options["pad_type"] != "valid":
        raise Unavailable("This Core ML program can't be followed: it pads in a convolution.")
    return functional.conv2d(
        options["x"],
        options["weight"],
        options.get("bias"),
        _whole(options["strides"]),
        0,
        _whole(options["dilations"]),
        int(options["groups"]),
    )


def _average_pool(options: Options) -> torch.Tensor:
    from torch.nn import functional

    counted = np.any(options["pad"]) and not options["exclude_padding_from_average"]
    if counted or options["ceil_mode"]:
        raise Unavailable("This Core ML program can't be followed: it pads in a pooling.")
    return functional.avg_pool2d(
        options["x"],
        _whole(options["kernel_sizes"]),
        _whole(options["strides"]),
        _sides(options),
        count_include_pad=False,
    )


def _largest_pool(options: Options) -> torch.Tensor:
    from torch.nn import functional

    return functional.max_pool2d(
        options["x"],
        _whole(options["kernel_sizes"]),
        _whole(options["strides"]),
        _sides(options),
        ceil_mode=bool(options["ceil_mode"]),
    )


def _sides(options: Options) -> tuple[int, int]:
    """How much is padded above and on the left, and as much below and on the right."""
    top, bottom, left, right = _whole(options["pad"])
    if (top, left) != (bottom, right):
        raise Unavailable("This Core ML program can't be followed: it pads unevenly.")
    return top, left


def _concat(options: Options) -> torch.Tensor:
    import torch

    return torch.cat(options["values"], int(options["axis"]))


def _expand(options: Options) -> torch.Tensor:
    value: torch.Tensor = options["x"]
    for axis in sorted(_whole(options["axes"])):
        value = value.unsqueeze(axis)
    return value


def _mean(options: Options) -> torch.Tensor:
    value: torch.Tensor = options["x"]
    return value.mean(_whole(options["axes"]), keepdim=bool(options["keep_dims"]))


def _normalised(options: Options) -> torch.Tensor:
    from torch.nn import functional

    value, gamma = options["x"], options["gamma"]
    if _whole(options["axes"]) not in ((-1,), (value.ndim - 1,)):
        raise Unavailable("This Core ML program can't be followed: it normalises other axes.")
    return functional.layer_norm(
        value, gamma.shape, gamma, options["beta"], float(options["epsilon"])
    )


def _scaled_by_channel(options: Options) -> torch.Tensor:
    """What a multiplication and an addition by channel become."""
    from torch.nn import functional

    return functional.batch_norm(
        options["x"],
        options["mean"],
        options["variance"],
        options.get("gamma"),
        options.get("beta"),
        eps=float(options["epsilon"]),
    )


def _gelu(options: Options) -> torch.Tensor:
    from torch.nn import functional

    if options["mode"] != "EXACT":
        raise Unavailable("This Core ML program can't be followed: it bends approximately.")
    return functional.gelu(options["x"])


def _linear(options: Options) -> torch.Tensor:
    from torch.nn import functional

    return functional.linear(options["x"], options["weight"], options.get("bias"))


def _matmul(options: Options) -> torch.Tensor:
    x, y = (
        options[name].mT if options.get(f"transpose_{name}") else options[name] for name in "xy"
    )
    found: torch.Tensor = x @ y
    return found


def _slice(options: Options) -> torch.Tensor:
    if any(np.any(options.get(name, False)) for name in ("begin_mask", "squeeze_mask", "stride")):
        raise Unavailable("This Core ML program can't be followed: it cuts out unevenly.")
    ends = np.where(options.get("end_mask", False), None, options["end"])
    wanted = tuple(map(slice, _whole(options["begin"]), ends))
    found: torch.Tensor = options["x"][wanted]
    return found


def _whole(numbers: Any) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers)


OPERATIONS: Mapping[str, Callable[[Options], Any]] = {
    "abs": lambda options: options["x"].abs(),
    "add": lambda options: options["x"] + options["y"],
    "avg_pool": _average_pool,
    "batch_norm": _scaled_by_channel,
    "clip": lambda options: options["x"].clamp(float(options["alpha"]), float(options["beta"])),
    "concat": _concat,
    "conv": _conv,
    "expand_dims": _expand,
    "erf": lambda options: options["x"].erf(),
    "gelu": _gelu,
    "identity": lambda options: options["x"],
    "layer_norm": _normalised,
    "linear": _linear,
    "matmul": _matmul,
    "max_pool": _largest_pool,
    "mul": lambda options: options["x"] * options["y"],
    "pad": _pad,
    "reduce_mean": _mean,
    "real_div": lambda options: options["x"] / options["y"],
    "relu": lambda options: options["x"].relu(),
    "reshape": lambda options: options["x"].reshape(_whole(options["shape"])),
    "sign": lambda options: options["x"].sign(),
    "slice_by_index": _slice,
    "softmax": lambda options: options["x"].softmax(int(options["axis"])),
    "sqrt": lambda options: options["x"].sqrt(),
    "squeeze": lambda options: options["x"].squeeze(_whole(options["axes"])),
    "sub": lambda options: options["x"] - options["y"],
    "transpose": lambda options: options["x"].permute(_whole(options["perm"])),
}
