"""Take-downs carried out in one project: its photos and finds against the list of the library."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.blocklist.blocklist_index import BlocklistIndex
from nocode_classifier.project.near_copies.index import known_likenesses, stored_likeness
from nocode_classifier.project.store.database import Database, show_change
from nocode_classifier.project.tables.search_result_rows import TAKEN_DOWN


def carry_out(database: Database, blocklist: Blocklist) -> int:
    """Bin what the list says must stay away; make ordinary photos of the bin of what it lets go.

    What was carried out before is not done again, so this can be repeated at any time. It takes
    the write lock first and asks the list then: a photo that is being added meanwhile either finds
    the take-down itself or is found here.

    Returns:
        How many photos are held in the bin now and were not before.
    """
    judged = _judged_by_likeness(database, blocklist)
    with database.writing(visible=False) as connection:
        index = blocklist.index()
        if index.token != judged.token:
            judged = _Judged(index.token)
        changes: list[tuple[str | None, int]] = []
        for row in connection.execute("SELECT id, address, page, sha256, taken_down FROM photos"):
            verdict = _verdict(database, index, row, judged)
            if verdict != row["taken_down"]:
                changes.append((verdict, row["id"]))
        connection.executemany(
            "UPDATE photos SET taken_down = ?, state = IIF(? IS NULL, state, 'binned')"
            " WHERE id = ?",
            [(takedown_id, takedown_id, photo_id) for takedown_id, photo_id in changes],
        )
        _skip_results(connection, index)
        connection.execute("UPDATE project SET takedowns_done = ?", (index.token,))
        if changes:
            show_change(connection)
    return sum(takedown_id is not None for takedown_id, _ in changes)


def held_back(database: Database, takedown_id: str) -> int:
    """How many photos a take-down holds in the bin."""
    with database.reading() as connection:
        rows = connection.execute("SELECT id FROM photos WHERE taken_down = ?", (takedown_id,))
        return len(rows.fetchall())


def let_results_wait_again(database: Database, blocklist: Blocklist) -> None:
    """Finds skipped for a take-down that was lifted may be fetched, and are judged anew then."""
    with database.writing(visible=False) as connection:
        index = blocklist.index()
        rows = connection.execute(
            "SELECT id, address, page FROM finds WHERE state = 'skipped' AND reason = ?",
            (TAKEN_DOWN,),
        ).fetchall()
        connection.executemany(
            "UPDATE finds SET state = 'waiting', reason = NULL WHERE id = ?",
            [(r["id"],) for r in rows if not index.refuses(r["address"], page=r["page"])],
        )


@dataclass
class _Judged:
    """What photos look like was compared with one state of the list: take-down by photo or None."""

    token: str
    verdicts: dict[int, str | None] = field(default_factory=dict)


def _judged_by_likeness(database: Database, blocklist: Blocklist) -> _Judged:
    """Compare all photos before anything is locked: this takes a while."""
    index = blocklist.index()
    judged = _Judged(index.token)
    if index.by_likeness is not None:
        for each in known_likenesses(database):
            found = index.refuses(likeness=each.likeness)
            judged.verdicts[each.photo_id] = found.id if found else None
    return judged


def _verdict(
    database: Database, index: BlocklistIndex, row: sqlite3.Row, judged: _Judged
) -> str | None:
    """The take-down that holds a photo: the one that did before, as long as it stands."""
    found = index.find(row["taken_down"]) or index.refuses(
        row["address"], row["sha256"], page=row["page"]
    )
    if found is not None or index.by_likeness is None:
        return found.id if found else None
    if row["id"] not in judged.verdicts:
        found = index.refuses(likeness=stored_likeness(database, row["sha256"]))
        return found.id if found else None
    return judged.verdicts[row["id"]]


def _skip_results(connection: sqlite3.Connection, index: BlocklistIndex) -> None:
    if not index.by_address:
        return
    rows = connection.execute(
        "SELECT id, address, page FROM finds WHERE state = 'waiting'"
    ).fetchall()
    connection.executemany(
        "UPDATE finds SET state = 'skipped', reason = ? WHERE id = ?",
        [(TAKEN_DOWN, r["id"]) for r in rows if index.refuses(r["address"], page=r["page"])],
    )
