"""`export.pkl` opens with fastai alone and answers as the app does."""

from __future__ import annotations

import platform
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from nocode_classifier.errors import NotReady, Unavailable
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.exporters.fastai import FastaiLearner
from nocode_classifier.share.exporting import export


@pytest.mark.gate
@pytest.mark.slow
def test_the_learner_answers_as_the_app_does(
    subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    made = export(FastaiLearner(), subject, Path("mine"))
    assert made.proof is not None
    assert made.proof.sentence == "same answers: 20 of 20"
    assert made.proof.worst < 0.002
    assert made.path == shop / "mine.pkl"
    assert "Whoever opens a .pkl file runs whatever is hidden in it" in made.note
    data = made.path.read_bytes()
    assert len(data) < 20_000_000
    assert str(subject.trained().parent).encode() not in data


def test_the_note_says_which_python_opens_it() -> None:
    python, note = ".".join(platform.python_version_tuple()[:2]), FastaiLearner().note
    assert note.startswith(f"It opens in Python {python} only, with fastai {version('fastai')} and")
    assert f" torch {version('torch')} or" in note


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
