"""How good a model is, as commands print it: over all, and class by class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nocode_classifier.learn.accuracy import Accuracy
from nocode_classifier.learn.figures import Figures

CLASSES_SHOWN = 12


def figures_data(figures: Figures) -> dict[str, Any]:
    """The figures for programs; what was not measured is None, and `reason` says why."""
    return {
        **_data(figures.overall),
        "balanced_accuracy": figures.balanced if figures.overall else None,
        "weakest": figures.weakest,
        "by_class": {
            name: {
                "photos": found.photos if found else 0,
                "correct": found.correct if found else 0,
                **_data(found),
            }
            for name, found in figures.by_class.items()
        },
        "reason": figures.reason or None,
    }


def _data(found: Accuracy | None) -> dict[str, float | None]:
    value, low, high = (None,) * 3 if found is None else (found.value, found.low, found.high)
    return {"accuracy": value, "accuracy_low": low, "accuracy_high": high}


def class_lines(figures: Figures) -> Iterator[str]:
    """A line for each class, the weakest first; of very many only those."""
    measured = list(figures.measured.items())
    for name, found in measured[:CLASSES_SHOWN]:
        yield f"  {name}: {found.correct:,} of {found.photos:,} right, {found.value:.0%}"
    if len(measured) > CLASSES_SHOWN:
        yield f"  and {len(measured) - CLASSES_SHOWN:,} more classes"
    for name in [name for name, found in figures.by_class.items() if found is None][:CLASSES_SHOWN]:
        yield f"  {name}: not measured"
