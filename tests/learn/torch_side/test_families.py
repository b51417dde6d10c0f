"""Every network of the registry learns, and answers alike in PyTorch and in the one graph.

Weights are random: what is tested is how a network is built, cut, trained and exported.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch.nn import functional

from nocode_classifier.learn.backbones.backbone import BACKBONES, backbone_named
from nocode_classifier.learn.graph import Blocks, LinearHead, properties_of, with_head
from nocode_classifier.learn.torch_side.convert import write_extractor
from nocode_classifier.learn.torch_side.families import random_staged
from nocode_classifier.learn.torch_side.pooled import PooledFeatures
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.learn.torch_side.weights import build_network
from tests.drawing import draw_image
from tests.learning import network_params

CLASSES = 3
EVERY = pytest.mark.parametrize("key", network_params(each.key for each in BACKBONES))

pytestmark = pytest.mark.slow


def features_of(network: StagedNetwork, views: torch.Tensor) -> torch.Tensor:
    """Features [photos, d] of views [photos, 2, 3, side, side]."""
    maps = [each.unflatten(0, views.shape[:2]) for each in network(views.flatten(0, 1))]
    found: torch.Tensor = PooledFeatures()(maps)
    return found


def train_two_steps(network: StagedNetwork, side: int) -> list[float]:
    """Train the last stages and a head on two photos; the loss before each step and at the end."""
    views, labels = torch.rand(2, 1, 3, side, side), torch.tensor([0, 1])
    with torch.no_grad():
        seen = network.first(views.flatten(0, 1))
        width = features_of(network, views).shape[1]
    head = torch.nn.Linear(width, CLASSES)
    stages = network.stages[network.cut :]
    optimiser = torch.optim.Adam([*stages.parameters(), *head.parameters()], lr=1e-4)
    losses = []
    for _ in range(3):
        maps = [each.unsqueeze(1) for each in network.last(seen)]
        features = functional.normalize(PooledFeatures()(maps))
        loss = functional.cross_entropy(head(features), labels)
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    return losses


def a_head(blocks: Blocks) -> LinearHead:
    draw = np.random.default_rng(0).standard_normal
    weights = draw((CLASSES, blocks.total)).astype(np.float32) / np.sqrt(blocks.total)
    prototypes = np.eye(4, blocks.latest, dtype=np.float32)
    return LinearHead(
        weights.astype(np.float32), np.zeros(CLASSES, np.float32), weights, prototypes
    )


@EVERY
def test_it_builds_trains_and_exports_to_the_one_graph(key: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    backbone = backbone_named(key)
    network = random_staged(backbone)
    losses = train_two_steps(network, backbone.input_size)
    assert losses[2] < losses[0]

    write_extractor(network, backbone, tmp_path / "extractor.onnx")
    extractor = onnx.load(str(tmp_path / "extractor.onnx"))
    (blocks,) = Blocks.of(properties_of(extractor))
    head = a_head(blocks)
    model = with_head(extractor, head)
    model.graph.output.append(onnx.ValueInfoProto(name="views"))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    views, probabilities, found, closeness = session.run(
        ["views", "probabilities", "activation_map", "familiarity"],
        {"photo": np.asarray(draw_image("triangle", 5, (320, 240)))},
    )
    with torch.no_grad():
        features = features_of(network, torch.from_numpy(views)[None])
        expected = (features @ torch.from_numpy(head.weights).T).softmax(1)[0]
    assert features.shape == (1, blocks.total)
    assert probabilities == pytest.approx(expected.numpy(), abs=1e-4)
    assert found.shape[0] == CLASSES
    assert found.shape[1] == found.shape[2] >= 7
    assert np.isfinite(found).all()
    assert np.isfinite(closeness)


@EVERY
def test_its_stages_one_after_the_other_are_the_whole_network(key: str) -> None:
    backbone = backbone_named(key)
    torch.manual_seed(0)
    network = build_network(backbone)
    torch.manual_seed(0)
    staged = random_staged(backbone)
    views = torch.rand(2, 3, backbone.input_size, backbone.input_size)
    forward = getattr(network, "forward_features", None) or until_the_pooling(network)
    with torch.no_grad():
        expected, found = forward(views), staged(views)[-1]
    if expected.ndim == 3:  # tokens: a summary, four of no use here, patches
        patches = expected[:, 5:].transpose(1, 2).reshape(2, -1, *found.shape[2:])
        summary = expected[:, 0, :, None, None].expand_as(patches)
        expected = torch.cat([patches, summary], dim=1)
    torch.testing.assert_close(found, expected)
    assert len(staged.taps) >= 3
    assert staged.taps[0] >= staged.cut - 1
    assert staged.taps[-1] == len(staged.stages) - 1


def until_the_pooling(network: torch.nn.Module) -> torch.nn.Module:
    """A network of torchvision without its head."""
    parts = dict(network.named_children())
    if "features" in parts:
        return parts["features"]
    return torch.nn.Sequential(
        *[part for name, part in parts.items() if name not in ("avgpool", "fc")]
    )


@pytest.mark.parametrize("key", network_params(["efficientnet-lite0", "resnet18"]))
def test_a_size_that_does_not_divide_evenly_works_too(key: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    backbone = backbone_named(key).at(250)
    network = random_staged(backbone)
    write_extractor(network, backbone, tmp_path / "extractor.onnx")
    model = onnx.load(str(tmp_path / "extractor.onnx"))
    model.graph.output.append(onnx.ValueInfoProto(name="views"))
    session = onnxruntime.InferenceSession(model.SerializeToString())
    views, found = session.run(
        ["views", "features"], {"photo": np.asarray(draw_image("circle", 5, (320, 240)))}
    )
    with torch.no_grad():
        expected = features_of(network, torch.from_numpy(views)[None])[0]
    assert found == pytest.approx(expected.numpy(), abs=3e-4, rel=1e-3)
