from __future__ import annotations

import numpy as np
import pytest

from nocode_classifier.learn.heads.calibration import TEMPERATURES, probabilities, try_temperatures


def best_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    trial = try_temperatures(scores.astype(np.float32), labels)
    assert trial.losses.shape == trial.confidences.shape == (len(TEMPERATURES), len(labels))
    return trial.temperature(np.ones(len(labels), bool))


def answered(photos: int, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores too big by a temperature, and labels as often as the scores truly promise."""
    chance = np.random.default_rng(0)
    logits = (chance.standard_normal((photos, 3)) * 2).astype(np.float32)
    shares = probabilities(logits, 1.0)
    labels = (shares.cumsum(axis=1) < chance.random((photos, 1))).sum(axis=1)
    return logits * temperature, labels


@pytest.mark.parametrize("temperature", [0.3, 1.0, 40.0, 700.0])
def test_a_known_temperature_is_found_again(temperature: float) -> None:
    found = best_temperature(*answered(4000, temperature))
    assert found == pytest.approx(temperature, rel=0.15)


def test_answers_given_eighty_per_cent_are_right_four_times_in_five() -> None:
    scores, labels = answered(6000, 25.0)
    shares = probabilities(scores, best_temperature(scores, labels))
    near = np.abs(shares.max(axis=1) - 0.8) < 0.05
    assert (shares.argmax(axis=1) == labels)[near].mean() == pytest.approx(0.8, abs=0.04)


@pytest.mark.parametrize(("photos", "most"), [(3, 0.89), (10, 0.96), (50, 0.995)])
def test_a_handful_of_right_answers_claims_no_certainty(photos: int, most: float) -> None:
    labels = np.repeat([0, 1], photos)
    scores = np.where(labels[:, None] == [0, 1], 500.0, -500.0)
    shares = probabilities(scores, best_temperature(scores, labels))
    assert 0.6 < shares.max() < most


def test_classes_count_alike_however_many_photos_they_have() -> None:
    scores = np.array([[1.0, 0.0]] * 30 + [[0.0, 1.0]] * 3, np.float32)
    losses = try_temperatures(scores, np.array([0] * 30 + [1] * 3)).losses
    hot = losses[-1]  # at the highest temperature every answer is fifty-fifty
    assert hot[:30].sum() == pytest.approx(hot[30:].sum(), rel=1e-3)


def test_with_many_classes_answers_are_as_certain_as_they_are_right() -> None:
    """The lowest log loss with targets drawn in made them far too modest."""
    chance = np.random.default_rng(1)
    labels = np.arange(360) % 12
    scores = (chance.standard_normal((360, 12)) * 40).astype(np.float32)
    scores[np.arange(360), labels] += 160
    shares = probabilities(scores, best_temperature(scores, labels))
    right = (shares.argmax(axis=1) == labels).mean()
    assert 0.95 < right < 1
    assert shares.max(axis=1).mean() == pytest.approx(right, abs=0.01)


def test_where_no_answer_is_right_none_is_certain() -> None:
    scores = np.array([[9.0, 0.0, 0.0]] * 8, np.float32)
    shares = probabilities(scores, best_temperature(scores, np.ones(8, np.int64)))
    assert shares.max() < 0.4


def test_scores_of_any_size_have_probabilities() -> None:
    shares = probabilities(np.array([[1e6, -1e6], [-1e4, -1e4]], np.float32), 0.05)
    np.testing.assert_allclose(shares, [[1.0, 0.0], [0.5, 0.5]])
