"""Several networks side by side in the one graph, their features concatenated.

    photo ┬─ the first network ── features, evidence ─┬─ features float32 [d1 + d2]
          └─ the second one ───── features, evidence ─┴─ evidence float32 [d1 + d2, rows, columns]

Networks that look at squares of one size and want values normalised alike share the two views.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import TensorProto, helper

from nocode_classifier.learn.graph import (
    BLOCKS_KEY,
    FRONT,
    SIDE_KEY,
    checked_model,
    float_output,
    properties_of,
)
from nocode_classifier.learn.nodes import GraphBuilder


def concatenated(extractors: Sequence[onnx.ModelProto]) -> onnx.ModelProto:
    """One graph of several; evidence comes on the grid of the first.

    Args:
        extractors: from `graph.with_pixels`, at least one; left as they are.
    """
    if len(extractors) == 1:
        return extractors[0]
    first = _front_of(extractors[0].graph)
    graphs = [
        _named_apart(model.graph, number, shared=first == _front_of(model.graph))
        for number, model in enumerate(extractors, start=1)
    ]
    end = GraphBuilder("concatenation")
    names = [_prefix(number) for number in range(1, len(graphs) + 1)]
    end.add("Concat", *(f"{name}features" for name in names), output="features", axis=0)
    grid = end.add("Shape", f"{names[0]}evidence", start=1, end=3)
    others = [_on_grid(end, f"{name}evidence", grid) for name in names[1:]]
    end.add("Concat", f"{names[0]}evidence", *others, output="evidence", axis=0)
    graph = helper.make_graph(
        [*(node for part in graphs for node in part.node), *end.nodes],
        "pixels-to-features",
        list(extractors[0].graph.input),
        [float_output("features", "d"), float_output("evidence", "d", "rows", "columns")],
        [*(weights for part in graphs for weights in part.initializer), *end.constants],
    )
    model = checked_model(graph)
    told = [properties_of(each) for each in extractors]
    blocks = " ".join(each[BLOCKS_KEY] for each in told)
    side = max(int(each[SIDE_KEY]) for each in told)
    helper.set_model_props(model, {BLOCKS_KEY: blocks, SIDE_KEY: str(side)})
    return model


def _prefix(number: int) -> str:
    return f"network{number}/"


def _front_of(graph: onnx.GraphProto) -> list[bytes]:
    """What makes the views, to compare."""
    parts = [part for part in (*graph.node, *graph.initializer) if part.name.startswith(FRONT)]
    return [part.SerializeToString() for part in parts]


def _named_apart(graph: onnx.GraphProto, number: int, *, shared: bool) -> onnx.GraphProto:
    """The graph of a network with names of its own; without what makes the views, if shared.

    The first network has all its names but those of the outputs: exporters look for its views.
    """
    own = {output.name for output in graph.output}

    def name(old: str) -> str:
        if not old or old == "photo" or (number == 1 and old not in own):
            return old
        return old if shared and old == "views" else f"{_prefix(number)}{old}"

    copy = onnx.GraphProto()
    dropped = FRONT if shared and number > 1 else "\0"
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
