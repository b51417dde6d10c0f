from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.evaluation import Evaluation, evaluate, fit_final_head
from nocode_classifier.learn.graph import Blocks

BLOCKS = Blocks(means=20, quarters=60)
LABELS = np.arange(120) % 2
FOLDS = np.arange(120) // 2 % 10


def features(telling: slice | None, distance: float = 1.0) -> npt.NDArray[np.float32]:
    """Noise in which some features, if any, tell the classes apart."""
    chance = np.random.default_rng(4)
    values = chance.standard_normal((len(LABELS), BLOCKS.total))
    if telling is not None:
        values[LABELS == 1, telling] += distance
    return values.astype(np.float32)


def judge(values: npt.NDArray[np.float32]) -> tuple[Evaluation, float]:
    found = evaluate(values, LABELS, 2, FOLDS, BLOCKS)
    return found, float((found.answers.argmax(axis=1) == LABELS).mean())


def test_the_layout_is_looked_at_where_only_position_tells_classes_apart() -> None:
    found, accuracy = judge(features(slice(BLOCKS.content, None)))
    assert found.length == BLOCKS.total
    assert accuracy > 0.95


def test_the_layout_is_left_out_where_it_only_adds_noise() -> None:
    found, accuracy = judge(features(slice(0, BLOCKS.content)))
    assert found.length == BLOCKS.content
    assert accuracy > 0.95
    head = fit_final_head(features(slice(0, BLOCKS.content)), LABELS, 2, found)
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
    plain, calibrated = (fit_final_head(values, LABELS, 2, one) for one in (cold, found))
    np.testing.assert_allclose(
        plain.scores(values) / found.temperature, calibrated.scores(values), rtol=1e-3, atol=1e-3
    )


def test_a_class_that_lies_wholly_in_one_fold_is_judged_without_breaking() -> None:
    labels = np.where(FOLDS == 3, 2, LABELS)
    found = evaluate(features(slice(0, 5)), labels, 3, FOLDS, BLOCKS)
    assert np.isfinite(found.answers).all()
    assert (found.answers[FOLDS == 3].argmax(axis=1) != 2).all()


def test_progress_moves_with_the_folds_and_stop_is_heard_between_them() -> None:
    seen: list[float] = []
    with pytest.raises(Cancelled):
        evaluate(
            features(None),
            LABELS,
            2,
            FOLDS,
            BLOCKS,
            report=lambda progress: seen.append(progress.fraction),
            should_stop=lambda: len(seen) == 4,
        )
    assert seen == pytest.approx([0.1, 0.2, 0.3, 0.4])
