"""Models of every network can be exported, or a sentence says why not.

Networks and heads are random and small: what counts is that both sides answer alike.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.backbones.registry import backbones_named
from nocode_classifier.learn.concatenation import concatenated
from nocode_classifier.learn.graph import Blocks, LinearHead, properties_of, with_head
from nocode_classifier.learn.torch_side.convert import write_extractor
from nocode_classifier.learn.torch_side.families import FAMILIES
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.exporters.core_ml import CoreMlFolder
from nocode_classifier.share.exporters.fastai import FastaiLearner
from nocode_classifier.share.exporters.lite_rt import LiteRtFolder
from nocode_classifier.share.exporters.onnx_folder import OnnxFolder
from nocode_classifier.share.exporting import export
from nocode_classifier.share.static.graph import page_graph
from nocode_classifier.share.subjects import subject_of_folder
from tests.drawing import draw_folder
from tests.learning import network_params, random_network

SIZES = {
    "efficientnet-lite0": 96,
    "efficientnet-lite2": 260,
    "resnet18": 100,
    "resnet34": 96,
    "resnet50": 96,
    "squeezenet": 128,
    "mobilenetv2": 96,
    "tiny-vit-5m": 96,
    "tiny-vit-11m": 224,
    "hgnetv2-b1": 96,
    "dinov2-small": 98,
    "efficientnet-lite0+mobilenetv2": 96,
    "efficientnet-lite0+resnet18": 96,
}
"""Side of the square that each looks at. Of the pairs, the networks of the first share the views as
they are, those of the second want other colours."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=network_params(SIZES))
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """A model of this network that tells circles from stripes, by chance."""
    key, folder = request.param, tmp_path_factory.mktemp("network")
    backbones = backbones_named(key, SIZES[key])
    for number, backbone in enumerate(backbones):
        staged = FAMILIES[backbone.family](random_network(backbone))
        write_extractor(staged, backbone, folder / f"{number}.onnx")
    graph = concatenated([onnx.load(str(folder / f"{n}.onnx")) for n in range(len(backbones))])
    blocks = Blocks.of(properties_of(graph))
    draw, total = np.random.default_rng(0).standard_normal, sum(each.total for each in blocks)
    weights = (3 * draw((2, total)) / np.sqrt(total)).astype(np.float32)
    model = with_head(
        graph,
        LinearHead(
            weights,
            np.zeros(2, np.float32),
            weights,
            np.eye(3, blocks[0].latest, dtype=np.float32),
        ),
    )
    (folder / "model").mkdir()
    onnx.save(model, str(folder / "model" / "model.onnx"))
    card = {
        "format_version": 1,
        "name": key,
        "classes": [{"name": name, "hints": [], "photos": 4} for name in ("circle", "stripes")],
        "backbone": key,
        "input_size": SIZES[key],
        "licence": backbones[0].licence,
        "sure": {"probability": 0.5, "familiarity": -1.0, "share": 1.0, "accuracy": 1.0},
        "accuracy": {"value": 1.0, "low": 0.6, "high": 1.0, "correct": 8, "photos": 8},
    }
    (folder / "model" / "card.json").write_text(json.dumps(card))
    photos = sorted(draw_folder(folder / "photos", {"circle": 3, "stripes": 3}).rglob("*.*"))
    return subject_of_folder(folder / "model", photos)


def test_the_onnx_file_answers_alike(network: Subject, tmp_path: Path) -> None:
    made = export(OnnxFolder(), network, tmp_path)
    assert made.proof is not None
    assert made.proof.worst < 1e-4


@pytest.mark.parametrize(("weights", "worst"), [("full", 1e-5), ("half", 0.02), ("light", 0.2)])
def test_the_page_s_graph_answers_alike_with_one_view_or_two(
    network: Subject, weights: Any, worst: float
) -> None:
    data = (network.trained() / "model.onnx").read_bytes()
    model = onnxruntime.InferenceSession(data)
    page = onnxruntime.InferenceSession(page_graph(data, weights))
    photo = np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8)
    both = {"photo": photo, "first_view": np.array([0]), "end_view": np.array([2])}
    (expected,) = model.run(["probabilities"], {"photo": photo})
    assert page.run(["probabilities"], both)[0] == pytest.approx(expected, abs=worst)
    (alone,) = page.run(["probabilities"], {**both, "end_view": np.array([1])})
    assert alone.sum() == pytest.approx(1, abs=1e-4)


PAIR = "efficientnet-lite0+resnet18"
REPRESENTATIVES = {"resnet18", "tiny-vit-5m", "hgnetv2-b1", PAIR}
LITE_RT = {"resnet18", "squeezenet", "hgnetv2-b1", PAIR}


@pytest.mark.parametrize(
    ("exporter", "known", "package"),
    [
        (FastaiLearner(), REPRESENTATIVES, "fastai"),
        (CoreMlFolder(), REPRESENTATIVES, "coremltools"),
        (LiteRtFolder(), LITE_RT, "ai_edge_litert"),
    ],
    ids=["fastai", "coreml", "litert"],
)
def test_other_programs_get_a_file_that_answers_alike(
    network: Subject,
    exporter: FastaiLearner | CoreMlFolder | LiteRtFolder,
    known: set[str],
    package: str,
    tmp_path: Path,
) -> None:
    if find_spec(package) is None or network.name not in known:
        pytest.skip("not installed, of a family that is tested already, or can't be written")
    made = export(exporter, network, tmp_path)
    assert made.proof is not None
    assert made.proof.worst < 0.01


@pytest.mark.parametrize(
    ("exporter", "strangers", "package"),
    [
        (FastaiLearner(), {"dinov2-small"}, "fastai"),
        (CoreMlFolder(), {"dinov2-small"}, "coremltools"),
        (LiteRtFolder(), {"dinov2-small", "tiny-vit-5m"}, "ai_edge_litert"),
    ],
    ids=["fastai", "coreml", "litert"],
)
def test_a_network_that_other_programs_can_t_have_is_told_in_a_sentence(
    network: Subject,
    exporter: FastaiLearner | CoreMlFolder | LiteRtFolder,
    strangers: set[str],
    package: str,
    tmp_path: Path,
) -> None:
    if find_spec(package) is None or network.name not in strangers:
        pytest.skip("not installed, or can be written")
    with pytest.raises(Unavailable, match="train with another network, such as EfficientNet-Lite0"):
        export(exporter, network, tmp_path)
    assert not list(tmp_path.iterdir())
