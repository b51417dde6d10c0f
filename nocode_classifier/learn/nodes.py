"""Builds ONNX graphs node by node."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper


class GraphBuilder:
    """Collects nodes and constants under a prefix; each call returns the name of its output."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: npt.ArrayLike, dtype: npt.DTypeLike) -> str:
        """A constant of the graph."""
        name = f"{self.prefix}/constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def ints(self, *values: int) -> str:
        """A constant int64 [values], as shapes, axes and indices are given."""
        return self.constant(values, np.int64)

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """A node of this kind; its output gets a name of its own unless one is given."""
        name = f"{self.prefix}/{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [output or name], name=name, **attributes)
        )
        return output or name

    def add_pair(self, kind: str, *inputs: str) -> tuple[str, str]:
        """A node with two outputs."""
        name = f"{self.prefix}/{kind.lower()}_{len(self.nodes)}"
        outputs = (f"{name}:0", f"{name}:1")
        self.nodes.append(helper.make_node(kind, list(inputs), list(outputs), name=name))
        return outputs

    def divide(self, values: str, by: str) -> str:
        """Divide, keeping clear of zero: a channel that is silent everywhere gives nothing."""
        return self.add("Div", values, self.add("Max", by, self.constant(1e-6, np.float32)))
