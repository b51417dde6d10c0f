"""Writes a model for LiteRT (TensorFlow Lite), as programs for Android and small boards run it.

The converters there are bring a second torch or all of TensorFlow along. Our networks are made of a
dozen kinds of operations, so the file is written here, with nothing but the schema that comes with
the runtime itself (package ai-edge-litert).

LiteRT keeps the channels of a picture last, [n, rows, columns, channels], where ONNX keeps them
second; every value's order is remembered as it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.exchange.lite_rt_file import LiteRtFile, Value
from nocode_classifier.learn.exchange.torch_graph import VIEWS, Plan, Step, plan_of

PICTURES = ("whole", "centre")
"""The inputs, float32 [1, side, side, 3], 0 to 255; the output is float32 [1, classes]."""

LAST = (0, 3, 1, 2)
"""Where an axis of [n, channels, rows, columns] is when the channels are last."""


def write_lite_rt(model: Path, target: Path) -> None:
    """Write a model folder as a `.tflite` file.

    Raises:
        Unavailable: there is something in the model that is not known here.
    """
    import onnx

    plan = plan_of(onnx.load(str(model / "model.onnx")))
    file = LiteRtFile()
    _Network(file, plan).write()
    target.write_bytes(file.data())


_SAME = {"Abs": "Abs", "Relu": "Relu", "Sign": "Sign", "Sqrt": "Sqrt"}
_PAIRS = {"Add": "Add", "Mul": "Mul", "Sub": "Sub"}


class _Network:
    """Writes a plan's steps one after the other."""

    def __init__(self, file: LiteRtFile, plan: Plan) -> None:
        self._file = file
        self._plan = plan
        self._values: dict[str, Value] = {}

    def write(self) -> None:
        """Write everything, from the two pictures to the probabilities."""
        side, file = self._plan.side, self._file
        pictures = [file.tensor((1, side, side, 3), name=name, last=True) for name in PICTURES]
        file.inputs = [picture.index for picture in pictures]
        both = file.add("Concatenation", pictures, (2, side, side, 3), last=True, axis=0)
        scale = file.constant(np.array(self._plan.scale / 255, np.float32).squeeze())
        offset = file.constant(np.array(self._plan.offset, np.float32).squeeze())
        scaled = file.add("Mul", [both, scale], both.shape, last=True)
        self._values[VIEWS] = file.add("Sub", [scaled, offset], both.shape, last=True)
        for step in self._plan.steps:
            self._values[step.output] = self._step(step)
        scores = self._values[self._plan.result]
        row = self._reshaped(scores, (1, *scores.shape))
        file.outputs = [file.add("Softmax", [row], row.shape, beta=1.0).index]

    def _step(self, step: Step) -> Value:
        these = [self._value(name) for name in step.inputs]
        match step.kind:
            case "Conv":
                return self._conv(these[0], step)
            case "Clip":
                return self._clip(these[0], step)
            case "Concat":
                return self._concat(these, step.options["axis"])
            case "AveragePool" | "MaxPool":
                return self._pool(these[0], step)
            case "Pad":
                pads = step.options["1"]  # all before, then all behind
                return self._padded(these[0], [*pads[2:4], *pads[6:8]])
            case "Identity":
                return these[0]
            case "ReduceMean":
                return self._mean(these[0], step)
            case "Unsqueeze":
                return self._unsqueeze(these[0], step)
            case "Reshape":
                return self._flat(these[0], step)
            case "MatMul":
                return self._matrix(these)
            case kind if kind in _SAME:
                return self._file.add(_SAME[kind], these, these[0].shape, last=these[0].last)
            case kind if kind in _PAIRS:
                shape = np.broadcast_shapes(*(value.shape for value in these))
                last = any(value.last for value in these)
                return self._file.add(_PAIRS[kind], these, shape, last=last)
        raise Unavailable(
            f"This model can't be written for LiteRT: it has {step.kind}. To export it so, train "
            "with another network, such as EfficientNet-Lite0."
        )

    def _value(self, name: str) -> Value:
        if name not in self._values:
            weights = self._plan.weights[name]
            if weights.ndim <= 2:
                self._values[name] = self._file.constant(weights)
            elif weights.shape[1:] == (1, 1):  # by channel, and channels are last
                self._values[name] = self._file.constant(weights.ravel())
            else:  # of a convolution, which writes them in its own order
                self._values[name] = Value(-1, weights.shape)
        return self._values[name]

    def _conv(self, image: Value, step: Step) -> Value:
        options, weights = step.options, self._plan.weights[step.inputs[1]]
        image = self._padded(image, options.get("pads", (0, 0, 0, 0)))
        rows, columns = options.get("strides", (1, 1))
        count, _, tall, wide = weights.shape
        groups = options.get("group", 1)
        apart = groups > 1
        if apart and (groups != image.shape[3] or count != groups):
            raise Unavailable("This model can't be written for LiteRT: its convolutions differ.")
        order = (1, 2, 3, 0) if apart else (0, 2, 3, 1)
        kernel = self._file.constant(weights.transpose(order))
        bias = self._values[step.inputs[2]]
        shape = (
            image.shape[0],
            (image.shape[1] - tall) // rows + 1,
            (image.shape[2] - wide) // columns + 1,
            count,
        )
        valid = self._file.schema.Padding.VALID
        steps = {"strideH": rows, "strideW": columns, "padding": valid}
        if apart:
            steps["depthMultiplier"] = 1
        steps |= {"dilationHFactor": 1, "dilationWFactor": 1}
        kind = "DepthwiseConv2D" if apart else "Conv2D"
        return self._file.add(kind, [image, kernel, bias], shape, last=True, **steps)

    def _padded(self, image: Value, pads: Sequence[int]) -> Value:
        if not any(pads):
            return image
        top, left, bottom, right = pads
        sides = np.array([[0, 0], [top, bottom], [left, right], [0, 0]], np.int32)
        shape = [size + int(more) for size, more in zip(image.shape, sides.sum(1), strict=True)]
        return self._file.add("Pad", [image, self._file.constant(sides)], shape, last=True)

    def _clip(self, value: Value, step: Step) -> Value:
        if (step.options.get("1"), step.options.get("2")) != (0, 6):
            raise Unavailable("This model can't be written for LiteRT: it cuts off elsewhere.")
        return self._file.add("Relu6", [value], value.shape, last=value.last)

    def _concat(self, these: Sequence[Value], axis: int) -> Value:
        last = these[0].last
        axis = LAST[axis] if last else axis
        shape = list(these[0].shape)
        shape[axis] = sum(value.shape[axis] for value in these)
        return self._file.add("Concatenation", these, shape, last=last, axis=axis)

    def _pool(self, image: Value, step: Step) -> Value:
        (tall, wide), (rows, columns) = step.options["kernel_shape"], step.options["strides"]
        pads = step.options.get("pads", (0, 0, 0, 0))
        padding = self._file.schema.Padding.VALID
        largest = step.kind == "MaxPool"
        count, height, width, channels = image.shape
        shape = (
            count,
            (height + pads[0] + pads[2] - tall) // rows + 1,
            (width + pads[1] + pads[3] - wide) // columns + 1,
            channels,
        )
        if largest:
            self._check_largest(image, step, shape)
            image = self._padded(image, pads)  # with zeros, of which none is the largest
        elif any(pads):
            padding = self._file.schema.Padding.SAME  # means of what is there
            if shape[1:3] != (-(-height // rows), -(-width // columns)):
                raise Unavailable("This model can't be written for LiteRT: it pads differently.")
        return self._file.add(
            "Pool2D",
            [image],
            shape,
            code="MAX_POOL_2D" if largest else None,
            last=True,
            filterHeight=tall,
            filterWidth=wide,
            strideH=rows,
            strideW=columns,
            padding=padding,
        )

    def _check_largest(self, image: Value, step: Step, shape: Sequence[int]) -> None:
        """Make sure that zeros around an image are never larger than it, and that no row is left.

        Raises:
            Unavailable: it can't be told, or one is.
        """
        made_by = {each.output: each.kind for each in self._plan.steps}
        whole = (shape[1] - 1) * step.options["strides"][0] + step.options["kernel_shape"][0]
        left = image.shape[1] + sum(step.options.get("pads", (0, 0, 0, 0))[::2]) - whole
        if any(step.options.get("pads", ())) and made_by.get(step.inputs[0]) != "Relu":
            raise Unavailable("This model can't be written for LiteRT: it pads differently.")
        if left and step.options.get("ceil_mode"):
            raise Unavailable("This model can't be written for LiteRT: it rounds up.")

    def _mean(self, value: Value, step: Step) -> Value:
        """Over the views and perhaps the positions; channels stay last."""
        axes = sorted(LAST[axis] for axis in step.options["1"])
        if step.options.get("keepdims", 1):
            raise Unavailable("This model can't be written for LiteRT: its means keep their axes.")
        shape = [size for axis, size in enumerate(value.shape) if axis not in axes]
        where = self._file.constant(np.array(axes, np.int32))
        return self._file.add("Reducer", [value, where], shape, last=len(shape) > 1, keepDims=False)

    def _unsqueeze(self, value: Value, step: Step) -> Value:
        """A vector of channels, as a picture of one pixel."""
        if sorted(step.options["1"]) != [0, 2, 3]:
            raise Unavailable("This model can't be written for LiteRT: it reshapes differently.")
        return self._reshaped(value, (1, 1, 1, *value.shape), last=True)

    def _flat(self, value: Value, step: Step) -> Value:
        """A vector, in the order that ONNX gives it."""
        if step.options["1"] != [-1]:
            raise Unavailable("This model can't be written for LiteRT: it reshapes differently.")
        if value.last:
            order = (len(value.shape) - 1, *range(len(value.shape) - 1))
            shape = [value.shape[axis] for axis in order]
            where = self._file.constant(np.array(order, np.int32))
            value = self._file.add("Transpose", [value, where], shape)
        return self._reshaped(value, (int(np.prod(value.shape)),))

    def _matrix(self, these: Sequence[Value]) -> Value:
        matrix, vector = these
        row = self._reshaped(vector, (1, *vector.shape))
        found = self._file.add(
            "FullyConnected", [row, matrix, None], (1, matrix.shape[0]), keepNumDims=False
        )
        return self._reshaped(found, (matrix.shape[0],))

    def _reshaped(self, value: Value, shape: Sequence[int], *, last: bool = False) -> Value:
        wanted = self._file.constant(np.array(shape, np.int32))
        return self._file.add("Reshape", [value, wanted], shape, last=last, newShape=list(shape))
