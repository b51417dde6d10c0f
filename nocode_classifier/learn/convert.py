"""Turns a backbone's PyTorch weights into the ONNX graph everything else runs; once, then cached.

The conversion runs in a process of its own, so torch and timm never enter the app: opening stays
quick and the memory they take goes back.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nocode_classifier.errors import Cancelled, Unavailable
from nocode_classifier.learn.backbones import Backbone, backbone_named
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never

if TYPE_CHECKING:
    import onnx
    import torch

GRAPH_VERSION = 1
"""Grows whenever the graph in front of or behind a backbone changes: old features are void then."""

EXPECTED_SECONDS = 20.0
STAGE = "Preparing the network (only this once)"


def extractor_key(backbone: Backbone) -> str:
    """Names what made a feature: same key, same photo, same feature."""
    return f"{backbone.key}-{backbone.sha256[:8]}-g{GRAPH_VERSION}"


def extractor_path(backbone: Backbone, cache: Path) -> Path:
    """Where the converted backbone lies, or will."""
    return cache / "backbones" / f"{extractor_key(backbone)}.onnx"


def prepare(
    backbone: Backbone, cache: Path, *, report: Report = ignore, should_stop: ShouldStop = never
) -> Path:
    """The converted backbone, made now if it isn't there yet.

    Args:
        backbone: which network.
        cache: the user's cache folder.

    Returns:
        Path of the ONNX file.

    Raises:
        Unavailable: the weights are missing or not the expected ones, or converting failed.
        Cancelled: Stop was pressed.
    """
    target = extractor_path(backbone, cache)
    if target.is_file():
        return target
    backbone.weights_path()
    command = [sys.executable, "-m", "nocode_classifier.learn.convert", backbone.key, str(target)]
    _wait(command, report, should_stop)
    if not target.is_file():
        raise Unavailable("The network could not be prepared; start the app again.")
    return target


def _wait(command: list[str], report: Report, should_stop: ShouldStop) -> None:
    """Run the conversion, moving the progress bar by the clock: torch tells nothing."""
    # sys.path as it is here, so that a checkout that isn't installed works the same.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with tempfile.TemporaryFile("w+") as messages:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=messages, stderr=messages, env=environment
        )
        began = time.monotonic()
        finished = threading.Event()
        while process.poll() is None:
            if should_stop():
                process.kill()
                process.wait()
                raise Cancelled("Stopped.")
            passed = time.monotonic() - began
            fraction = min(passed / EXPECTED_SECONDS, 0.95)
            report(Progress(STAGE, 0, 0, fraction, max(EXPECTED_SECONDS - passed, 1.0)))
            finished.wait(0.1)
        if process.returncode != 0:
            messages.seek(0)
            lines = messages.read().strip().splitlines() or ["no message"]
            raise Unavailable(f"The network could not be prepared: {lines[-1]}")


def convert(backbone: Backbone, target: Path) -> None:
    """Convert in this process and put the file in place whole."""
    import onnx

    from nocode_classifier.learn.graph import with_pixels

    model = with_pixels(export_network(backbone), backbone)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        onnx.save(model, str(unfinished))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def load_network(backbone: Backbone) -> Any:
    """The backbone as a timm model with its pretrained weights, in evaluation mode."""
    import timm
    import torch

    weights = torch.load(backbone.weights_path(), map_location="cpu", weights_only=True)
    network = timm.create_model(backbone.timm_name, pretrained=False)
    names = list(network.state_dict())
    # The package's names are of another implementation; its tensors come in the same order.
    if len(names) != len(weights):
        raise Unavailable(f"The weights of {backbone.label} do not fit the installed timm.")
    network.load_state_dict(dict(zip(names, weights.values(), strict=True)))
    return network.eval()


def export_network(backbone: Backbone) -> onnx.ModelProto:
    """Export the part of a backbone that gives its taps: `views` [2, 3, s, s] to one map a tap."""
    import io
    import warnings

    import onnx
    import torch

    example = torch.zeros(2, 3, backbone.input_size, backbone.input_size)
    network = load_network(backbone)
    paddings = _fix_padding(network, example)
    names = [f"tap_{index}" for index in range(len(backbone.taps) + 1)]
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The TorchScript exporter is deprecated, yet ten times quicker than its successor, which
        # needs onnxscript besides; what it writes is checked against PyTorch in the tests.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Taps(network, backbone.taps).eval(),
            (example,),
            buffer,  # type: ignore[arg-type]  # it takes a file, its annotation forgot
            input_names=["views"],
            output_names=names,
            opset_version=18,
            dynamo=False,
        )
    model = onnx.load_from_string(buffer.getvalue())
    _put_padding(model, paddings)
    return _with_shapes(model)


def _fix_padding(network: Any, example: torch.Tensor) -> list[list[int]]:
    """Take TensorFlow's "same" padding out of a network and say how much each convolution had.

    It depends on the size of the photo and is uneven, which PyTorch's convolutions can't express
    and the exporter spells out as shape arithmetic. The network only ever sees one size, so the
    amount is known, and ONNX's convolutions take it as an attribute.

    Returns:
        For each such convolution, in the order they run: pixels [top, left, bottom, right].
    """
    import torch
    from timm.layers import Conv2dSame, get_same_padding

    paddings: list[list[int]] = []

    def remember(convolution: Any, inputs: tuple[torch.Tensor, ...]) -> None:
        totals = [
            get_same_padding(side, kernel, stride, dilation)
            for side, kernel, stride, dilation in zip(
                inputs[0].shape[2:],
                convolution.kernel_size,
                convolution.stride,
                convolution.dilation,
                strict=True,
            )
        ]
        paddings.append([total // 2 for total in totals] + [-(-total // 2) for total in totals])

    same = [(name, part) for name, part in network.named_modules() if isinstance(part, Conv2dSame)]
    hooks = [part.register_forward_pre_hook(remember) for _, part in same]
    with torch.no_grad():
        network(example)
    for hook in hooks:
        hook.remove()
    for name, part in same:
        plain = torch.nn.Conv2d(
            part.in_channels,
            part.out_channels,
            part.kernel_size,
            part.stride,
            groups=part.groups,
            bias=part.bias is not None,
        )
        plain.load_state_dict(part.state_dict())
        network.set_submodule(name, plain)
    return paddings


def _put_padding(model: onnx.ModelProto, paddings: list[list[int]]) -> None:
    """Give the strided convolutions their padding; every one of them had "same" padding."""
    strided = [
        attribute
        for node in model.graph.node
        if node.op_type == "Conv" and _ints(node, "strides") != [1, 1]
        for attribute in node.attribute
        if attribute.name == "pads"
    ]
    for attribute, padding in zip(strided, paddings, strict=True):
        attribute.ints[:] = padding


def _ints(node: onnx.NodeProto, name: str) -> list[int]:
    return [value for part in node.attribute if part.name == name for value in part.ints]


def _with_shapes(model: onnx.ModelProto) -> onnx.ModelProto:
    """Work the outputs' shapes out again: those written at export were without the padding."""
    import onnx

    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    return onnx.shape_inference.infer_shapes(model)


def _Taps(network: Any, taps: tuple[int, ...]) -> torch.nn.Module:  # noqa: N802
    """A module that gives the outputs of the tapped stages and of the last one."""
    import torch

    class Taps(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, views: torch.Tensor) -> list[torch.Tensor]:
            net = self.network
            x = net.bn1(net.conv_stem(views))
            found = []
            for index, stage in enumerate(net.blocks):
                x = stage(x)
                if index in taps:
                    found.append(x)
            return [*found, net.bn2(net.conv_head(x))]

    return Taps()


if __name__ == "__main__":
    convert(backbone_named(sys.argv[1]), Path(sys.argv[2]))
