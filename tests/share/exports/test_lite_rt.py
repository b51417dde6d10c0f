"""A LiteRT file answers as the app does, asked by LiteRT's own runtime."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import onnx
import pytest

from nocode_classifier.errors import NotProven, NotReady, Unavailable
from nocode_classifier.learn.exchange.lite_rt import write_lite_rt
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import ignore, never
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.exporters.lite_rt import FILE, LiteRtFolder
from nocode_classifier.share.exporting import export
from tests.drawing import draw_photo

needs_runtime = pytest.mark.skipif(
    find_spec("ai_edge_litert") is None, reason="ai-edge-litert is not installed"
)


@needs_runtime
def test_the_file_answers_as_the_app_does(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    made = export(LiteRtFolder(), subject, Path())
    assert made.proof is not None
    assert made.proof.sentence == "same answers: 20 of 20"
    assert made.proof.worst < 0.002
    names = {path.name for path in made.path.iterdir()}
    assert names == {FILE, "labels.txt", "README.md", "report.html", "card.json"}
    assert (made.path / "labels.txt").read_text(encoding="utf-8") == "circle\nstripes\n"


@needs_runtime
def test_the_code_in_its_readme_gives_the_answer_of_the_model(
    subject: Subject,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    LiteRtFolder().build(subject, tmp_path, report=ignore, should_stop=never)
    (tmp_path / "photo.jpg").write_bytes(draw_photo("stripes", 77))
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "pip install ai-edge-litert numpy pillow" in text
    exec(text.partition("```python\n")[2].partition("```")[0], {})
    label, found = capsys.readouterr().out.split()
    answer = Predictor(subject.trained()).predict("photo.jpg")
    assert label == answer.label
    assert float(found) == pytest.approx(answer.probabilities[label], abs=0.002)


@needs_runtime
def test_a_file_with_the_classes_exchanged_is_not_handed_over(subject: Subject, shop: Path) -> None:
    class Exchanged(LiteRtFolder):
        def build(self, subject: Subject, made: Path, **options: Any) -> None:
            LiteRtFolder.build(self, subject, made, **options)
            (made / "labels.txt").write_text("stripes\ncircle\n")

    with pytest.raises(NotProven, match="does not answer as the app does"):
        export(Exchanged(), subject, shop)


@needs_runtime
@pytest.mark.parametrize(
    ("kind", "attribute", "value"), [("Conv", "group", 2), ("ReduceMean", "keepdims", 1)]
)
def test_what_the_format_is_not_taught_is_refused(
    kind: str, attribute: str, value: int, other_model: Path, tmp_path: Path
) -> None:
    graph = onnx.load(str(other_model / "model.onnx"))
    nodes = [node for node in graph.graph.node if node.op_type == kind]
    for each in (each for node in nodes for each in node.attribute if each.name == attribute):
        each.i = value
    onnx.save(graph, str(other_model / "model.onnx"))
    with pytest.raises(Unavailable, match="This model can't be written for LiteRT"):
        write_lite_rt(other_model, tmp_path / FILE)


def test_without_the_extra_it_says_what_to_install(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(NotReady, match=r"nocode-classifier\[litert\]"):
        export(LiteRtFolder(), replace(subject, photos=()), shop)
