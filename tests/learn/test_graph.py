"""The one graph against PyTorch, Pillow and the formulas in its docstrings, written out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from PIL import Image

from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.graph import Blocks, LinearHead, properties_of, with_head
from nocode_classifier.learn.torch_side.weights import load_network
from nocode_classifier.learn.views import views_of
from tests.drawing import draw_image

Array = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def opened(extractor: Extractor) -> onnxruntime.InferenceSession:
    """The converted backbone with its two views let out as well."""
    model = onnx.load(str(extractor.path))
    model.graph.output.append(onnx.ValueInfoProto(name="views"))
    return onnxruntime.InferenceSession(model.SerializeToString())


@pytest.fixture(scope="module")
def network() -> Any:
    return load_network(DEFAULT)


def look(session: onnxruntime.InferenceSession, image: Image.Image) -> dict[str, Array]:
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"photo": np.asarray(image)}), strict=True))


def taps_of(network: Any, views: Array) -> list[npt.NDArray[np.float64]]:
    """What PyTorch computes, float64 [2, channels, 7, 7] for each tap."""
    import torch

    maps: list[Any] = []
    hooks = [
        network.blocks[tap].register_forward_hook(lambda _, __, out: maps.append(out))
        for tap in (4, 5, 6)
    ]
    with torch.no_grad():
        maps.append(network.forward_features(torch.from_numpy(views)))
    for hook in hooks:
        hook.remove()
    arrays = [tensor.numpy().astype(float) for tensor in maps]
    return [a.reshape(*a.shape[:2], 7, a.shape[2] // 7, 7, -1).mean(axis=(3, 5)) for a in arrays]


def pooled(taps: list[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    """Means, deviations and quarters as graph.py and pooling.py describe them."""
    every, layout = np.concatenate(taps, axis=1), np.concatenate(taps[1:3], axis=1)
    corners = [(slice(0, 4), slice(0, 4)), (slice(0, 4), slice(3, 7))]
    corners += [(slice(3, 7), slice(0, 4)), (slice(3, 7), slice(3, 7))]
    quarters = [layout[:, :, rows, columns].mean(axis=(0, 2, 3)) for rows, columns in corners]
    deviations = np.sqrt(every.std(axis=(0, 2, 3)))
    means = np.concatenate([every.mean(axis=(0, 2, 3)), np.stack(quarters, axis=1).ravel()])
    rooted = np.sign(means) * np.sqrt(np.abs(means))
    return np.insert(rooted, every.shape[1], deviations)


@pytest.mark.parametrize("size", [(160, 120), (90, 400), (1000, 700)])
def test_features_are_those_pytorch_computes(
    opened: onnxruntime.InferenceSession, network: Any, size: tuple[int, int]
) -> None:
    found = look(opened, draw_image("triangle", 5, size))
    expected = pooled(taps_of(network, found["views"]))
    np.testing.assert_allclose(found["features"], expected, atol=1e-4)


@pytest.mark.parametrize("size", [(640, 480), (100, 100), (301, 997), (5, 3)])
def test_the_views_are_those_pillow_makes(
    opened: onnxruntime.InferenceSession, size: tuple[int, int]
) -> None:
    image = draw_image("stripes", 3, size)
    short = min(size) * 7 // 8
    left, top = (size[0] - short) // 2, (size[1] - short) // 2
    views = (image, image.crop((left, top, left + short, top + short)))
    expected = [np.asarray(view.resize((224, 224), Image.Resampling.BICUBIC)) for view in views]
    values = look(opened, image)["views"].transpose(0, 2, 3, 1) * 127.5 + 127.5
    found = values.round().astype(int)
    np.testing.assert_allclose(values, found, atol=1e-4)  # pictures of 8 bits
    difference = np.abs(found - np.stack(expected))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.001
    assert (np.abs(found - views_of(np.asarray(image), 224)) == difference).all()


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (4000, 10), (2, 1), (225, 223)])
def test_a_photo_of_any_size_has_features(
    opened: onnxruntime.InferenceSession, size: tuple[int, int]
) -> None:
    found = look(opened, Image.new("RGB", size, "orange"))
    assert found["views"].shape == (2, 3, 224, 224)
    assert np.isfinite(found["features"]).all()
    assert np.isfinite(found["evidence"]).all()


@pytest.mark.parametrize("colour", ["black", "white", "orange", "#3060a0"])
def test_evidence_of_both_views_adds_up_to_the_features(
    opened: onnxruntime.InferenceSession, colour: str
) -> None:
    found = look(opened, Image.new("RGB", (300, 200), colour))
    whole, centre = found["views"]
    np.testing.assert_allclose(whole, centre, atol=1e-6)
    # Of a photo in one colour both views are alike, so the whole photo's evidence is half of all.
    np.testing.assert_allclose(
        2 * found["evidence"].sum(axis=(1, 2)), found["features"], atol=2e-3, rtol=1e-3
    )


def test_the_layout_of_the_features_is_written_into_the_file(extractor: Extractor) -> None:
    model = onnx.load(str(extractor.path))
    (blocks,) = Blocks.of(properties_of(model))
    assert blocks == Blocks(112 + 192 + 320 + 1280, 4 * (192 + 320), 1280)
    assert blocks == extractor.blocks
    assert blocks.total == 2 * 1904 + 2048
    assert [opset.version for opset in model.opset_import] == [18]


def a_head(extractor: Extractor, classes: int = 3) -> LinearHead:
    chance, blocks = np.random.default_rng(0), extractor.blocks
    draw = chance.standard_normal
    prototypes = np.abs(draw((7, blocks.latest)))
    prototypes /= np.linalg.norm(prototypes, axis=1, keepdims=True)
    weights, patterns = draw((2, classes, blocks.total)).astype(np.float32) * 0.02
    bias = draw(classes).astype(np.float32)
    return LinearHead(weights, bias, patterns, prototypes.astype(np.float32))


def test_the_head_adds_what_its_formulas_say(
    extractor: Extractor, opened: onnxruntime.InferenceSession
) -> None:
    head, image = a_head(extractor), draw_image("circle", 8)
    model = with_head(onnx.load(str(extractor.path)), head)
    found = look(onnxruntime.InferenceSession(model.SerializeToString()), image)
    features, evidence = (look(opened, image)[name] for name in ("features", "evidence"))
    np.testing.assert_allclose(found["features"], features, atol=1e-5)
    powers = np.exp((head.weights @ features + head.bias).astype(float))
    np.testing.assert_allclose(found["probabilities"], powers / powers.sum(), atol=1e-5)
    seen = features[extractor.blocks.familiar]
    cosines = np.sort(head.prototypes @ seen / np.linalg.norm(seen))
    assert found["familiarity"] == pytest.approx(cosines[-3:].mean(), abs=1e-5)
    against = head.patterns - head.patterns.mean(axis=0)
    against[:, extractor.blocks.means : extractor.blocks.content] = 0
    expected = np.einsum("cd,dhw->chw", against, evidence)
    np.testing.assert_allclose(found["activation_map"], expected, atol=1e-3)


def test_two_prototypes_are_enough(extractor: Extractor) -> None:
    head = a_head(extractor)
    few = LinearHead(head.weights, head.bias, head.patterns, head.prototypes[:2])
    model = with_head(onnx.load(str(extractor.path)), few)
    found = look(onnxruntime.InferenceSession(model.SerializeToString()), draw_image("circle", 1))
    seen = found["features"][extractor.blocks.familiar]
    cosines = few.prototypes @ seen / np.linalg.norm(seen)
    assert found["familiarity"] == pytest.approx(cosines.mean(), abs=1e-5)


def test_putting_a_head_on_leaves_the_backbone_as_it_was(extractor: Extractor) -> None:
    model = onnx.load(str(extractor.path))
    before = model.SerializeToString(deterministic=True)
    with_head(model, a_head(extractor))
    assert model.SerializeToString(deterministic=True) == before


def test_the_same_photo_has_the_same_features_from_a_file_and_in_any_thread(
    extractor: Extractor, shapes: list[Any], tmp_path: Path
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        several = set(pool.map(extractor.look, [shapes[0]] * 8))
    assert several == {extractor.look(shapes[0])}
    assert len(several.pop()) == 2 * extractor.blocks.total
