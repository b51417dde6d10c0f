"""The last known state of a project's slow work, as a row of an open connection."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from nocode_classifier.project.records import JobRecord


def read_last_job(connection: sqlite3.Connection) -> JobRecord | None:
    """The state that was written last, or None."""
    row = connection.execute(
        "SELECT kind, state, stage, fraction, message, updated_at FROM last_job"
    ).fetchone()
    if row is None:
        return None
    return JobRecord(
        kind=row["kind"],
        state=row["state"],
        stage=row["stage"],
        fraction=row["fraction"],
        message=row["message"],
        updated_at=datetime.fromisoformat(row["updated_at"]),
    )


def write_last_job(connection: sqlite3.Connection, record: JobRecord) -> None:
    """Replace the state."""
    connection.execute(
        "INSERT OR REPLACE INTO last_job (id, kind, state, stage, fraction, message, updated_at)"
        " VALUES (1, ?, ?, ?, ?, ?, ?)",
        (
            record.kind,
            record.state,
            record.stage,
            record.fraction,
            record.message,
            record.updated_at.isoformat(),
        ),
    )
