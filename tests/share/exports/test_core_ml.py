"""A Core ML package says what the app says, computed operation by operation."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.errors import NotReady, Unavailable
from nocode_classifier.learn.exchange.mil import compute
from nocode_classifier.learn.views import views_of
from nocode_classifier.predict.predictor import read_photo
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.exporters.core_ml import CoreMlFolder
from nocode_classifier.share.exporting import export
from tests.drawing import draw_photo

HAS_TOOLS = find_spec("coremltools") is not None


@pytest.mark.gate
@pytest.mark.slow
@pytest.mark.skipif(not HAS_TOOLS, reason="coremltools is not installed")
def test_the_package_answers_as_the_app_does(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(subject, photos=subject.photos[-6:])  # the odd ones are the last
    made = export(CoreMlFolder(), few, shop)
    assert made.proof is not None
    assert made.proof.sentence == "same answers: 6 of 6"
    assert made.proof.worst < 0.002
    names = {path.name for path in made.path.iterdir()}
    assert names == {"Classifier.mlpackage", "README.md", "report.html", "card.json"}
    assert "no device of Apple's was asked" in made.note
    # What its README has a program on a Mac do makes the very pictures that were asked about.
    text = (made.path / "README.md").read_text(encoding="utf-8")
    given: dict[str, Image.Image] = {}
    tools = ModuleType("coremltools")
    answer = {"classLabel": "circle", "classLabel_probs": {}}
    model = SimpleNamespace(predict=lambda views: given.update(views) or answer)
    vars(tools)["models"] = SimpleNamespace(MLModel=lambda _: model)
    monkeypatch.setitem(sys.modules, "coremltools", tools)
    monkeypatch.chdir(shop)
    (shop / "photo.jpg").write_bytes(draw_photo("circle", 78))
    exec(text.partition("```python\n")[2].partition("```")[0], {})
    views = views_of(read_photo("photo.jpg"), given["whole"].width)
    asked = np.stack([np.asarray(given[name]) for name in ("whole", "centre")])
    assert np.array_equal(asked, views)


def test_without_the_extra_it_says_what_to_install(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(NotReady, match=r"nocode-classifier\[coreml\]"):
        export(CoreMlFolder(), subject, shop)


def test_an_operation_that_nobody_knows_is_named() -> None:
    step = SimpleNamespace(op_type="fold", inputs={}, outputs=[])
    with pytest.raises(Unavailable, match="it has fold"):
        compute(SimpleNamespace(operations=[step]), {})
    with pytest.raises(Unavailable, match="does not classify"):
        compute(SimpleNamespace(operations=[]), {})
