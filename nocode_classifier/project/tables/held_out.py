"""What models said about photos that they had not seen, as rows of an open connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from nocode_classifier.project.records import HeldOutAnswer


def write_held_out(
    connection: sqlite3.Connection, model_id: int, answers: Sequence[HeldOutAnswer]
) -> None:
    """Keep the answers of a model in this order."""
    connection.executemany(
        "INSERT INTO held_out (model_id, position, sha256, true, predicted, probability,"
        " probabilities, familiarity, scene) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(model_id, position, a.sha256, a.true, a.predicted),
                *(a.probability, a.probabilities, a.familiarity, a.scene),
            )
            for position, a in enumerate(answers)
        ),
    )


def read_held_out(
    connection: sqlite3.Connection, model_id: int, names: Mapping[str, str]
) -> list[HeldOutAnswer]:
    """What a model said in cross-validation, in the order in which it was given.

    Args:
        names: what to call classes, by their names at training; others keep theirs.
    """
    rows = connection.execute(
        "SELECT sha256, true, predicted, probability, probabilities, familiarity, scene"
        " FROM held_out WHERE model_id = ? ORDER BY position",
        (model_id,),
    )
    return [
        HeldOutAnswer(sha256, names.get(true, true), names.get(predicted, predicted), *others)
        for sha256, true, predicted, *others in rows
    ]
