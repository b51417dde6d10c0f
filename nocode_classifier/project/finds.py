"""The photos that searches came upon: which wait to be fetched, and what became of the others."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum

from nocode_classifier.errors import NotFound
from nocode_classifier.project.classes import all_classes, find_class
from nocode_classifier.project.database import Database, now
from nocode_classifier.project.names import short_text, storable, web_address
from nocode_classifier.project.searches import (
    SearchPlace,
    SearchWishes,
    checked_wishes,
    read_place,
    read_wishes,
    write_wishes,
)
from nocode_classifier.project.takedowns import Standing, Takedowns

KNOWN, OTHER_CLASS, TAKEN_DOWN = "known", "other class", "taken down"
"""Reasons that this room gives itself; the values of `collect.skips.Skip`."""


class FindState(StrEnum):
    """What became of a find."""

    WAITING = "waiting"
    KEPT = "kept"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NewFind:
    """A photo that a search came upon; what nobody said stays None.

    Attributes:
        address: of the picture itself.
        source: key of where it was found.
        words: what was searched for.
        page, title, width, height, licence, licence_address, creator: as claimed there.
    """

    address: str
    source: str
    words: str
    page: str | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None
    licence: str | None = None
    licence_address: str | None = None
    creator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Find(NewFind):
    """A find in a project.

    Attributes:
        reason: why it was skipped, or why the last attempt failed.
        attempts: how often fetching it failed.
        sha256: of its bytes, once they were here.
    """

    id: int
    class_id: int
    state: FindState
    reason: str | None
    attempts: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class FindTally:
    """What became of the finds of a class.

    Attributes:
        found: all of them.
        kept: those that became a photo, whatever was done with the photo since.
        waiting: those not fetched yet.
        skipped: how many were left out, by reason, the most frequent first.
    """

    found: int = 0
    kept: int = 0
    waiting: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


class Finds:
    """The finds of one project. Any thread and any process may use it at any time.

    Only wishes count as a change that people see. A find that becomes a photo is one anyway, and
    of the others there are too many.
    """

    def __init__(self, database: Database, takedowns: Takedowns | None = None) -> None:
        self._database = database
        self._takedowns = takedowns

    def remember(self, class_id: int, found: Sequence[NewFind]) -> int:
        """Take down what a search found, in its order; an address that is known stays as it is.

        One whose photo the project has already, or that was taken down, is skipped at once. What
        is no address of the web is left out.

        Returns:
            How many addresses are new for this class, those skipped at once included.

        Raises:
            NotFound: there is no such class.
        """
        with self._database.writing(visible=False) as connection:
            find_class(connection, class_id)
            standing = self._takedowns.standing() if self._takedowns else Standing()
            return sum(_insert(connection, class_id, each, standing) for each in found)

    def waiting(self, class_id: int, *, sources: Collection[str], limit: int) -> list[Find]:
        """Finds to fetch next: in the order of finding, those that failed before come last."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM finds WHERE class_id = ? AND state = 'waiting'"
                " AND source IN (SELECT value FROM json_each(?)) ORDER BY attempts, id LIMIT ?",
                (class_id, json.dumps(list(sources)), limit),
            )
            return [_find(row) for row in rows]

    def find(self, find_id: int) -> Find:
        """One find; `NotFound` if there is none."""
        with self._database.reading() as connection:
            return _find(_row(connection, find_id))

    def settle(
        self, find_id: int, state: FindState, reason: str | None = None, sha256: str | None = None
    ) -> None:
        """Say what became of a find.

        Finds of the same address that wait in other classes are skipped when it is kept.
        (`Project.add_photo` settles the find of the photo's address itself, in one transaction.)

        Raises:
            NotFound: there is no such find.
        """
        with self._database.writing(visible=False) as connection:
            row = _row(connection, find_id)
            if state is FindState.KEPT:
                settle_kept(connection, row["class_id"], row["address"], sha256)
            connection.execute(
                "UPDATE finds SET state = ?, reason = ?, sha256 = COALESCE(?, sha256) WHERE id = ?",
                (state.value, reason, sha256, find_id),
            )

    def postpone(self, find_id: int, reason: str, most_attempts: int = 2) -> FindState:
        """Let a find wait behind the others after a failure that may pass.

        Returns:
            WAITING, or SKIPPED when it has failed `most_attempts` times.
        """
        with self._database.writing(visible=False) as connection:
            attempts = _row(connection, find_id)["attempts"] + 1
            state = FindState.WAITING if attempts < most_attempts else FindState.SKIPPED
            connection.execute(
                "UPDATE finds SET state = ?, reason = ?, attempts = ? WHERE id = ?",
                (state.value, reason, attempts, find_id),
            )
        return state

    def revive(self, class_id: int, addresses: Sequence[str]) -> None:
        """Let addresses that gave no photo be fetched again, as if they were new."""
        with self._database.writing(visible=False) as connection:
            connection.executemany(
                "UPDATE finds SET state = 'waiting', reason = NULL, attempts = 0"
                " WHERE class_id = ? AND address = ? AND state = 'skipped' AND reason NOT IN"
                " (?, ?, ?)",
                (
                    (class_id, web_address(address), KNOWN, OTHER_CLASS, TAKEN_DOWN)
                    for address in addresses
                ),
            )

    def tally(self, class_id: int) -> FindTally:
        """What became of the finds of a class."""
        return self.tallies().get(class_id, FindTally())

    def tallies(self) -> dict[int, FindTally]:
        """What became of the finds of every class, by its number; cheap to ask often."""
        with self._database.reading() as connection:
            found = {label.id: FindTally() for label in all_classes(connection)}
            rows = connection.execute(
                "SELECT class_id, state, reason, COUNT(*) AS number FROM finds"
                " GROUP BY class_id, state, reason ORDER BY number DESC, reason"
            ).fetchall()
        return {
            class_id: _tally([row for row in rows if row["class_id"] == class_id])
            for class_id in found
        }

    def place(self, class_id: int, source: str, words: str, licence: str) -> SearchPlace:
        """How far a search has come."""
        with self._database.reading() as connection:
            return read_place(connection, class_id, source, words, licence)

    def save_place(
        self, class_id: int, source: str, words: str, licence: str, next: str | None
    ) -> None:
        """Remember where a search goes on; None when its source has no more.

        Raises:
            NotFound: there is no such class.
        """
        with self._database.writing(visible=False) as connection:
            find_class(connection, class_id, removed_too=True)
            connection.execute(
                "INSERT OR REPLACE INTO search_places (class_id, source, words, licence, next)"
                " VALUES (?, ?, ?, ?, ?)",
                (class_id, source, words, licence, next),
            )

    def forget_places(self, class_id: int) -> None:
        """Let every search of a class begin anew; what it found stays known."""
        with self._database.writing(visible=False) as connection:
            connection.execute("DELETE FROM search_places WHERE class_id = ?", (class_id,))

    def wishes(self, class_id: int) -> SearchWishes:
        """What is wanted for a class; the usual where nobody said. `NotFound` without it."""
        with self._database.reading() as connection:
            return read_wishes(connection, class_id)

    def save_wishes(self, class_id: int, wishes: SearchWishes) -> None:
        """Replace what is wanted for a class.

        Raises:
            InputError: something can't be searched for.
            NotFound: there is no such class.
        """
        if checked_wishes(wishes) == self.wishes(class_id):
            return
        with self._database.writing() as connection:
            write_wishes(connection, class_id, wishes)


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


def _insert(
    connection: sqlite3.Connection, class_id: int, new: NewFind, takedowns: Standing
) -> bool:
    address = web_address(new.address)
    if address is None:
        return False
    reason = _reason_to_skip(connection, class_id, address)
    if takedowns.refuses(address, page=new.page):
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
            FindState.WAITING.value if reason is None else FindState.SKIPPED.value,
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


def _tally(rows: Sequence[sqlite3.Row]) -> FindTally:
    def number(state: FindState) -> int:
        return sum(row["number"] for row in rows if row["state"] == state)

    return FindTally(
        found=sum(row["number"] for row in rows),
        kept=number(FindState.KEPT),
        waiting=number(FindState.WAITING),
        skipped={
            row["reason"] or "": row["number"] for row in rows if row["state"] == FindState.SKIPPED
        },
    )


def _row(connection: sqlite3.Connection, find_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM finds WHERE id = ?", (find_id,)
    ).fetchone()
    if row is None:
        raise NotFound("This find is not there any more.")
    return row


def _find(row: sqlite3.Row) -> Find:
    values = {each.name: row[each.name] for each in fields(Find)}
    return Find(**values | {"state": FindState(row["state"])})
