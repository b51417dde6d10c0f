"""PyTorch's pooling is the graph's, and a loss can be taken through it."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import torch

from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.torch_side.pooled import PooledFeatures
from tests.drawing import draw_image


def test_features_are_those_of_the_graph(extractor: Extractor) -> None:
    model = onnx.load(str(extractor.path))
    model.graph.output.extend(onnx.ValueInfoProto(name=f"tap_{index}") for index in range(4))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    names = ["features", *(f"tap_{index}" for index in range(4))]
    looks = [
        session.run(names, {"photo": np.asarray(draw_image(shape, 3))})
        for shape in ("circle", "stripes")
    ]
    taps = [torch.from_numpy(np.stack([look[1 + tap] for look in looks])) for tap in range(4)]
    features = PooledFeatures()(taps)
    assert features.dtype == torch.float32
    np.testing.assert_allclose(features, np.stack([look[0] for look in looks]), atol=1e-4)


def test_slopes_stay_finite_where_a_channel_is_silent() -> None:
    taps = [torch.zeros(2, 2, 3, 14, 14, requires_grad=True) for _ in range(2)]
    taps.append(torch.randn(2, 2, 5, 7, 7, requires_grad=True))
    PooledFeatures()(taps).sum().backward()
    assert all(tap.grad is not None and tap.grad.isfinite().all() for tap in taps)
    assert taps[2].grad is not None
    assert (taps[2].grad != 0).any()
