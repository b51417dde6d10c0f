"""The page's graph answers as the model does, with lighter weights nearly so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from nocode_classifier.errors import InputError
from nocode_classifier.predict.predictor import Predictor, read_photo
from nocode_classifier.share.static.graph import CHOICES, WeightsChoice, choice_of, page_graph
from tests.drawing import draw_photo

SEEDS = range(500, 512)
TOLERANCE = {"full": 1e-6, "half": 0.02, "light": 0.05}


def answers(graph: bytes, first: int, end: int) -> np.ndarray:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    views = {"first_view": np.array([first]), "end_view": np.array([end])}
    rows: Sequence[np.ndarray] = [
        session.run(["probabilities"], {"photo": read_photo(draw_photo(shape, seed)), **views})[0]
        for seed in SEEDS
        for shape in ("circle", "stripes")
    ]
    return np.array(rows)


def own_answers(model: Path) -> np.ndarray:
    predictor = Predictor(model)
    found = [
        predictor.predict(draw_photo(shape, seed)).probabilities
        for seed in SEEDS
        for shape in ("circle", "stripes")
    ]
    return np.array([[one[name] for name in predictor.classes] for one in found])


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.key)
def test_both_views_give_the_answer_of_the_model(shapes_model: Path, choice: WeightsChoice) -> None:
    data = (shapes_model / "model.onnx").read_bytes()
    found, own = answers(page_graph(data, choice.key), 0, 2), own_answers(shapes_model)
    assert np.abs(found - own).max() <= TOLERANCE[choice.key]
    assert (found.argmax(axis=1) == own.argmax(axis=1)).all()


def test_one_view_is_a_look_of_its_own(shapes_model: Path) -> None:
    graph = page_graph((shapes_model / "model.onnx").read_bytes(), "full")
    whole, centre, own = answers(graph, 0, 1), answers(graph, 1, 2), own_answers(shapes_model)
    assert np.abs(whole - centre).max() > 1e-3
    assert ((whole + centre).argmax(axis=1) == own.argmax(axis=1)).mean() > 0.9


def test_lighter_weights_take_the_room_they_promise(shapes_model: Path) -> None:
    data = (shapes_model / "model.onnx").read_bytes()
    sizes = {choice.key: len(page_graph(data, choice.key)) / len(data) for choice in CHOICES}
    assert 0.99 < sizes["full"] < 1.01
    assert sizes["half"] < 0.51
    assert sizes["light"] < 0.36


def test_unknown_weights_are_refused_with_a_list() -> None:
    with pytest.raises(InputError, match="full, half, light"):
        choice_of("tiny")


@pytest.mark.parametrize("data", [b"", b"no graph at all", b"\x08\x09"])
def test_what_is_no_model_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        page_graph(data, "full")
