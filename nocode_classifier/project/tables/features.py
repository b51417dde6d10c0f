"""What a backbone saw in each photo, kept so that no photo is looked at twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence


def read_features(
    connection: sqlite3.Connection, backbone: str, hashes: Sequence[str]
) -> dict[str, bytes]:
    """The cached features of these photos, by hash; those that aren't cached are missing."""
    found: dict[str, bytes] = {}
    for sha256 in hashes:
        row = connection.execute(
            "SELECT data FROM features WHERE backbone = ? AND sha256 = ?", (backbone, sha256)
        ).fetchone()
        if row is not None:
            found[sha256] = row["data"]
    return found


def write_features(
    connection: sqlite3.Connection, backbone: str, items: Mapping[str, bytes]
) -> None:
    """Keep features by hash; what was there under the same backbone and hash is replaced."""
    connection.executemany(
        "INSERT OR REPLACE INTO features (backbone, sha256, data) VALUES (?, ?, ?)",
        ((backbone, sha256, data) for sha256, data in items.items()),
    )


def cached_backbones(connection: sqlite3.Connection) -> list[str]:
    """The backbones of which any features are cached."""
    rows = connection.execute("SELECT DISTINCT backbone FROM features ORDER BY backbone")
    return [row["backbone"] for row in rows]


def count_features(connection: sqlite3.Connection, backbone: str) -> int:
    """How many kept photos have cached features of this backbone."""
    row = connection.execute(
        "SELECT count(*) FROM photos JOIN features USING (sha256)"
        " WHERE backbone = ? AND state = 'kept'",
        (backbone,),
    ).fetchone()
    return int(row[0])
