"""The photos that searches came upon, as rows of an open connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import fields

from nocode_classifier.errors import NotFound
from nocode_classifier.project.blocklist.blocklist_index import BlocklistIndex
from nocode_classifier.project.names import short_text, storable, web_address
from nocode_classifier.project.records import (
    NewSearchResult,
    ResultState,
    ResultTally,
    SearchResult,
)
from nocode_classifier.project.store.database import now

KNOWN, OTHER_CLASS, TAKEN_DOWN = "known", "other class", "taken down"
"""Reasons that this room gives itself; the values of `collect.skips.Skip`."""


def settle_kept(
    connection: sqlite3.Connection, class_id: int, address: str, sha256: str | None
) -> None:
    """An address became a photo of a class: nobody needs to fetch it again."""
    connection.execute(
        "UPDATE finds SET state = 'kept', reason = NULL, sha256 = ?"
        " WHERE address = ? AND class_id = ? AND state = 'waiting'",
        (sha256, address, class_id),
    )
    connection.execute(
        "UPDATE finds SET state = 'skipped', reason = ?"
        " WHERE address = ? AND class_id <> ? AND state = 'waiting'",
        (OTHER_CLASS, address, class_id),
    )


def insert_result(
    connection: sqlite3.Connection, class_id: int, new: NewSearchResult, blocklist: BlocklistIndex
) -> bool:
    """Take down a find unless its address is known or none of the web; whether it is new."""
    address = web_address(new.address)
    if address is None:
        return False
    reason = _reason_to_skip(connection, class_id, address)
    if blocklist.refuses(address, page=new.page):
        reason = TAKEN_DOWN
    cursor = connection.execute(
        "INSERT OR IGNORE INTO finds (class_id, address, source, words, page, title, width, height,"
        " licence, licence_address, creator, state, reason, found_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            class_id,
            address,
            new.source,
            storable(new.words),
            web_address(new.page),
            short_text(new.title),
            _size(new.width),
            _size(new.height),
            short_text(new.licence),
            web_address(new.licence_address),
            short_text(new.creator),
            ResultState.WAITING.value if reason is None else ResultState.SKIPPED.value,
            reason,
            now(),
        ),
    )
    return cursor.rowcount > 0


def _reason_to_skip(connection: sqlite3.Connection, class_id: int, address: str) -> str | None:
    """Why an address need not be fetched: the project has its photo, kept or in the bin."""
    rows = connection.execute(
        "SELECT class_id, state, taken_down FROM photos WHERE address = ?", (address,)
    ).fetchall()
    if any(row["taken_down"] for row in rows):
        return TAKEN_DOWN
    if any(row["state"] == "kept" and row["class_id"] != class_id for row in rows):
        return OTHER_CLASS
    return KNOWN if rows else None


def _size(pixels: int | None) -> int | None:
    """A claimed width or height, if it can be one."""
    return pixels if pixels is not None and 0 < pixels < 1 << 31 else None


def tally_of(rows: Sequence[sqlite3.Row]) -> ResultTally:
    """The tally of a class from rows of state, reason and number."""

    def number(state: ResultState) -> int:
        return sum(row["number"] for row in rows if row["state"] == state)

    return ResultTally(
        found=sum(row["number"] for row in rows),
        kept=number(ResultState.KEPT),
        waiting=number(ResultState.WAITING),
        skipped={
            row["reason"] or "": row["number"]
            for row in rows
            if row["state"] == ResultState.SKIPPED
        },
    )


def result_row(connection: sqlite3.Connection, result_id: int) -> sqlite3.Row:
    """The row of one find; `NotFound` if there is none."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM finds WHERE id = ?", (result_id,)
    ).fetchone()
    if row is None:
        raise NotFound("This find is not there any more.")
    return row


def as_result(row: sqlite3.Row) -> SearchResult:
    """A row as the record it is."""
    values = {each.name: row[each.name] for each in fields(SearchResult)}
    return SearchResult(**values | {"state": ResultState(row["state"])})
