"""Networks side by side give what each of them gives, in the one graph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest

from nocode_classifier.learn.backbones.prepare import convert, prepare
from nocode_classifier.learn.backbones.registry import DEFAULT, backbone_named, networks_of
from nocode_classifier.learn.concatenation import concatenated
from nocode_classifier.learn.graph import Blocks, LinearHead, properties_of, with_head
from tests.drawing import draw_image

PHOTO = np.asarray(draw_image("triangle", 5, (320, 240)))

Array = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def pair(backbone_cache: Path) -> list[onnx.ModelProto]:
    """The two networks that come with the app, at one size."""
    networks = networks_of(DEFAULT.key, combine=True)
    return [onnx.load(str(prepare(network, backbone_cache))) for network in networks]


def look(model: onnx.ModelProto) -> tuple[Array, ...]:
    """Whatever it gives of one photo."""
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return tuple(session.run(None, {"photo": PHOTO}))


def check_like_each(pair: list[onnx.ModelProto]) -> onnx.ModelProto:
    both = concatenated(pair)
    (one, seen_by_one), (other, seen_by_other), (row, seen) = map(look, (*pair, both))
    np.testing.assert_allclose(row, np.concatenate([one, other]), atol=1e-5)
    np.testing.assert_allclose(seen[: len(one)], seen_by_one, atol=1e-5)
    assert seen.shape == (len(row), *seen_by_one.shape[1:])
    total = seen_by_other.sum(axis=(1, 2))
    assert np.corrcoef(seen[len(one) :].sum(axis=(1, 2)), total)[0, 1] > 0.99
    assert Blocks.of(properties_of(both)) == tuple(
        block for model in pair for block in Blocks.of(properties_of(model))
    )
    return both


def test_two_of_one_size_share_the_views(pair: list[onnx.ModelProto]) -> None:
    both = check_like_each(pair)
    cubic = [node for node in both.graph.node if node.name.startswith("pixels/resize")]
    assert len(cubic) == 2
    names = [node.name for node in both.graph.node]
    assert len(set(names)) == len(names)


def test_one_alone_is_left_as_it_is(pair: list[onnx.ModelProto]) -> None:
    assert concatenated(pair[:1]) is pair[0]


def test_a_head_on_both_adds_up_what_it_sees_in_each(pair: list[onnx.ModelProto]) -> None:
    both = concatenated(pair)
    blocks = Blocks.of(properties_of(both))
    draw = np.random.default_rng(0).standard_normal
    weights, patterns = draw((2, 3, sum(each.total for each in blocks))).astype(np.float32) / 50
    prototypes = np.eye(4, blocks[0].latest, dtype=np.float32)
    head = LinearHead(weights, np.zeros(3, np.float32), patterns, prototypes)
    chances, features, familiarity, maps = look(with_head(both, head))
    powers = np.exp((weights @ features).astype(float))
    np.testing.assert_allclose(chances, powers / powers.sum(), atol=1e-5)
    _, evidence = look(both)
    start, against = 0, patterns - patterns.mean(axis=0)
    for each in blocks:
        against[:, start + each.means : start + each.content] = 0
        start += each.total
    np.testing.assert_allclose(maps, np.tensordot(against, evidence, 1), atol=1e-4)
    first = slice(0, blocks[0].total)
    smaller = LinearHead(weights[:, first], head.bias, patterns[:, first], prototypes)
    alone = with_head(pair[0], smaller)
    assert familiarity == pytest.approx(look(alone)[2], abs=1e-6)


@pytest.mark.gate
@pytest.mark.parametrize("key", ["squeezenet", "resnet18"])
def test_networks_of_other_sizes_and_colours_stand_side_by_side_too(
    pair: list[onnx.ModelProto], key: str, tmp_path: Path
) -> None:
    path = tmp_path / "other.onnx"
    convert(backbone_named(key).at(160), path, tmp_path, "", weights="random")
    check_like_each([pair[0], onnx.load(str(path))])
