"""The line of "sure", drawn from answers to held-out photos that are made up here."""

from __future__ import annotations

import numpy as np
import pytest

from nocode_classifier.learn.sure import (
    FAMILIAR_STRANGERS,
    LEAST_PROBABILITY,
    RIGHT,
    UNFAMILIAR_SHARE,
    SureChoice,
    SureLine,
    sure_lines,
)

FAMILIAR = np.linspace(0.4, 0.9, 200).astype(np.float32)


def answers_of(probabilities: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Answers of two classes, the first of them always; labels by which are right."""
    return np.stack([probabilities, 1 - probabilities], axis=1), np.where(right, 0, 1)


def drawn(
    probabilities: np.ndarray,
    right: np.ndarray,
    familiar: np.ndarray,
    strangers: np.ndarray | None = None,
) -> SureChoice:
    answers, labels = answers_of(probabilities, right)
    return sure_lines(answers, familiar.astype(np.float32), labels, strangers=strangers)


def usual_of(choice: SureChoice) -> SureLine:
    return choice.lines[choice.chosen]


def test_mistakes_that_are_less_certain_are_kept_out() -> None:
    chance = np.random.default_rng(0)
    probabilities = chance.uniform(0.7, 1.0, 200)
    right = probabilities > 0.81
    line = usual_of(drawn(probabilities, right, chance.permutation(FAMILIAR)))
    assert line.right / line.answered >= RIGHT
    assert line.probability >= LEAST_PROBABILITY


def test_where_all_are_right_even_odds_are_still_not_sure() -> None:
    probabilities = np.linspace(0.7, 1.0, 200)
    line = usual_of(drawn(probabilities, np.ones(200, bool), np.full(200, 0.7)))
    assert line.probability >= LEAST_PROBABILITY
    assert line.right == line.answered


def test_where_too_few_would_be_left_the_surest_half_is_answered() -> None:
    probabilities = np.linspace(0.2, 0.5, 200)
    line = usual_of(drawn(probabilities, np.arange(200) % 2 == 0, np.full(200, 0.7)))
    assert line.answered == 100
    assert line.right == pytest.approx(50, abs=1)


def test_lines_go_from_generous_to_careful_and_each_answers_fewer() -> None:
    chance = np.random.default_rng(1)
    probabilities = chance.uniform(0.4, 1.0, 200)
    choice = drawn(probabilities, chance.random(200) < probabilities, chance.permutation(FAMILIAR))
    answered = [line.answered for line in choice.lines]
    assert answered == sorted(set(answered), reverse=True)
    assert [line.probability for line in choice.lines] == sorted(
        line.probability for line in choice.lines
    )
    assert answered[0] == 200


def certain(familiar: np.ndarray, strangers: np.ndarray | None) -> SureChoice:
    """All answers are right, and the more familiar a photo the more certain."""
    probabilities = np.linspace(0.4, 1.0, len(familiar))
    return drawn(probabilities, np.ones(len(familiar), bool), familiar, strangers)


def test_the_line_is_halfway_between_strangers_and_ones_own_photos() -> None:
    strangers = np.linspace(0.0, 0.2, 500).astype(np.float32)
    line = usual_of(certain(FAMILIAR, strangers))
    ends = np.quantile(strangers, FAMILIAR_STRANGERS), np.quantile(FAMILIAR, UNFAMILIAR_SHARE)
    assert line.familiarity == pytest.approx(np.mean(ends))
    assert 0.2 < line.familiarity < FAMILIAR.min()


def test_being_more_careful_moves_the_line_from_strangers_to_ones_own_photos() -> None:
    strangers = np.linspace(0.0, 0.2, 500).astype(np.float32)
    lines = [line.familiarity for line in certain(FAMILIAR, strangers).lines]
    assert lines == sorted(lines)
    assert lines[0] == pytest.approx(np.quantile(strangers, FAMILIAR_STRANGERS))
    assert lines[-1] == pytest.approx(np.quantile(FAMILIAR, UNFAMILIAR_SHARE))


@pytest.mark.parametrize("familiar", [FAMILIAR, FAMILIAR[:15], FAMILIAR[:4], np.full(30, 0.5)])
@pytest.mark.parametrize("strangers", [np.full(500, 0.95), np.full(1, 0.4), FAMILIAR])
def test_strangers_as_familiar_as_ones_own_photos_turn_away_few_of_these(
    familiar: np.ndarray, strangers: np.ndarray
) -> None:
    choice = certain(familiar, strangers)
    away = (familiar < usual_of(choice).familiarity).sum()
    assert away <= np.ceil(2 * UNFAMILIAR_SHARE * len(familiar))
    lines = [line.familiarity for line in choice.lines]
    assert lines == sorted(lines)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("strangers", [None, np.full(9, 0.1), np.full(9, 0.5), np.full(9, 0.9)])
def test_a_handful_of_photos_has_a_line(
    count: int, right: bool, strangers: np.ndarray | None
) -> None:
    choice = drawn(np.full(count, 0.9), np.full(count, right), np.full(count, 0.5), strangers)
    line = usual_of(choice)
    assert line.photos == count
    assert 0 < line.answered <= count
    assert 0 <= line.probability <= 1


def test_a_card_says_the_line_in_use_and_the_others() -> None:
    data = drawn(np.linspace(0.5, 1, 200), np.ones(200, bool), FAMILIAR).to_json()
    chosen = data["choices"][data["chosen"]]
    assert {key: data[key] for key in chosen} == chosen
    assert data["share"] == chosen["answered"] / 200
    assert data["accuracy"] == 1.0


def test_where_nothing_can_be_measured_there_are_lines_and_no_figures() -> None:
    answers, labels = answers_of(np.linspace(0.7, 1, 200), np.ones(200, bool))
    data = sure_lines(answers, FAMILIAR, labels, measured=False).to_json()
    assert data["share"] is data["accuracy"] is None
    assert all(each["share"] is None for each in data["choices"])
    assert data["probability"] >= LEAST_PROBABILITY
