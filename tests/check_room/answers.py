"""Answers to unseen photos, made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nocode_classifier.check.model_check import ModelCheck, check_of
from nocode_classifier.project.records import HeldOutAnswer

SURE = {"probability": 0.8, "familiarity": 0.5, "share": None, "accuracy": None}


def answer(
    sha256: str,
    true: str,
    probabilities: Mapping[str, float],
    *,
    familiarity: float = 0.9,
    scene: int | None = None,
) -> HeldOutAnswer:
    """An answer that gave the classes these probabilities."""
    predicted = max(probabilities, key=lambda name: probabilities[name])
    shares = np.array(list(probabilities.values()), "<f4")
    return HeldOutAnswer(
        sha256, true, predicted, probabilities[predicted], shares.tobytes(), familiarity, scene
    )


def check(answers: Sequence[HeldOutAnswer], names: Sequence[str] = ("cat", "dog")) -> ModelCheck:
    """What these add up to."""
    return check_of(names, answers, SURE, class_ids=tuple(range(1, len(names) + 1)))


def many(table: Mapping[tuple[str, str], int], names: Sequence[str] = ("cat", "dog")) -> ModelCheck:
    """So many answers of each kind: (what it is, what was answered)."""
    answers = []
    for (true, predicted), count in table.items():
        shares = {name: 0.9 if name == predicted else 0.1 / (len(names) - 1) for name in names}
        answers += [answer(f"{true} {predicted} {n}", true, shares) for n in range(count)]
    return check(answers, names)
