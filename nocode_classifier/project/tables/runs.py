"""The trainings of a project: with what, how they went, and which models can be had back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from nocode_classifier.curves import Curves
from nocode_classifier.errors import NotFound
from nocode_classifier.project.tables.usable_models import CARD, is_usable

MOST_RUNS = 200
"""So many are remembered; those whose model is still there always are."""


class RunOutcome(StrEnum):
    """What became of a training."""

    ADOPTED = "adopted"  # what was asked for became the model
    KEPT = "kept"  # the tuned network was no better, so the model is a quick one all the same
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewRun:
    """A training that has ended.

    Attributes:
        settings: `Settings.to_json()` of the room that learns, with what the app chose filled in.
        sentence: how it ended, in words.
        correct, photos, accuracy, low, high: on photos it had not seen, with the 95 % interval of
            the share; None if it was not measured.
        curves: of a network that was tuned.
        automatic: nobody asked for it; the next such run takes its place.
    """

    started: datetime
    seconds: float
    settings: Mapping[str, Any]
    outcome: RunOutcome
    sentence: str
    correct: int | None = None
    photos: int | None = None
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    curves: Curves | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(NewRun):
    """A training in a project's history.

    Attributes:
        seconds: 0 if nobody wrote it down (models of an earlier version of the app).
        model: whether its model is still there, so that one can go back to it.
        current: whether its model is the one in use.
    """

    id: int
    model: bool
    current: bool


def bare_run() -> NewRun:
    """For a model of which only its card tells how it came about."""
    return NewRun(datetime.now(UTC), 0.0, {}, RunOutcome.ADOPTED, "")


def insert_run(connection: sqlite3.Connection, run: NewRun, model_id: int | None) -> int:
    """Add a run to the history; returns its number."""
    cursor = connection.execute(
        "INSERT INTO runs (started_at, seconds, settings, outcome, sentence, correct, photos,"
        " accuracy, low, high, curves, automatic, model_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.started.isoformat(),
            run.seconds,
            json.dumps(dict(run.settings)),
            run.outcome.value,
            run.sentence,
            run.correct,
            run.photos,
            run.accuracy,
            run.low,
            run.high,
            None if run.curves is None else json.dumps(run.curves.to_json()),
            run.automatic,
            model_id,
        ),
    )
    connection.execute(
        "DELETE FROM runs WHERE model_id IS NULL"
        " AND id NOT IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?)",
        (MOST_RUNS,),
    )
    return int(cursor.lastrowid or 0)


def all_runs(connection: sqlite3.Connection, models: Path, current: int | None) -> list[Run]:
    """The history, newest first.

    Args:
        connection: to the project's database.
        models: the folder of models.
        current: number of the model in use.
    """
    rows = connection.execute(
        "SELECT runs.*, models.folder FROM runs LEFT JOIN models ON models.id = runs.model_id"
        " ORDER BY runs.id DESC"
    )
    return [_run(row, models, current) for row in rows]


def model_of_run(connection: sqlite3.Connection, run_id: int, models: Path) -> sqlite3.Row:
    """Number and folder of the model that a run made.

    Raises:
        NotFound: there is no such run, or its model is not there any more.
    """
    row: sqlite3.Row | None = connection.execute(
        "SELECT models.id, models.folder FROM runs JOIN models ON models.id = runs.model_id"
        " WHERE runs.id = ?",
        (run_id,),
    ).fetchone()
    if row is None or not is_usable(models / row["folder"]):
        raise NotFound(
            "The model of this training is not there any more. Train with the same settings again."
        )
    return row


def _run(row: sqlite3.Row, models: Path, current: int | None) -> Run:
    folder = None if row["folder"] is None else models / row["folder"]
    told = {key: row[key] for key in _MEASURED}
    settings = json.loads(row["settings"])
    if folder is not None and not settings:
        # A model from before runs were remembered: its card says what there is to say.
        card = _Card.read(folder)
        told, settings = told | card.measured, card.settings
    return Run(
        id=row["id"],
        started=datetime.fromisoformat(row["started_at"]),
        seconds=row["seconds"],
        settings=settings,
        outcome=RunOutcome(row["outcome"]),
        sentence=row["sentence"],
        curves=None if row["curves"] is None else Curves.from_json(json.loads(row["curves"])),
        automatic=bool(row["automatic"]),
        model=folder is not None and is_usable(folder),
        current=folder is not None and row["model_id"] == current,
        **told,
    )


_MEASURED = ("correct", "photos", "accuracy", "low", "high")


@dataclass(frozen=True, slots=True)
class _Card:
    """What a model's card tells about its training."""

    settings: dict[str, Any] = field(default_factory=dict)
    measured: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, model: Path) -> _Card:
        """Read it; one that can't be understood tells nothing."""
        with suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            card = json.loads((model / CARD).read_bytes())
            settings = {"mode": str(card.get("mode", "quick")), "backbone": str(card["backbone"])}
            found = card["accuracy"]
            if found is None:
                return cls(settings)
            measured = {
                "correct": int(found["correct"]),
                "photos": int(found["photos"]),
                "accuracy": float(found["value"]),
                "low": float(found["low"]),
                "high": float(found["high"]),
            }
            return cls(settings, measured)
        return cls()
