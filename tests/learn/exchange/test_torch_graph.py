"""The network of a model, taken out of its graph for PyTorch."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.exchange.torch_graph import VIEWS, as_module, plan_of
from nocode_classifier.learn.exchange.torch_operations import OPERATIONS
from nocode_classifier.learn.train import TrainedModel


@pytest.fixture(scope="module")
def graph(trained: TrainedModel) -> onnx.ModelProto:
    return onnx.load(str(trained.folder / "model.onnx"))


def test_the_plan_goes_from_the_views_to_the_scores(graph: onnx.ModelProto) -> None:
    plan = plan_of(graph)
    assert [plan.side, plan.scale, plan.offset] == [224, pytest.approx(2), pytest.approx(1)]
    kinds = [step.kind for step in plan.steps]
    assert {"Conv", "MatMul"} <= set(kinds) <= OPERATIONS.keys()
    assert (kinds[0], kinds.count("Conv"), plan.steps[-1].output) == ("Conv", 49, plan.result)
    assert all(weight.dtype == np.float32 for weight in plan.weights.values())


def test_a_node_that_nobody_knows_is_named(graph: onnx.ModelProto) -> None:
    changed = onnx.ModelProto()
    changed.CopyFrom(graph)
    next(node for node in changed.graph.node if node.op_type == "Conv").op_type = "Fold"
    with pytest.raises(Unavailable, match=r"can't be written for PyTorch: it has Fold\."):
        plan_of(changed)


def behind_the_views(graph: onnx.ModelProto, result: str) -> bytes:
    """The part of a model that starts with the views."""
    inner = onnx.ModelProto()
    inner.CopyFrom(graph)
    cut = next(at for at, node in enumerate(inner.graph.node) if VIEWS in node.output)
    del inner.graph.node[: cut + 1]
    del inner.graph.input[:], inner.graph.output[:]
    views = onnx.helper.make_tensor_value_info(VIEWS, onnx.TensorProto.FLOAT, [2, 3, 224, 224])
    inner.graph.input.append(views)
    inner.graph.output.append(
        onnx.helper.make_tensor_value_info(result, onnx.TensorProto.FLOAT, ["classes"])
    )
    return bytes(inner.SerializeToString())


@pytest.mark.slow
def test_pytorch_scores_views_as_the_graph_does(graph: onnx.ModelProto) -> None:
    import onnxruntime
    import torch

    random = np.random.default_rng(0)
    photos = random.random((2, 3, 224, 448), np.float32)
    plan = plan_of(graph)
    with torch.no_grad():
        found = as_module(plan)(torch.from_numpy(photos)).numpy()
    session = onnxruntime.InferenceSession(behind_the_views(graph, plan.result))
    for photo, scores in zip(photos, found, strict=True):
        views = np.stack([photo[..., :224], photo[..., 224:]]) * 2 - 1
        assert session.run([plan.result], {VIEWS: views})[0] == pytest.approx(scores, abs=1e-3)
