from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.graph import Blocks
from nocode_classifier.learn.heads.evaluation import (
    Evaluation,
    Round,
    evaluate,
    evaluate_rounds,
    fit_final_head,
)
from nocode_classifier.learn.heads.head_input import HeadInput

BLOCKS = Blocks(means=20, quarters=60, latest=10)
LABELS = np.arange(120) % 2
GROUPS = np.arange(120)


def features(telling: slice | None, distance: float = 1.0) -> npt.NDArray[np.float32]:
    """Noise in which some features, if any, tell the classes apart."""
    chance = np.random.default_rng(4)
    values = chance.standard_normal((len(LABELS), BLOCKS.total))
    if telling is not None:
        values[LABELS == 1, telling] += distance
    return values.astype(np.float32)


def judge(values: npt.NDArray[np.float32]) -> tuple[Evaluation, float]:
    found = evaluate(values, LABELS, 2, GROUPS, [BLOCKS])
    return found, float((found.answers.argmax(axis=1) == LABELS).mean())


def test_the_layout_is_looked_at_where_only_position_tells_classes_apart() -> None:
    found, accuracy = judge(features(slice(BLOCKS.content, None)))
    assert found.seen == HeadInput(1, quarters=True)
    assert accuracy > 0.95


def test_the_layout_is_left_out_where_it_only_adds_noise() -> None:
    found, accuracy = judge(features(slice(0, BLOCKS.content)))
    assert found.seen == HeadInput(1, quarters=False)
    assert accuracy > 0.95
    head = fit_final_head(features(slice(0, BLOCKS.content)), LABELS, 2, found, [BLOCKS])
    assert not head.weights[:, BLOCKS.content :].any()
    assert head.weights.shape == head.patterns.shape == (2, BLOCKS.total)


def test_where_there_is_nothing_to_learn_the_figures_say_so() -> None:
    found, accuracy = judge(features(None))
    assert 0.35 < accuracy < 0.65
    assert found.answers.max(axis=1).mean() < 0.7


def test_every_answer_is_a_share_of_one() -> None:
    found, _ = judge(features(slice(0, 5)))
    np.testing.assert_allclose(found.answers.sum(axis=1), 1)
    assert np.isfinite(found.answers).all()


def test_the_final_head_is_calibrated_as_the_held_out_answers_were() -> None:
    values = features(slice(0, 5))
    found, _ = judge(values)
    cold = replace(found, temperature=1.0)
    plain, calibrated = (fit_final_head(values, LABELS, 2, one, [BLOCKS]) for one in (cold, found))
    np.testing.assert_allclose(
        plain.scores(values) / found.temperature, calibrated.scores(values), rtol=1e-3, atol=1e-3
    )


def test_a_single_part_held_out_elects_the_head_as_all_parts_do() -> None:
    """As the whole network is judged; with no one to elect by, the first head won always."""
    values = features(slice(BLOCKS.content, None))
    part = np.arange(120) // 2 % 5 == 0
    found = evaluate_rounds([Round(values, part)], LABELS, 2, GROUPS, [BLOCKS])
    assert (found.answered == part).all()
    assert found.seen == HeadInput(1, quarters=True)
    assert (found.answers[part].argmax(axis=1) == LABELS[part]).mean() > 0.9
    assert found.answers[part].max(axis=1).mean() < 1  # a temperature was elected, too


@pytest.mark.parametrize("held_out", [[0], [0, 1], [0, 2]])
def test_however_few_are_held_out_they_get_a_calm_answer(held_out: list[int]) -> None:
    part = np.isin(np.arange(120), held_out)
    found = evaluate_rounds([Round(features(slice(0, 5)), part)], LABELS, 2, GROUPS, [BLOCKS])
    assert found.temperature > 1
    np.testing.assert_allclose(found.answers[part].sum(axis=1), 1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_features_that_are_all_alike_are_judged_without_breaking(value: float) -> None:
    alike = np.full((len(LABELS), BLOCKS.total), value, np.float32)
    found = evaluate(alike, LABELS, 2, GROUPS, [BLOCKS])
    assert np.isfinite(found.answers).all()
    assert found.answers.max() < 0.6


def test_progress_moves_with_every_fit_and_stop_is_heard_between_them() -> None:
    seen: list[float] = []
    with pytest.raises(Cancelled):
        evaluate(
            features(None),
            LABELS,
            2,
            GROUPS,
            [BLOCKS],
            report=lambda progress: seen.append(progress.fraction),
            should_stop=lambda: len(seen) == 4,
        )
    assert seen == pytest.approx([0.05, 0.1, 0.15, 0.2])
