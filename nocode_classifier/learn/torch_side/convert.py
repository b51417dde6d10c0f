"""Turns a backbone's PyTorch weights into the ONNX graph everything else runs."""

from __future__ import annotations

import copy
import io
import sys
import warnings
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from timm.layers import Conv2dSame, get_same_padding
from torch import nn

from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import backbone_named
from nocode_classifier.learn.backbones.sealing import seal
from nocode_classifier.learn.graph import with_pixels
from nocode_classifier.learn.torch_side.families import load_staged, random_staged
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.placing import put_in_place, unfinished_folder
from nocode_classifier.processes import end_with_parent


def convert(backbone: Backbone, target: Path, cache: Path | None = None) -> None:
    """Convert in this process and put the file in place whole.

    Args:
        backbone: which network.
        target: the ONNX file to make.
        cache: where weights from the internet are kept; the usual folder if None.
    """
    write_extractor(load_staged(backbone, cache), backbone, target)
    seal(target)


def write_extractor(network: StagedNetwork, backbone: Backbone, target: Path) -> None:
    """Write a network, tuned or not, as the graph from a photo to its features, whole.

    Args:
        network: left as it is but for being put into evaluation mode.
        backbone: says how photos enter the network.
        target: the ONNX file to make.
    """
    model = with_pixels(export_network(network, backbone.input_size), backbone)
    target.parent.mkdir(parents=True, exist_ok=True)
    with unfinished_folder(target.parent) as work:
        onnx.save(model, str(work / target.name))
        put_in_place(work / target.name, target)


def export_network(network: StagedNetwork, side: int) -> onnx.ModelProto:
    """Export the network: `views` [2, 3, side, side] to one map a tap."""
    example = torch.zeros(2, 3, side, side)
    network = copy.deepcopy(network).cpu().float().eval()
    with torch.no_grad():
        shapes = [list(each.shape) for each in network(example)]
    paddings = _fix_padding(network, example)
    names = [f"tap_{index}" for index in range(len(network.taps))]
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The TorchScript exporter is deprecated, yet ten times quicker than its successor, which
        # needs onnxscript besides; what it writes is checked against PyTorch in the tests.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            buffer,  # type: ignore[arg-type]  # it takes a file, its annotation forgot
            input_names=["views"],
            output_names=names,
            # Some that run the graph look at one view alone; a transformer would know only two.
            dynamic_axes={name: {0: "count"} for name in ("views", *names)},
            opset_version=18,
            dynamo=False,
        )
    model = onnx.load_from_string(buffer.getvalue())
    if paddings:
        _put_padding(model, paddings)
    _compute_numbers(model.graph)
    del model.graph.value_info[:]  # without the padding, and with any number of views
    for output, shape in zip(model.graph.output, shapes, strict=True):
        output.CopyFrom(helper.make_tensor_value_info(output.name, TensorProto.FLOAT, shape))
    return model


def _fix_padding(network: nn.Module, example: torch.Tensor) -> list[list[int]]:
    """Take TensorFlow's "same" padding out of a network and say how much each convolution had.

    It depends on the size of the photo and is uneven, which PyTorch's convolutions can't express
    and the exporter spells out as shape arithmetic. The network only ever sees one size, so the
    amount is known, and ONNX's convolutions take it as an attribute.

    Returns:
        For each such convolution, in the order they run: pixels [top, left, bottom, right].
    """
    paddings: list[list[int]] = []

    def remember(convolution: Conv2dSame, inputs: tuple[torch.Tensor, ...]) -> None:
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
        plain = nn.Conv2d(
            part.in_channels,
            part.out_channels,
            part.kernel_size,
            part.stride,
            # As large an output as with the right padding, which `_put_padding` writes over this.
            padding=(part.kernel_size[0] // 2, part.kernel_size[1] // 2),
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


def _compute_numbers(graph: onnx.GraphProto) -> None:
    """Put in place of each node that gives the same whole numbers for every photo what it gives.

    Of such nodes are shapes and paddings, which most programs want to know beforehand.
    """
    known = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    known = {name: value for name, value in known.items() if value.dtype.kind == "i"}
    for node in [*graph.node]:
        if all(name in known for name in node.input if name):
            told = {name: known[name] for name in node.input if name}
            (value,) = ReferenceEvaluator(node).run(None, told)
            if value.dtype.kind == "i":
                known[node.output[0]] = value
                graph.node.remove(node)
                graph.initializer.append(numpy_helper.from_array(value, node.output[0]))
    used = {name for node in graph.node for name in node.input}
    for weights in [*graph.initializer]:
        if weights.name not in used:
            graph.initializer.remove(weights)


def _ints(node: onnx.NodeProto, name: str) -> list[int]:
    return [value for part in node.attribute if part.name == name for value in part.ints]


def main(key: str, side: str, target: str, cache: str, weights: str = "good") -> None:
    """Convert what was typed; with "random" weights, to see how quick a network is."""
    backbone = backbone_named(key).at(int(side))
    if weights == "random":
        write_extractor(random_staged(backbone), backbone, Path(target))
    else:
        convert(backbone, Path(target), Path(cache))


if __name__ == "__main__":
    end_with_parent()
    main(*sys.argv[1:])
