"""Several networks side by side in the one graph, their features concatenated.

    photo ┬─ the first network ── features, evidence ─┬─ features float32 [d1 + d2]
          └─ the second one ───── features, evidence ─┴─ evidence float32 [d1 + d2, rows, columns]

Networks that look at squares of one size share the two views: those that want other values get them
from those of the first, so that whoever makes the views himself, as phones do, makes them once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from nocode_classifier.learn.graph import (
    BLOCKS_KEY,
    FRONT,
    SIDE_KEY,
    checked_model,
    float_output,
    properties_of,
)
from nocode_classifier.learn.nodes import GraphBuilder

VIEWS = "views"
"""What each network's graph calls the two views of a photo, ready for it."""


def concatenated(extractors: Sequence[onnx.ModelProto]) -> onnx.ModelProto:
    """One graph of several; evidence comes on the grid of the first.

    Args:
        extractors: from `graph.with_pixels`, at least one; left as they are.
    """
    if len(extractors) == 1:
        return extractors[0]
    told = [properties_of(each) for each in extractors]
    front = GraphBuilder("views")
    graphs = []
    for number, (model, its) in enumerate(zip(extractors, told, strict=True), start=1):
        shared = number > 1 and its[SIDE_KEY] == told[0][SIDE_KEY]
        views = _as_wanted(front, extractors[0].graph, model.graph) if shared else ""
        graphs.append(_named_apart(model.graph, number, views))
    end = GraphBuilder("concatenation")
    names = [_prefix(number) for number in range(1, len(graphs) + 1)]
    end.add("Concat", *(f"{name}features" for name in names), output="features", axis=0)
    grid = end.add("Shape", f"{names[0]}evidence", start=1, end=3)
    others = [_on_grid(end, f"{name}evidence", grid) for name in names[1:]]
    end.add("Concat", f"{names[0]}evidence", *others, output="evidence", axis=0)
    graph = helper.make_graph(
        [*graphs[0].node, *front.nodes, *(n for g in graphs[1:] for n in g.node), *end.nodes],
        "pixels-to-features",
        list(extractors[0].graph.input),
        [float_output("features", "d"), float_output("evidence", "d", "rows", "columns")],
        [*(w for g in graphs for w in g.initializer), *front.constants, *end.constants],
    )
    model = checked_model(graph)
    blocks = " ".join(each[BLOCKS_KEY] for each in told)
    side = max(int(each[SIDE_KEY]) for each in told)
    helper.set_model_props(model, {BLOCKS_KEY: blocks, SIDE_KEY: str(side)})
    return model


def _prefix(number: int) -> str:
    return f"network{number}/"


def _as_wanted(front: GraphBuilder, first: onnx.GraphProto, other: onnx.GraphProto) -> str:
    """The views of the first network, in the values that another one wants."""
    (scale, offset), (wanted, shift) = _normalised_by(first), _normalised_by(other)
    stretch = wanted / scale
    more = offset * stretch - shift
    if not (np.any(stretch != 1) or np.any(more)):
        return VIEWS
    stretched = front.add("Mul", VIEWS, front.constant(stretch, np.float32))
    return front.add("Add", stretched, front.constant(more, np.float32))


def _normalised_by(graph: onnx.GraphProto) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """What 8-bit values are multiplied by in front of a network, and what is taken off then."""
    made_by = {node.output[0]: node for node in graph.node}
    known = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    last = made_by[VIEWS]
    return known[made_by[last.input[0]].input[1]], known[last.input[1]]


def _named_apart(graph: onnx.GraphProto, number: int, views: str) -> onnx.GraphProto:
    """The graph of a network with names of its own.

    The first network keeps all its names but those of the outputs: exporters look for its views.

    Args:
        views: what it looks at instead of views that it makes itself; "" if it makes them.
    """
    own = {output.name for output in graph.output}

    def name(old: str) -> str:
        if not old or old == "photo" or (number == 1 and old not in own):
            return old
        return views if views and old == VIEWS else f"{_prefix(number)}{old}"

    copy = onnx.GraphProto()
    dropped = FRONT if views else "\0"
    copy.node.extend(node for node in graph.node if not node.name.startswith(dropped))
    copy.initializer.extend(w for w in graph.initializer if not w.name.startswith(dropped))
    for node in copy.node:
        node.name = f"{_prefix(number)}{node.name}" if number > 1 else node.name
        node.input[:] = [name(each) for each in node.input]
        node.output[:] = [name(each) for each in node.output]
    for weights in copy.initializer:
        weights.name = name(weights.name)
    return copy


def _on_grid(end: GraphBuilder, evidence: str, grid: str) -> str:
    """Evidence on another grid, its sum about the same."""
    picture = end.add("Unsqueeze", evidence, end.ints(0))
    resized = end.add("Resize", picture, "", "", grid, mode="linear", axes=[2, 3])
    cells = [
        end.add("Cast", end.add("ReduceProd", size, keepdims=0), to=TensorProto.FLOAT)
        for size in (end.add("Shape", evidence, start=1, end=3), grid)
    ]
    flat = end.add("Squeeze", resized, end.ints(0))
    return end.add("Mul", flat, end.add("Div", *cells))
