"""Prepares a model's graph for the page: a quick look for live video, and lighter weights.

The graph looks at two views of a photo. On a phone that takes too long for live video, so the
page's graph also takes which views to look at: `first_view` and `end_view`, int64 [1]. 0 and 2 give
exactly the model's own answer. Looking at one view in turn and averaging with the one before takes
half the time a picture; measured on 300 hot-dog and 200 hand-sign test photos it gave the same
label on 99.7 % and 99.5 % of them, one view alone on 97 to 99.5 %.

Lighter weights are turned back into float32 when the page loads them (onnxruntime folds the
constant nodes that do it), so an answer takes as long as with full ones. Largest difference in a
probability, measured on the same photos: half 0.004 and 0.011, light 0.021 and 0.014 (8 bits for
every layer would have been 0.06 and 0.07: it is the early, small layers that need more).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nocode_classifier.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import onnx

Weights = Literal["full", "half", "light"]

VIEWS = "views"
"""What the graph calls its two views, float32 [2, 3, side, side]; see `learn/graph.py`."""

CHOSEN = "chosen_views"
FIRST, END = "first_view", "end_view"

SMALL = 256
"""Tensors with fewer numbers than this stay as they are: there is nothing to save."""

LARGE = 100_000
"""Convolutions with so many weights take 8 bits each; they are four fifths of the network."""

BLOCK = 16
"""So many neighbouring 8-bit weights share a scale."""


@dataclass(frozen=True, slots=True)
class WeightsChoice:
    """One way to write the weights, as it is offered.

    Attributes:
        share: of the model's bytes that are left, about.
        exact: whether probabilities stay the same to 0.001.
    """

    key: Weights
    label: str
    about: str
    share: float
    exact: bool


CHOICES: tuple[WeightsChoice, ...] = (
    WeightsChoice("full", "Full", "Exactly the answers of the app.", 0.93, True),
    WeightsChoice("half", "Half", "Answers differ by about one percent at most.", 0.47, False),
    WeightsChoice("light", "Light", "Answers differ by a few percent at most.", 0.32, False),
)


def choice_of(weights: str) -> WeightsChoice:
    """Find a choice by its key.

    Raises:
        InputError: there is none; the sentence lists those there are.
    """
    for choice in CHOICES:
        if choice.key == weights:
            return choice
    known = ", ".join(choice.key for choice in CHOICES)
    raise InputError(f"There are no weights called '{weights}'. Choose one of: {known}.")


def page_graph(model: bytes, weights: Weights) -> bytes:
    """The graph as the page runs it.

    Args:
        model: what is in the model folder's `model.onnx`.
        weights: how to write them.

    Raises:
        InputError: it is no model of this app.
    """
    import onnx
    from google.protobuf.message import DecodeError

    try:
        graph = onnx.load_model_from_string(model)
    except DecodeError as error:
        raise InputError("The model is damaged: its graph can't be read.") from error
    _choose_views(graph)
    if weights != "full":
        _lighten(graph, in_bytes=weights == "light")
    onnx.checker.check_model(graph)
    data: bytes = graph.SerializeToString()
    return data


def _choose_views(model: onnx.ModelProto) -> None:
    """Put a slice behind the views, between two numbers that are asked for with each photo."""
    from onnx import TensorProto, helper

    graph = model.graph
    made = [index for index, node in enumerate(graph.node) if VIEWS in node.output]
    if not made:
        raise InputError("This model was not made by this app; train it here, then export it.")
    for node in graph.node:
        node.input[:] = [CHOSEN if name == VIEWS else name for name in node.input]
    axis = f"{CHOSEN}/axis"
    graph.initializer.append(helper.make_tensor(axis, TensorProto.INT64, [1], [0]))
    cut = helper.make_node("Slice", [VIEWS, FIRST, END, axis], [CHOSEN], name=CHOSEN)
    graph.node.insert(made[0] + 1, cut)
    for name in (FIRST, END):
        graph.input.append(helper.make_tensor_value_info(name, TensorProto.INT64, [1]))
    # Shapes that were written down for two views no longer hold.
    del graph.value_info[:]


def _lighten(model: onnx.ModelProto, *, in_bytes: bool) -> None:
    """Write the weights smaller, with nodes that bring them back."""
    import numpy as np
    from onnx import TensorProto, numpy_helper

    graph = model.graph
    kept, nodes = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < SMALL:
            kept.append(tensor)
        elif in_bytes and values.size >= LARGE and _is_in_blocks(values):
            tensors, back = _in_bytes(tensor.name, values)
            kept += tensors
            nodes += back
        else:
            kept.append(numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}/half"))
            nodes.append(_cast(f"{tensor.name}/half", tensor.name))
    nodes += graph.node
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)


def _is_in_blocks(values: npt.NDArray[np.float32]) -> bool:
    """Whether it is a convolution over channels that fall into whole blocks."""
    return values.ndim == 4 and values.shape[2:] == (1, 1) and values.shape[1] % BLOCK == 0


def _in_bytes(
    name: str, values: npt.NDArray[np.float32]
) -> tuple[list[onnx.TensorProto], list[onnx.NodeProto]]:
    """Weights [out, in, 1, 1] as int8 [out, blocks, BLOCK] and a half-precision scale a block."""
    import numpy as np
    from onnx import helper, numpy_helper

    blocks = values.reshape(values.shape[0], -1, BLOCK)
    scale = (np.abs(blocks).max(axis=2, keepdims=True) / 127).astype(np.float16)
    steps = np.maximum(scale.astype(np.float32), np.finfo(np.float16).smallest_subnormal)
    whole = np.clip(np.round(blocks / steps), -127, 127).astype(np.int8)
    parts = {"bytes": whole, "scale": scale, "shape": np.asarray(values.shape, np.int64)}
    tensors = [numpy_helper.from_array(part, f"{name}/{key}") for key, part in parts.items()]
    nodes = [
        _cast(f"{name}/bytes", f"{name}/whole"),
        _cast(f"{name}/scale", f"{name}/steps"),
        helper.make_node("Mul", [f"{name}/whole", f"{name}/steps"], [f"{name}/blocks"]),
        helper.make_node("Reshape", [f"{name}/blocks", f"{name}/shape"], [name]),
    ]
    return tensors, nodes


def _cast(source: str, target: str) -> onnx.NodeProto:
    from onnx import TensorProto, helper

    return helper.make_node("Cast", [source], [target], to=TensorProto.FLOAT)
