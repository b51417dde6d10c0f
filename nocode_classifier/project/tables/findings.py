"""What took a moment to find out about a project, kept until something it rests on changes."""

from __future__ import annotations

import json
import sqlite3
from typing import Any


def write_findings(
    connection: sqlite3.Connection, name: str, fingerprint: str, data: object
) -> None:
    """Keep findings, in place of those that had this name."""
    connection.execute(
        "INSERT OR REPLACE INTO findings (name, fingerprint, data) VALUES (?, ?, ?)",
        (name, fingerprint, json.dumps(data)),
    )


def read_findings(connection: sqlite3.Connection, name: str) -> tuple[str, Any] | None:
    """The fingerprint and the findings under this name."""
    row = connection.execute(
        "SELECT fingerprint, data FROM findings WHERE name = ?", (name,)
    ).fetchone()
    return None if row is None else (row["fingerprint"], json.loads(row["data"]))
