"""A file for LiteRT (TensorFlow Lite) in the making: its tensors, operations and constants.

The format is that of https://github.com/google-ai-edge/LiteRT, tflite/converter/schema/schema.fbs;
the classes for it come with the runtime, package ai-edge-litert.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

CODES = {
    "Abs": "ABS",
    "Add": "ADD",
    "Concatenation": "CONCATENATION",
    "Conv2D": "CONV_2D",
    "DepthwiseConv2D": "DEPTHWISE_CONV_2D",
    "FullyConnected": "FULLY_CONNECTED",
    "Mul": "MUL",
    "Pad": "PAD",
    "Pool2D": "AVERAGE_POOL_2D",
    "Reducer": "MEAN",
    "Relu": "RELU",
    "Relu6": "RELU6",
    "Reshape": "RESHAPE",
    "Sign": "SIGN",
    "Softmax": "SOFTMAX",
    "Sqrt": "SQRT",
    "Sub": "SUB",
    "Transpose": "TRANSPOSE",
}
"""What the schema calls an operation, by what it calls its options."""


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor in the file.

    Attributes:
        index: its place in the file.
        shape: as LiteRT has it.
        last: channels are last, though ONNX has them first of what is one photo's.
    """

    index: int
    shape: tuple[int, ...]
    last: bool = False


class LiteRtFile:
    """Tensors, operations and buffers of a file in the making."""

    def __init__(self) -> None:
        from ai_edge_litert import schema_py_generated as schema

        self.schema: Any = schema
        self._buffers = [schema.BufferT()]
        self._tensors: list[Any] = []
        self._operators: list[Any] = []
        self._codes: dict[int, int] = {}
        self.inputs: list[int] = []
        self.outputs: list[int] = []

    def tensor(self, shape: Sequence[int], *, name: str = "", last: bool = False) -> Value:
        """A value that an operation will make, or that is given."""
        made = self.schema.TensorT()
        made.shape, made.type = list(shape), self.schema.TensorType.FLOAT32
        made.name, made.buffer = name or f"value_{len(self._tensors)}", 0
        self._tensors.append(made)
        return Value(len(self._tensors) - 1, tuple(shape), last)

    def constant(self, values: npt.NDArray[Any], *, last: bool = False) -> Value:
        """A value that is written in the file, float32 or int32."""
        whole = values.dtype.kind == "i"
        values = np.ascontiguousarray(values, np.dtype("<i4") if whole else np.dtype("<f4"))
        value = self.tensor(values.shape, last=last)
        buffer = self.schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), np.uint8)
        self._buffers.append(buffer)
        self._tensors[value.index].buffer = len(self._buffers) - 1
        if whole:
            self._tensors[value.index].type = self.schema.TensorType.INT32
        return value

    def add(
        self,
        kind: str,
        inputs: Sequence[Value | None],
        shape: Sequence[int],
        *,
        last: bool = False,
        code: str | None = None,
        **options: Any,
    ) -> Value:
        """An operation; `kind` as the schema calls its options ("Conv2D").

        Args:
            kind: what it is.
            inputs: what it is given.
            shape: of what it makes.
            last: whether that has its channels last.
            code: what the schema calls the operation, where several share these options.
            options: of this operation.
        """
        made = self.tensor(shape, last=last)
        operator = self.schema.OperatorT()
        operator.opcodeIndex = self._code(code or CODES[kind])
        operator.inputs = [-1 if value is None else value.index for value in inputs]
        operator.outputs = [made.index]
        options_class = getattr(self.schema, f"{kind}OptionsT", None)
        if options_class is not None:
            operator.builtinOptions = options_class()
            for name, value in options.items():
                setattr(operator.builtinOptions, name, value)
            operator.builtinOptionsType = getattr(self.schema.BuiltinOptions, f"{kind}Options")
        self._operators.append(operator)
        return made

    def data(self) -> bytes:
        """The whole file."""
        import flatbuffers

        schema = self.schema
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self._tensors, self._operators
        graph.inputs, graph.outputs, graph.name = self.inputs, self.outputs, "main"
        model = schema.ModelT()
        model.version, model.description = 3, "made with nocode-classifier"
        model.operatorCodes = [self._code_entry(code) for code in self._codes]
        model.subgraphs, model.buffers = [graph], self._buffers
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _code(self, name: str) -> int:
        code = getattr(self.schema.BuiltinOperator, name)
        return self._codes.setdefault(code, len(self._codes))

    def _code_entry(self, code: int) -> Any:
        entry = self.schema.OperatorCodeT()
        # Readers older than this field look into a byte, where the highest value points here.
        entry.builtinCode, entry.deprecatedBuiltinCode, entry.version = code, min(code, 127), 1
        return entry
