"""Turns the network of a trained model back into PyTorch, for programs that know only that.

The graph in `model.onnx` is the one truth (fine-tuning changes its weights), so it is read from
there and not put together again from the backbone's own code. What comes out needs nothing but
PyTorch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.exchange.torch_operations import OPERATIONS

if TYPE_CHECKING:
    import onnx
    import torch

VIEWS = "views"
"""What the graph calls both views of a photo, float32 [2, 3, side, side]."""

PROBABILITIES = "probabilities"

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the graph.

    Attributes:
        kind: what it does, as ONNX calls it.
        inputs: names of values, weights among them.
        output: name of the value it makes.
        options: attributes, and inputs that are whole numbers known beforehand, by position.
    """

    kind: str
    inputs: tuple[str, ...]
    output: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A network as plain values.

    Attributes:
        steps: in the order they run.
        weights: float32, by name.
        result: the value that is the answer: a score for each class, float32 [classes].
        side: of the square the network looks at, pixels.
        scale, offset: a channel's value x in 0..1 enters the network as x * scale - offset; one
            number each, or float32 [3, 1, 1].
    """

    steps: tuple[Step, ...]
    weights: dict[str, Array]
    result: str
    side: int
    scale: Array
    offset: Array


def plan_of(model: onnx.ModelProto) -> Plan:
    """Take out the part between the two views and the scores before the softmax.

    Raises:
        Unavailable: there is a node in it that nobody here knows.
    """
    from onnx import numpy_helper

    known = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    known |= {
        node.output[0]: numpy_helper.to_array(node.attribute[0].t)
        for node in model.graph.node
        if node.op_type == "Constant"
    }
    made_by = {name: node for node in model.graph.node for name in node.output}
    result = made_by[PROBABILITIES].input[0]
    wanted = _needed_for(result, made_by, known)
    nodes = [node for node in model.graph.node if node.output[0] in wanted]
    strange = sorted({node.op_type for node in nodes} - OPERATIONS.keys())
    if strange:
        raise Unavailable(
            f"This model can't be written for PyTorch: it has {', '.join(strange)}. To export it "
            "so, train with another network, such as EfficientNet-Lite0."
        )
    steps = tuple(_step(node, known) for node in nodes)
    used = {name for step in steps for name in step.inputs}
    weights = {name: known[name].astype(np.float32) for name in sorted(used & known.keys())}
    resize = next(node for node in model.graph.node if node.op_type == "Resize")
    shift = made_by[VIEWS]
    stretch = made_by[shift.input[0]]
    return Plan(
        steps,
        weights,
        result,
        side=int(known[resize.input[3]][-1]),
        scale=255 * known[stretch.input[1]],
        offset=known[shift.input[1]],
    )


def _needed_for(
    result: str, made_by: dict[str, onnx.NodeProto], known: dict[str, Array]
) -> set[str]:
    """Names of all values between the views and a result."""
    needed: set[str] = set()
    waiting = [result]
    while waiting:
        name = waiting.pop()
        if name and name != VIEWS and name not in needed and name not in known:
            needed.add(name)
            waiting += made_by[name].input
    return needed


def _step(node: onnx.NodeProto, known: dict[str, Array]) -> Step:
    from onnx import helper

    options = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    inputs: list[str] = []
    for position, name in enumerate(node.input):
        fixed = known.get(name)
        if fixed is not None and (fixed.dtype == np.int64 or node.op_type == "Clip"):
            options[str(position)] = fixed.tolist()
        elif name:
            inputs.append(name)
    return Step(node.op_type, tuple(inputs), node.output[0], options)


def as_module(plan: Plan) -> torch.nn.Module:
    """The network as a PyTorch module.

    It takes photos float32 [n, 3, side, 2 * side] with values 0 to 1, the two views of each side by
    side (the whole photo left, its centre right), and gives scores float32 [n, classes].
    """
    import torch

    class Network(torch.nn.Module):
        """The network of a nocode-classifier model."""

        scale: torch.Tensor
        offset: torch.Tensor

        def __init__(self, plan: Plan) -> None:
            super().__init__()
            self.register_buffer("scale", torch.from_numpy(np.array(plan.scale)))
            self.register_buffer("offset", torch.from_numpy(np.array(plan.offset)))
            self.names = list(plan.weights)
            self.weights = torch.nn.ParameterList(
                torch.nn.Parameter(torch.from_numpy(value.copy()))
                for value in plan.weights.values()
            )
            self.steps = [(s.kind, s.inputs, s.output, s.options) for s in plan.steps]
            self.result = plan.result

        def forward(self, photos: torch.Tensor) -> torch.Tensor:
            """Scores of each photo."""
            # What a photo's features are depends on both of its views, so photos go one by one.
            plain = photos.as_subclass(torch.Tensor)
            return torch.stack([self.scores(torch.stack(p.chunk(2, dim=-1))) for p in plain])

        def scores(self, views: torch.Tensor) -> torch.Tensor:
            """Scores of one photo, [classes], from its views, float32 [2, 3, side, side]."""
            values: dict[str, torch.Tensor] = dict(zip(self.names, self.weights, strict=True))
            values[VIEWS] = views * self.scale - self.offset
            for kind, inputs, output, options in self.steps:
                values[output] = OPERATIONS[kind]([values[name] for name in inputs], options)
            return values[self.result]

    # Nothing of `plan` may be in the class itself: it is pickled whole, weights and all.
    return Network(plan).eval()
