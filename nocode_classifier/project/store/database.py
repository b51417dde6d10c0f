"""One project's SQLite file: how it is opened, read and written.

Every operation has a connection of its own, so that any thread and any process may call at any
time; write-ahead logging lets readers go on while one writes. What has to be read of one moment, as
all that a page shows, is read in one `snapshot`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from nocode_classifier import disk_errors
from nocode_classifier.disk_errors import damaged, is_unwritable, may_be_file
from nocode_classifier.errors import AppError, NotFound, Unwritable
from nocode_classifier.project.store.migrations import MIGRATIONS, migrate, version_of

FILE_NAME = "project.sqlite3"
WAIT_SECONDS = 30.0
GONE = "This project is not there any more."


def now() -> str:
    """This moment (UTC) in the form in which the database keeps it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class _Held(threading.local):
    """The snapshot that a thread reads in, or None."""

    connection: sqlite3.Connection | None = None


class Database:
    """The database in a project's folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._held = _Held()

    @property
    def _what(self) -> str:
        return f"The project in {self.path.parent}"

    def create(self, name: str) -> None:
        """Make the file, with no class and no photo."""
        with in_words(self.path), closing(self._connect("mode=rwc")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
            moment = now()
            connection.execute(
                "INSERT INTO project (id, name, created_at, modified_at, tidied_at)"
                " VALUES (1, ?, ?, ?, ?)",
                (name, moment, moment, moment),
            )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection on which all questions see the same moment: that of the snapshot, if any.

        It works also where nothing can be written: on a full disk, on one that may only be read.

        Raises:
            NotFound: the project is gone.
            Unavailable: its file is damaged or of a newer version.
        """
        with in_words(self.path), self.snapshot() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Let all that this thread reads in the block be of one moment, on one connection.

        A snapshot within a snapshot is the outer one. Nothing can be written in it: whoever read
        it afterwards would not find it.

        Raises:
            NotFound, Unavailable: as for `reading`.
        """
        if self._held.connection is not None:
            yield self._held.connection
            return
        with in_words(self.path):
            opened = self._open_to_read()
        with closing(opened) as connection:
            connection.execute("BEGIN")
            self._held.connection = connection
            try:
                yield connection
            finally:
                self._held.connection = None

    @contextmanager
    def writing(self, *, visible: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: committed as a whole when the block ends, undone when it raises.

        Args:
            visible: the change is one that people see, so the revision grows.

        Raises:
            Busy: another window kept the file locked for half a minute.
            NotFound, Unavailable: as for `reading`.
            Unwritable: the disk is full, or it may only be read.
        """
        if self._held.connection is not None:
            raise RuntimeError("A snapshot is only read: write before or after it.")
        with in_words(self.path), closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                if visible:
                    show_change(connection)
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()  # unless SQLite did so already, as on a full disk
                raise

    @contextmanager
    def held_open(self) -> Iterator[None]:
        """Make many small writes in a row cheap for as long as the block lasts.

        SQLite moves the write-ahead log into the file, and waits for the disk, whenever the last
        connection is closed. One that stays open and does nothing prevents that.
        """
        with in_words(self.path), closing(self._open()) as connection:
            connection.execute("SELECT revision FROM project").fetchone()
            yield

    def copy_to(self, folder: Path) -> None:
        """Write a copy, whole and of one moment even while others write, into `folder`."""
        with (
            in_words(self.path),
            closing(self._open_to_read()) as source,
            closing(sqlite3.connect(folder / FILE_NAME)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = WAL")

    def _open(self) -> sqlite3.Connection:
        connection = self._connect(
            "mode=rw"
        )  # a deleted project must not come back as an empty file
        try:
            self._check(connection)
            migrate(connection, what=self._what)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_to_read(self) -> sqlite3.Connection:
        try:
            return self._open()
        except sqlite3.OperationalError as error:
            # SQLite needs files of its own beside a database, also to read it.
            if not is_unwritable(error) or not may_be_file(self.path):
                raise
            return self._open_as_it_is()

    def _open_as_it_is(self) -> sqlite3.Connection:
        """Open it without writing anything, which works if nothing is left in the log."""
        log = self.path.with_name(f"{FILE_NAME}-wal")
        if log.is_file() and log.stat().st_size:
            raise Unwritable(
                f"The project in {self.path.parent} was not closed, and can't be written to finish "
                "that. Make room on the disk, or allow the app to change this folder."
            )
        connection = self._connect("mode=ro&immutable=1")
        try:
            if self._check(connection) == len(MIGRATIONS):
                return connection
            today = sqlite3.connect(":memory:", isolation_level=None)
            today.row_factory = sqlite3.Row
            connection.backup(today)
        except BaseException:
            connection.close()
            raise
        connection.close()
        migrate(today, what=self._what)
        return today

    def _check(self, connection: sqlite3.Connection) -> int:
        """Its version, once it is certain that it is of a project: until then nothing changes."""
        version = version_of(connection, what=self._what)
        row = connection.execute("SELECT name FROM project WHERE id = 1").fetchone()
        if row is None or not isinstance(row["name"], str):
            raise damaged(self._what, "it has no name")
        return version

    def _connect(self, how: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{address_of(self.path)}?{how}",
            uri=True,
            timeout=WAIT_SECONDS,
            isolation_level=None,
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            # With WAL this survives the death of the process; a power cut may cost the last moment
            # but never the file.
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection


def show_change(connection: sqlite3.Connection) -> None:
    """Let the revision grow: this transaction changes something that people see."""
    connection.execute("UPDATE project SET revision = revision + 1, modified_at = ?", (now(),))


def address_of(path: Path) -> str:
    """The path as SQLite wants it in a URI; `Path.as_uri` would make a network drive a host."""
    text = path.absolute().as_posix()
    return "file://" + quote(os.fsencode(text if text.startswith("/") else f"/{text}"), safe="/:")


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk say into sentences.

    Args:
        path: the database of the project that is being worked on.
    """
    try:
        with disk_errors.in_words(path, "The project"):
            yield
    except (OSError, AppError) as error:
        if not os.path.lexists(path.parent):
            raise NotFound(GONE) from error
        raise
