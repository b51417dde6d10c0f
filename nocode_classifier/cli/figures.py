"""How good a model is, as commands print it: over all, and class by class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nocode_classifier.learn.accuracy import Accuracy
from nocode_classifier.learn.figures import Figures

CLASSES_SHOWN = 12

CLASSES_IN_TABLE = 12
"""With more classes, the table of mix-ups no longer fits a terminal."""


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


def class_lines(
    figures: Figures, precision: Mapping[str, float | None] | None = None
) -> Iterator[str]:
    """A line for each class, the weakest first; of very many only those.

    Args:
        precision: by class, where it is told, too.
    """
    measured = list(figures.measured.items())
    for name, found in measured[:CLASSES_SHOWN]:
        exact = (precision or {}).get(name)
        more = "" if exact is None else f"; precision {exact:.0%}"
        yield f"  {name}: {found.correct:,} of {found.photos:,} right, {found.value:.0%}{more}"
    if len(measured) > CLASSES_SHOWN:
        yield f"  and {len(measured) - CLASSES_SHOWN:,} more classes"
    for name in [name for name, found in figures.by_class.items() if found is None][:CLASSES_SHOWN]:
        yield f"  {name}: not measured"


def mix_up_lines(confusion: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """A table: a line for each true class, a column for each answer."""
    if len(confusion) > CLASSES_IN_TABLE:
        return
    names = [_short(name) for name in confusion]
    width = max(len(name) for name in names)
    yield ""
    yield " " * (width + 2) + "  ".join(f"{name:>6}" for name in names) + "   <- answered"
    for short, row in zip(names, confusion.values(), strict=True):
        cells = (
            f"{count:>{max(len(name), 6)}}" for name, count in zip(names, row.values(), strict=True)
        )
        yield f"{short:<{width}}  " + "  ".join(cells)


def _short(name: str) -> str:
    return name if len(name) <= 16 else name[:15] + "…"
