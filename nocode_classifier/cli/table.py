"""Answers as a table that spreadsheet programs open."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nocode_classifier.errors import Unavailable

BEFORE_CLASSES = ("photo", "label", "sure")
AFTER_CLASSES = ("hint", "error")


def write_table(
    path: Path, class_names: Sequence[str], answers: Sequence[Mapping[str, Any]]
) -> None:
    """Write answers to a CSV file, a line each and a column for each class's probability.

    Args:
        path: replaced if it is there.
        class_names: as the model calls them.
        answers: as `predict --json` prints them.

    Raises:
        Unavailable: the file can't be written.
    """
    try:
        # Spreadsheet programs take a file for Unicode only if it begins with this mark.
        with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*BEFORE_CLASSES, *class_names, *AFTER_CLASSES])
            writer.writerows(_row(class_names, answer) for answer in answers)
    except OSError as error:
        reason = error.strerror or "the disk gave an error"
        raise Unavailable(f"The table can't be written to {path}: {reason}.") from error


def _row(class_names: Sequence[str], answer: Mapping[str, Any]) -> list[str]:
    shares = answer.get("probabilities", {})
    sure = {True: "yes", False: "no", None: ""}[answer.get("sure")]
    return [
        _as_text(answer["photo"]),
        _as_text(answer.get("label")),
        sure,
        *(f"{shares[name]:.6f}" if name in shares else "" for name in class_names),
        _as_text(answer.get("hint")),
        _as_text(answer.get("error")),
    ]


def _as_text(value: str | None) -> str:
    # A name that begins like this would be run as a formula.
    return f"'{value}" if value and value[0] in "=+-@\t\r" else value or ""
