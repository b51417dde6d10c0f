"""One project's SQLite file: how it is opened, read and written.

Every operation has a connection of its own, so that any thread and any process may call at any
time; write-ahead logging lets readers go on while one writes.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from nocode_classifier.errors import AppError, Busy, NotFound, Unavailable
from nocode_classifier.project.migrations import migrate

FILE_NAME = "project.sqlite3"
WAIT_SECONDS = 30.0


def now() -> str:
    """This moment (UTC) in the form in which the database keeps it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Database:
    """The database in a project's folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def create(self, name: str) -> None:
        """Make the file, with no class and no photo."""
        with in_words(self.path), closing(self._connect("rwc")) as connection:
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
        """A connection on which all questions see the same moment.

        Raises:
            NotFound: the project is gone.
            Unavailable: its file is damaged or of a newer version.
        """
        with in_words(self.path), closing(self._open()) as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self, *, visible: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: committed as a whole when the block ends, undone when it raises.

        Args:
            visible: the change is one that people see, so the revision grows.

        Raises:
            Busy: another window kept the file locked for half a minute.
            NotFound, Unavailable: as for `reading`; also when the disk is full.
        """
        with in_words(self.path), closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                if visible:
                    show_change(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
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
            closing(self._open()) as source,
            closing(sqlite3.connect(folder / FILE_NAME)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = WAL")

    def _open(self) -> sqlite3.Connection:
        connection = self._connect("rw")
        try:
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self, mode: str) -> sqlite3.Connection:
        # "rw" does not create: a deleted project must not come back as an empty file.
        connection = sqlite3.connect(
            f"{address_of(self.path)}?mode={mode}",
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
        yield
    except (AppError, sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a sentence already, or a mistake in this program
    except sqlite3.DatabaseError as error:
        raise _sentence(path, error) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Unavailable("The disk is full. Free some space and try again.") from error
        if not path.exists():
            raise NotFound("This project is not there any more.") from error
        raise


def _sentence(path: Path, error: sqlite3.DatabaseError) -> AppError:
    if not path.exists():
        return NotFound("This project is not there any more.")
    text = str(error)
    if "locked" in text or "busy" in text:
        return Busy("Another window is working on this project. Try again in a moment.")
    if "full" in text:
        return Unavailable("The disk is full. Free some space and try again.")
    if "readonly" in text or "unable to open" in text:
        return Unavailable(
            f"The project in {path.parent} can't be written. Check that you may change this folder."
        )
    return Unavailable(f"The project in {path.parent} is damaged and can't be opened ({text}).")
