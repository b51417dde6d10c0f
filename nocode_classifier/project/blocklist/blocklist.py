"""The list of take-downs: what people asked to stay away, in every project of a library.

One small SQLite file beside the projects. It has no write-ahead log, so that the time of its last
change tells whether what is in memory is still true.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock

from nocode_classifier.disk_errors import damaged, in_words
from nocode_classifier.errors import NotFound
from nocode_classifier.project.blocklist.blocklist_index import BlocklistIndex, Takedown, arranged
from nocode_classifier.project.names import short_text
from nocode_classifier.project.store.database import WAIT_SECONDS, address_of, now
from nocode_classifier.project.store.migrations import migrate

__all__ = ["Blocklist", "Takedown"]

FILE_NAME = "takedowns.sqlite3"

_STEPS: tuple[tuple[str, ...], ...] = (
    (
        # One row. The token is another one after every change.
        "CREATE TABLE list (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL)",
        "INSERT INTO list (id, token) VALUES (1, '')",
        """CREATE TABLE takedowns (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            made_at TEXT NOT NULL,
            given TEXT NOT NULL,
            note TEXT NOT NULL
        )""",
        """CREATE TABLE marks (
            takedown_id TEXT NOT NULL REFERENCES takedowns (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('address', 'sha256', 'likeness')),
            value BLOB NOT NULL,
            PRIMARY KEY (takedown_id, kind, value)
        ) WITHOUT ROWID""",
    ),
)
WHAT = "The list of take-downs"
_YOUNG_NANOSECONDS = 3_000_000_000
"""A file changed this recently may change again without another time of its last change."""


class Blocklist:
    """The take-downs of a library. Any thread and any process may use it at any time.

    Every method may raise `Unavailable` when the file is damaged or can't be written: what can't
    be asked can't promise that nothing comes back.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._index = BlocklistIndex()
        self._read_at: tuple[int, ...] = ()

    def add(
        self,
        *,
        given: str,
        addresses: Iterable[str] = (),
        hashes: Iterable[str] = (),
        likenesses: Iterable[bytes] = (),
        note: str = "",
    ) -> Takedown:
        """Put something on the list; `Library.take_down` also looks for it in every project."""
        takedown_id = secrets.token_hex(4)
        marks = [
            *(("address", each) for each in dict.fromkeys(addresses)),
            *(("sha256", each) for each in dict.fromkeys(hashes)),
            *(("likeness", each) for each in dict.fromkeys(likenesses)),
        ]
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO takedowns (id, made_at, given, note) VALUES (?, ?, ?, ?)",
                (takedown_id, now(), short_text(given) or "", short_text(note) or ""),
            )
            connection.executemany(
                "INSERT INTO marks (takedown_id, kind, value) VALUES (?, ?, ?)",
                ((takedown_id, *mark) for mark in marks),
            )
        return self._found(takedown_id)

    def lift(self, takedown_id: str) -> Takedown:
        """Take something off the list, for good; `NotFound` if it is not on it."""
        takedown = self._found(takedown_id)
        with self._writing() as connection:
            connection.execute("DELETE FROM takedowns WHERE id = ?", (takedown_id,))
        return takedown

    def all(self) -> list[Takedown]:
        """All that stand, in the order of making."""
        return list(self.index().by_id.values())

    def refuses(
        self,
        address: str | None = None,
        sha256: str | None = None,
        likeness: bytes | None = None,
        *,
        page: str | None = None,
    ) -> Takedown | None:
        """As `BlocklistIndex.refuses`, of this moment."""
        return self.index().refuses(address, sha256, likeness, page=page)

    def index(self) -> BlocklistIndex:
        """The list of this moment; from memory while the file has not changed."""
        changed = self._last_change()
        with self._lock:
            if changed != self._read_at:
                # Remembered with the time from before reading: what comes after is read again.
                self._index = self._read() if changed else BlocklistIndex()
                self._read_at = changed
            return self._index

    def _found(self, takedown_id: str) -> Takedown:
        takedown = self.index().find(takedown_id)
        if takedown is None:
            raise NotFound("This take-down is not there any more; it may have been lifted.")
        return takedown

    def _last_change(self) -> tuple[int, ...]:
        """What is another one whenever the file changed; () without a list.

        An empty file is what remains where the disk was full when the list was to be made.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return ()
        if not status.st_size:
            return ()
        age = time.time_ns() - status.st_mtime_ns
        # The clocks of file systems are coarse, so of a young file nobody can tell.
        unsure = time.monotonic_ns() if age < _YOUNG_NANOSECONDS else 0
        return (status.st_mtime_ns, status.st_size, status.st_ino, unsure)

    def _read(self) -> BlocklistIndex:
        with in_words(self.path, WHAT), closing(self._connect("rw")) as connection:
            connection.execute("BEGIN")
            row = connection.execute("SELECT token FROM list").fetchone()
            if row is None:
                raise damaged(f"The list of take-downs in {self.path}", "it has no beginning")
            token = str(row["token"])
            if token == self._index.token:
                return self._index
            rows = connection.execute("SELECT * FROM takedowns ORDER BY position").fetchall()
            marks: dict[str, list[sqlite3.Row]] = {row["id"]: [] for row in rows}
            for mark in connection.execute("SELECT * FROM marks"):
                marks[mark["takedown_id"]].append(mark)
        return arranged(token, [_takedown(row, marks[row["id"]]) for row in rows])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends."""
        with in_words(self.path, WHAT):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with in_words(self.path, WHAT), closing(self._connect("rwc")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("UPDATE list SET token = ?", (secrets.token_hex(8),))
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    def _connect(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{address_of(self.path)}?mode={mode}",
            uri=True,
            timeout=WAIT_SECONDS,
            isolation_level=None,
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            migrate(connection, _STEPS, "The list of take-downs")
        except BaseException:
            connection.close()
            raise
        return connection


def _takedown(row: sqlite3.Row, marks: Sequence[sqlite3.Row]) -> Takedown:
    return Takedown(
        id=row["id"],
        made_at=datetime.fromisoformat(row["made_at"]),
        given=row["given"],
        note=row["note"],
        addresses=tuple(mark["value"] for mark in marks if mark["kind"] == "address"),
        hashes=tuple(mark["value"] for mark in marks if mark["kind"] == "sha256"),
        likenesses=tuple(mark["value"] for mark in marks if mark["kind"] == "likeness"),
    )
