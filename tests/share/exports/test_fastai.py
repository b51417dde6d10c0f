"""`export.pkl` opens with fastai alone and answers as the app does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nocode_classifier.errors import NotReady, Unavailable
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.exporters.fastai import FastaiLearner
from nocode_classifier.share.exporting import export


@pytest.mark.slow
def test_the_learner_answers_as_the_app_does(subject: Subject, shop: Path) -> None:
    made = export(FastaiLearner(), subject, shop)
    assert made.proof is not None
    assert made.proof.sentence == "same answers: 20 of 20"
    assert made.proof.worst < 0.002
    assert made.path.name == "Round _ straight.pkl"
    assert made.note.startswith("Whoever opens a .pkl file runs whatever is hidden in it")
    data = made.path.read_bytes()
    assert len(data) < 20_000_000
    assert str(subject.trained().parent).encode() not in data


def test_a_model_that_cannot_be_read_is_told_in_words(
    subject: Subject, other_model: Path, shop: Path
) -> None:
    (other_model / "model.onnx").write_bytes(b"nothing")
    with pytest.raises(Unavailable, match="could not be written for fastai"):
        export(FastaiLearner(), replace(subject, model=other_model), shop)


def test_without_fastai_it_says_what_to_install(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(NotReady, match="pip install fastai"):
        export(FastaiLearner(), subject, shop)
