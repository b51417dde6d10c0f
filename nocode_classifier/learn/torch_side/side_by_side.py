"""Several trainings of one kind at the same time: what they tell, and how they went on average."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from nocode_classifier.curves import Curves, Epoch
from nocode_classifier.progress import Progress, Report

ENOUGH = 0.02
"""Share of the rounds to have seen before saying how long the rest takes."""


def mean_of(rounds: Sequence[tuple[Curves, int]]) -> Curves:
    """One training for all rounds: means by epoch, each photo held out counting alike.

    Args:
        rounds: each with how many photos were held out in it.
    """
    length = min(len(curves.epochs) for curves, _ in rounds)
    weights = np.array([count for _, count in rounds]) / sum(count for _, count in rounds)

    def mean(value: Callable[[Epoch], float], epoch: int) -> float:
        return float(weights @ [value(curves.epochs[epoch]) for curves, _ in rounds])

    epochs = tuple(
        Epoch(
            mean(lambda one: one.train_loss, number),
            mean(lambda one: one.valid_loss, number),
            mean(lambda one: one.error, number),
            mean(lambda one: one.seconds, number),
        )
        for number in range(length)
    )
    first = rounds[0][0]
    return replace(
        first, epochs=epochs, best=length - 1 if length else None, stopped=length < first.planned
    )


class CombinedProgress:
    """Puts together what rounds tell that run at the same time."""

    def __init__(self, report: Report, rounds: int) -> None:
        """Tell `report` of so many rounds."""
        self._report = report
        self._fractions = [0.0] * rounds
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._shown = 0
        self._curves: Curves | None = None

    def part(self, number: int) -> Report:
        """For one round."""
        return partial(self._tell, number)

    def _tell(self, number: int, progress: Progress) -> None:
        with self._lock:
            self._fractions[number] = progress.fraction
            fraction = sum(self._fractions) / len(self._fractions)
            if number == self._shown:
                self._curves = progress.curves
            # One training is enough to see at a time: the first that still runs.
            running = [one for one, each in enumerate(self._fractions) if each < 1]
            self._shown = running[0] if running else number
            passed = time.monotonic() - self._began
            left = passed * (1 / fraction - 1) if fraction > ENOUGH else None
            self._report(
                replace(progress, fraction=fraction, seconds_left=left, curves=self._curves)
            )
