"""What the curves of real fine-tunings give away; drawn photos that are hard to tell apart."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nocode_classifier.check.diagnosis import Advice, Kind, Remedy, diagnose
from nocode_classifier.curves import Curves, Epoch
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.figures import measure
from nocode_classifier.learn.settings import Mode, Settings
from tests.drawing import save_faint_photos

SHAPES = ("circle", "triangle")
PHOTOS = 12  # of each; every third is held out


def fine_tuned(folder: Path, epochs: int, rate: float, *, wrong: float = 0.0) -> Curves:
    """Fine-tune a whole network on small photos, of which a share has the wrong label."""
    from nocode_classifier.learn.torch_side.families import load_staged
    from nocode_classifier.learn.torch_side.whole import fine_tune_whole

    photos = [path for shape in SHAPES for path in save_faint_photos(folder, shape, range(PHOTOS))]
    labels = np.repeat(np.arange(2), PHOTOS)
    changed = np.random.default_rng(3).choice(len(labels), round(wrong * len(labels)), False)
    labels[changed] = 1 - labels[changed]
    backbone = DEFAULT.at(96)
    _, curves = fine_tune_whole(
        load_staged(backbone),
        backbone,
        photos,
        labels,
        np.tile(np.arange(PHOTOS) % 3 == 0, 2),
        classes=2,
        settings=Settings(Mode.FULL, epochs=epochs, rate=rate),
        work=folder,
    )
    return curves


def said_of(curves: Curves) -> tuple[Advice, ...]:
    answers = list(SHAPES) * 60
    sound = measure(answers, answers, range(120), SHAPES)
    return diagnose(curves, dict.fromkeys(SHAPES, 20), [], sound)


@pytest.mark.slow
def test_a_rate_at_which_the_loss_comes_apart_is_too_high(tmp_path: Path) -> None:
    curves = fine_tuned(tmp_path, 3, 1.0)
    assert math.isinf(curves.epochs[-1].train_loss)
    (finding,) = said_of(curves)
    assert (finding.kind, finding.press) == (Kind.RATE_TOO_HIGH, Remedy.TRAIN)
    assert finding.change == {"rate": pytest.approx(0.1)}


@pytest.mark.gate
def test_a_rate_at_which_the_loss_grows_is_too_high(tmp_path: Path) -> None:
    (finding,) = said_of(fine_tuned(tmp_path, 4, 0.1))
    assert finding.kind is Kind.RATE_TOO_HIGH
    assert "mistakes grew" in finding.sentence


@pytest.mark.gate
def test_a_rate_at_which_nothing_is_learnt_is_too_low(tmp_path: Path) -> None:
    (finding,) = said_of(fine_tuned(tmp_path, 5, 1e-7))
    assert (finding.kind, finding.press) == (Kind.RATE_TOO_LOW, Remedy.TRAIN)
    assert finding.change == {"rate": pytest.approx(1e-6)}
    assert finding.label == "Train again, bolder (pace 1e-06)"


@pytest.mark.gate
def test_a_single_round_is_too_few(tmp_path: Path) -> None:
    (finding,) = said_of(fine_tuned(tmp_path, 1, 1e-3))
    assert (finding.kind, finding.change) == (Kind.TOO_FEW_EPOCHS, {"epochs": 4})


@pytest.mark.gate
def test_wrong_labels_learnt_by_heart_are_too_many_rounds(tmp_path: Path) -> None:
    curves = fine_tuned(tmp_path, 20, 3e-3, wrong=0.3)
    (finding,) = said_of(curves)
    assert (finding.kind, finding.press) == (Kind.TOO_MANY_EPOCHS, Remedy.TRAIN)
    assert finding.change["epochs"] < 10


@pytest.mark.slow
def test_nothing_is_said_of_a_sound_training(tmp_path: Path) -> None:
    assert said_of(fine_tuned(tmp_path, 4, 3e-3)) == ()


def with_losses(*epochs: tuple[float, float, float], planned: int | None = None) -> Curves:
    """Curves of training losses, losses on photos held out, and errors."""
    found = tuple(Epoch(train, valid, error, 1.0) for train, valid, error in epochs)
    return Curves(planned or len(found), 3e-4, found, best=0)


EIGHT_ROUNDS = (
    (1.188, 1.396, 0.175),
    (1.031, 1.207, 0.15),
    (0.76, 1.035, 0.15),
    (0.671, 1.003, 0.15),
    (0.655, 1.01, 0.2),
    (0.628, 0.958, 0.125),
    (0.606, 0.982, 0.125),
    (0.609, 0.983, 0.125),
)
THREE_ROUNDS = ((1.181, 1.303, 0.175), (0.914, 1.114, 0.125), (0.691, 1.071, 0.15))
TWO_ROUNDS = ((1.176, 1.275, 0.225), (0.882, 1.178, 0.175))
LOW_RATE = (
    (1.194, 1.46, 0.125),
    (1.177, 1.445, 0.175),
    (1.142, 1.421, 0.175),
    (1.126, 1.419, 0.175),
)
HIGH_RATE = ((2.277, 10.6, 0.825), (40.697, 81.679, 0.9), (math.inf, math.inf, 1.0))
"""Measured: last stages tuned on 80 photos of hand signs, 40 held out."""


@pytest.mark.parametrize(
    ("epochs", "kind"),
    [
        (EIGHT_ROUNDS, None),
        (THREE_ROUNDS, None),
        (TWO_ROUNDS, Kind.TOO_FEW_EPOCHS),
        (LOW_RATE, Kind.RATE_TOO_LOW),
        (HIGH_RATE, Kind.RATE_TOO_HIGH),
    ],
)
def test_what_was_measured_on_hand_signs_is_told_apart(
    epochs: tuple[tuple[float, float, float], ...], kind: Kind | None
) -> None:
    assert [finding.kind for finding in said_of(with_losses(*epochs))] == ([kind] if kind else [])


def test_nothing_is_said_of_a_training_that_a_person_stopped_or_that_has_no_epoch() -> None:
    stopped = with_losses((1.0, 1.2, 0.3), (0.8, 1.0, 0.2), planned=9)
    assert said_of(replace(stopped, stopped=True)) == ()
    assert said_of(Curves(5, 1e-3, stopped=True)) == ()


def test_where_nothing_is_answered_wrongly_nothing_is_missed() -> None:
    assert said_of(with_losses((0.2, 0.1, 0.0), (0.2, 0.1, 0.0))) == ()
    assert said_of(with_losses((0.2, 0.1, 0.0))) == ()
