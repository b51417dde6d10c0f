"""Weights as they are published end up in the networks, those for another size included."""

from __future__ import annotations

from pathlib import Path

import onnxruntime
import pytest
import torch
from safetensors.torch import save_file

from nocode_classifier.errors import WeightsUnavailable
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.prepare import prepare
from nocode_classifier.learn.backbones.registry import backbone_named
from nocode_classifier.learn.backbones.sealing import seal
from nocode_classifier.learn.backbones.weights import Bundled, kept_weights
from nocode_classifier.learn.torch_side.families import load_staged
from nocode_classifier.learn.torch_side.weights import build_network, load_network

pytestmark = pytest.mark.slow


def published(backbone: Backbone, cache: Path, **more: torch.Tensor) -> dict[str, torch.Tensor]:
    """Put random weights where downloaded ones are kept, and what else is in the file."""
    assert not isinstance(backbone.weights, Bundled)
    weights = {
        name: value.contiguous() for name, value in build_network(backbone).state_dict().items()
    }
    path = kept_weights(cache) / backbone.weights.kept_as
    path.parent.mkdir(exist_ok=True)
    file = {**weights, **more}
    save_file(file, path) if path.suffix == ".safetensors" else torch.save(file, path)
    seal(path)
    return weights


@pytest.mark.parametrize(
    "key", ["resnet18", "squeezenet", "mobilenetv2", "tiny-vit-5m", "hgnetv2-b1"]
)
def test_published_weights_are_read(key: str, tmp_path: Path) -> None:
    backbone = backbone_named(key)
    weights = published(backbone, tmp_path)
    found = load_network(backbone, tmp_path).state_dict()
    assert all(torch.equal(found[name], value) for name, value in weights.items())


def test_what_timm_computes_by_now_may_still_be_among_the_published_weights(tmp_path: Path) -> None:
    backbone = backbone_named("tiny-vit-5m")
    table = {"stages.1.blocks.0.attn.attention_bias_idxs": torch.zeros(49, 49, dtype=torch.long)}
    weights = published(backbone, tmp_path, **table)
    found = load_network(backbone, tmp_path).state_dict()
    assert torch.equal(
        found["patch_embed.conv1.conv.weight"], weights["patch_embed.conv1.conv.weight"]
    )


def test_where_patches_are_is_fitted_to_the_size(tmp_path: Path) -> None:
    backbone = backbone_named("dinov2-small")
    weights = published(backbone.at(518), tmp_path)  # as they are published
    found = load_network(backbone, tmp_path).state_dict()
    assert weights["pos_embed"].shape == (1, 37 * 37, 384)
    assert found["pos_embed"].shape == (1, 16 * 16, 384)
    assert torch.equal(found["blocks.3.attn.qkv.weight"], weights["blocks.3.attn.qkv.weight"])
    assert load_staged(backbone, tmp_path).taps == (10, 11, 12)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    small, large = backbone_named("resnet18"), backbone_named("resnet34")
    published(small, tmp_path)
    folder = kept_weights(tmp_path)
    assert not isinstance(small.weights, Bundled)
    assert not isinstance(large.weights, Bundled)
    (folder / small.weights.kept_as).rename(folder / large.weights.kept_as)
    seal(folder / large.weights.kept_as)
    with pytest.raises(WeightsUnavailable, match="ResNet-34 do not fit the installed timm or"):
        load_network(large, tmp_path)


def test_a_downloaded_network_is_prepared_at_another_size(tmp_path: Path) -> None:
    backbone = backbone_named("squeezenet").at(160)
    published(backbone, tmp_path)
    session = onnxruntime.InferenceSession(str(prepare(backbone, tmp_path)))
    assert [each.name for each in session.get_outputs()] == ["features", "evidence"]
