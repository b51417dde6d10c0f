"""Answers as a table that spreadsheet programs open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nocode_classifier.disk_errors import in_words
from nocode_classifier.project.csv_tables import table_text

BEFORE_CLASSES = ("photo", "label", "sure", "why")
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
    rows = (_row(class_names, answer) for answer in answers)
    text = table_text([[*BEFORE_CLASSES, *class_names, *AFTER_CLASSES], *rows])
    with in_words(path):
        path.write_text(text, encoding="utf-8", errors="replace", newline="")


def _row(class_names: Sequence[str], answer: Mapping[str, Any]) -> list[str | None]:
    shares = answer.get("probabilities", {})
    sure = {True: "yes", False: "no", None: ""}[answer.get("sure")]
    return [
        answer["photo"],
        answer.get("label"),
        sure,
        answer.get("why"),
        *(f"{shares[name]:.6f}" if name in shares else "" for name in class_names),
        answer.get("hint"),
        answer.get("error"),
    ]
