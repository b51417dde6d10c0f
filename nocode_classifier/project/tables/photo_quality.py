"""What was measured of each photo, kept so that none is measured twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping


def write_quality(
    connection: sqlite3.Connection, version: int, measured: Mapping[int, Mapping[str, float]]
) -> None:
    """Keep measurements by the number of the photo; those of another version are replaced."""
    connection.executemany(
        "INSERT OR REPLACE INTO photo_quality (photo_id, version, data) VALUES (?, ?, ?)",
        ((photo_id, version, json.dumps(dict(each))) for photo_id, each in measured.items()),
    )


def read_quality(connection: sqlite3.Connection, version: int) -> dict[int, dict[str, float]]:
    """The measurements of this version, of photos kept and binned, by the number of the photo."""
    rows = connection.execute(
        "SELECT photo_id, data FROM photo_quality WHERE version = ?", (version,)
    )
    return {row["photo_id"]: json.loads(row["data"]) for row in rows}
