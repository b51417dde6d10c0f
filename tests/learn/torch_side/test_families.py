"""Every network of the registry learns, and answers alike in PyTorch and in the one graph.

Weights are random: what is tested is how a network is built, cut, trained and exported.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch.nn import functional

from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import BACKBONES, backbone_named
from nocode_classifier.learn.concatenation import concatenated
from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.graph import Blocks, LinearHead, properties_of, with_head
from nocode_classifier.learn.torch_side.convert import write_extractor
from nocode_classifier.learn.torch_side.families import FAMILIES
from nocode_classifier.learn.torch_side.pooled import PooledFeatures
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from tests.drawing import draw_image
from tests.learning import network_params, random_network

CLASSES = 3
PHOTO = np.asarray(draw_image("triangle", 5, (320, 240)))
EVERY = network_params(each.key for each in BACKBONES)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Exported:
    """A network with random weights, and its graph."""

    backbone: Backbone
    network: StagedNetwork
    graph: onnx.ModelProto


def exported_at(backbone: Backbone, folder: Path) -> Exported:
    network = FAMILIES[backbone.family](random_network(backbone)).eval()
    write_extractor(network, backbone, folder / "extractor.onnx")
    return Exported(backbone, network, onnx.load(str(folder / "extractor.onnx")))


@pytest.fixture(scope="module", params=EVERY)
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return exported_at(backbone_named(request.param), tmp_path_factory.mktemp("network"))


def asked(model: onnx.ModelProto, *names: str) -> list[np.ndarray]:
    """What a graph makes of the photo, by name; the views may be among them."""
    known = {output.name for output in model.graph.output}
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    whole.graph.output.extend(onnx.ValueInfoProto(name=name) for name in {*names} - known)
    session = onnxruntime.InferenceSession(whole.SerializeToString())
    found: list[np.ndarray] = session.run(list(names), {"photo": PHOTO})
    return found


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


def test_it_learns(exported: Exported) -> None:
    network = copy.deepcopy(exported.network)
    losses = train_two_steps(network, exported.backbone.input_size)
    assert losses[2] < losses[0]


def test_it_answers_alike_in_pytorch_and_in_the_one_graph(exported: Exported) -> None:
    (blocks,) = Blocks.of(properties_of(exported.graph))
    head = a_head(blocks)
    views, probabilities, found, closeness = asked(
        with_head(exported.graph, head), "views", "probabilities", "activation_map", "familiarity"
    )
    with torch.no_grad():
        features = features_of(exported.network, torch.from_numpy(views)[None])
        expected = (features @ torch.from_numpy(head.weights).T).softmax(1)[0]
    assert features.shape == (1, blocks.total)
    assert probabilities == pytest.approx(expected.numpy(), abs=1e-4)
    assert found.shape[0] == CLASSES
    assert found.shape[1] == found.shape[2] >= 7
    assert np.isfinite(found).all()
    assert np.isfinite(closeness)


def test_beside_the_usual_network_each_gives_its_own_features(
    exported: Exported, extractor: Extractor
) -> None:
    graphs = [onnx.load(str(extractor.path)), exported.graph]
    alone = [asked(graph, "features")[0] for graph in graphs]
    both, evidence = asked(concatenated(graphs), "features", "evidence")
    assert both == pytest.approx(np.concatenate(alone), abs=1e-5)
    assert len(evidence) == len(both)


@pytest.mark.parametrize("key", EVERY)
def test_its_stages_one_after_the_other_are_the_whole_network(key: str) -> None:
    backbone = backbone_named(key)
    network = random_network(backbone)
    views = torch.rand(2, 3, backbone.input_size, backbone.input_size)
    forward = getattr(network, "forward_features", None) or until_the_pooling(network)
    with torch.no_grad():
        expected = forward(views)
        staged = FAMILIES[backbone.family](network).eval()
        found = staged(views)[-1]
    if expected.ndim == 3:  # tokens: a summary, four of no use here, patches
        patches = expected[:, 5:].transpose(1, 2).reshape(2, -1, *found.shape[2:])
        summary = expected[:, 0, :, None, None].expand_as(patches)
        expected = torch.cat([patches, summary], dim=1)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
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


@pytest.mark.parametrize(
    "key", network_params(["efficientnet-lite0", "resnet18", "tiny-vit-5m", "hgnetv2-b1"])
)
def test_a_size_that_does_not_divide_evenly_works_too(key: str, tmp_path: Path) -> None:
    exported = exported_at(backbone_named(key).at(250), tmp_path)
    views, found = asked(exported.graph, "views", "features")
    with torch.no_grad():
        expected = features_of(exported.network, torch.from_numpy(views)[None])[0]
    assert found == pytest.approx(expected.numpy(), abs=3e-4, rel=1e-3)
