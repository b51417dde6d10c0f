from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from nocode_classifier.learn.backbones.prepare import extractor_path
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.predict.predictor import (
    TOO_CLOSE,
    UNLIKE,
    Answer,
    ModelError,
    Predictor,
    read_photo,
)
from nocode_classifier.share.asking import copy_predictor
from tests.drawing import draw_folder, draw_image, draw_photo

ALONE = """
import json, sys

class OnlyThese:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names | {"numpy", "PIL", "onnxruntime", "predictor"}:
            raise ModuleNotFoundError(f"{name} may not be imported", name=name)

sys.meta_path.insert(0, OnlyThese())
sys.path.insert(0, "")
from predictor import Predictor
model = Predictor("model")
for photo in sys.argv[1:]:
    answer = model.predict(photo)
    print(json.dumps([answer.label, answer.sure, answer.probabilities, answer.familiarity]))
found = {name.partition(".")[0] for name in sys.modules}
assert not found & {"nocode_classifier", "torch", "sklearn", "scipy", "gradio"}, found
"""


def facts(answer: Answer) -> list[Any]:
    return [answer.label, answer.sure, answer.probabilities, answer.familiarity]


def test_an_answer_says_what_how_sure_and_where(predictor: Predictor) -> None:
    answer = predictor.predict(draw_photo("circle", 300))
    assert (answer.label, answer.sure, answer.hint) == ("circle", True, "It rolls.")
    assert next(iter(answer.probabilities)) == "circle"
    assert sorted(answer.probabilities) == predictor.classes == ["circle", "stripes", "triangle"]
    assert list(answer.probabilities.values()) == sorted(answer.probabilities.values())[::-1]
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.activation_map.shape == (7, 7)
    assert (answer.activation_map.min(), answer.activation_map.max()) >= (0, 1)
    assert predictor.predict(draw_photo("stripes", 300)).hint is None


def test_a_photo_unlike_all_others_is_not_sure(predictor: Predictor) -> None:
    answer = predictor.predict(Image.effect_mandelbrot((200, 200), (-2, -1.5, 1, 1.5), 50))
    assert (answer.sure, answer.why) == (False, UNLIKE)
    assert answer.familiarity < predictor.card["sure"]["familiarity"]


def test_a_photo_like_the_others_may_be_too_close_to_call(
    model_folder: Path, tmp_path: Path
) -> None:
    card = json.loads((model_folder / "card.json").read_text("utf-8"))
    card["sure"] |= {"probability": 1.1, "familiarity": -1.0}
    shutil.copytree(model_folder, tmp_path / "model")
    (tmp_path / "model" / "card.json").write_text(json.dumps(card), "utf-8")
    answer = Predictor(tmp_path / "model").predict(draw_photo("circle", 300))
    assert (answer.sure, answer.why) == (False, TOO_CLOSE)


def test_the_map_shows_where_it_is(predictor: Predictor) -> None:
    for left, columns in ((0, slice(0, 3)), (100, slice(4, 7))):
        photo = Image.new("RGB", (160, 120), (60, 70, 60))
        photo.paste(draw_image("stripes", 7, (60, 120)), (left, 0))
        shares = predictor.predict(photo).activation_map.sum(axis=0)
        assert shares[columns].sum() > 0.5 * shares.sum()


def test_the_package_alone_answers_the_same_with_three_libraries(
    model_folder: Path, predictor: Predictor, tmp_path: Path
) -> None:
    copy_predictor(tmp_path)
    shutil.copytree(model_folder, tmp_path / "model")
    photos = sorted(draw_folder(tmp_path / "new", {"circle": 2, "stripes": 2}).rglob("*.jpg"))
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, *photos],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [facts(predictor.predict(photo)) for photo in photos]


def test_the_model_sees_a_photo_as_training_did(model_folder: Path, backbone_cache: Path) -> None:
    photo = {"photo": read_photo(draw_photo("triangle", 77))}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    trained, answering = (
        onnxruntime.InferenceSession(str(path), options).run(["features"], photo)[0]
        for path in (extractor_path(DEFAULT, backbone_cache), model_folder / "model.onnx")
    )
    np.testing.assert_allclose(trained, answering, atol=1e-5)


def test_many_threads_at_once_get_the_same_answers(predictor: Predictor) -> None:
    photos = [draw_photo(shape, seed) for shape in predictor.classes for seed in (400, 401)]
    alone = [facts(predictor.predict(photo)) for photo in photos]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(predictor.predict, photos * 4))
    assert [facts(answer) for answer in together] == alone * 4


def test_the_number_of_cores_does_not_change_an_answer(
    model_folder: Path, predictor: Predictor
) -> None:
    photo = draw_photo("triangle", 402)
    one, all_of_them = (
        each.predict(photo) for each in (Predictor(model_folder, threads=1), predictor)
    )
    assert (one.label, one.sure) == (all_of_them.label, all_of_them.sure)
    assert one.probabilities == pytest.approx(all_of_them.probabilities, abs=1e-5)


Spoil = Callable[[Path], object]


def edited(**changes: object) -> Spoil:
    """Changes the card; None takes an entry out."""

    def edit(folder: Path) -> None:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8")) | changes
        card = {key: value for key, value in card.items() if value is not None}
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")

    return edit


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (shutil.rmtree, r"There is no model in .*: card\.json is missing\."),
        (lambda f: (f / "card.json").unlink(), r"There is no model in .*: card\.json is missing\."),
        (lambda f: (f / "card.json").write_text("{"), r"The card\.json in .* is damaged: "),
        (lambda f: (f / "card.json").write_text("[]"), r"The card\.json in .* is damaged: "),
        (lambda f: (f / "card.json").write_bytes(b"\xff\xfe{"), r"The card\.json in .* is damaged"),
        (edited(classes=[]), r"The card\.json in .* is damaged: parts are missing\."),
        (edited(classes=["circle"]), r"The card\.json in .* is damaged: "),
        (edited(classes=[{"hints": []}]), r"The card\.json in .* is damaged: 'name'"),
        (edited(sure=None), r"The card\.json in .* is damaged: 'sure'"),
        (edited(sure={}), r"The card\.json in .* is damaged: parts are missing\."),
        (edited(format_version=None), r"The card\.json in .* is damaged: 'format_version'"),
        (
            edited(format_version=2, classes={"laid": "out anew"}, sure=None),
            r"made by a newer version",
        ),
        (edited(format_version=2), r"was made by a newer version; update nocode-classifier\."),
        (edited(classes=[{"name": "one"}]), r"card\.json and model\.onnx do not belong together"),
        (lambda f: (f / "model.onnx").unlink(), r"The model in .* can't be loaded"),
        (lambda f: (f / "model.onnx").write_bytes(b""), r"The model in .* can't be loaded"),
        (lambda f: (f / "model.onnx").write_bytes(b"x" * 99), r"The model in .* can't be loaded"),
    ],
)
def test_a_model_that_is_not_whole_is_refused_in_a_sentence(
    spoil: Spoil, sentence: str, model_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(model_folder, tmp_path / "model")
    spoil(tmp_path / "model")
    with pytest.raises(ModelError, match=sentence):
        Predictor(tmp_path / "model")


def test_a_network_that_is_no_model_of_ours_is_refused(
    model_folder: Path, backbone_cache: Path, tmp_path: Path
) -> None:
    shutil.copytree(model_folder, tmp_path / "model")
    shutil.copy(extractor_path(DEFAULT, backbone_cache), tmp_path / "model" / "model.onnx")
    with pytest.raises(ModelError, match=r"The model in .* can't be loaded"):
        Predictor(tmp_path / "model")
