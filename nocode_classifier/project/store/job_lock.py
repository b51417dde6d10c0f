"""Which of several apps works on a project: the one whose process holds its lock.

The lock is SQLite's own, on an empty file beside the project's database. So it works on every
system and disk on which projects do, and the system takes it back when a process dies, whatever
becomes of the number of that process.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import Busy
from nocode_classifier.project.store.database import address_of

FILE_NAME = "job.lock"
WAIT_SECONDS = 1.0


class JobLock:
    """The right to do slow work on a project, and to say how far it is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._connection: sqlite3.Connection | None = None

    def take(self, wait: float = WAIT_SECONDS) -> bool:
        """Take it, unless it is held already; any thread may give it back.

        Args:
            wait: seconds for which another app may keep it, perhaps only to look who holds it.

        Returns:
            False where there can be no lock, since nothing can be written there.

        Raises:
            Busy: another app holds it.
        """
        if self._connection is not None:
            return True
        connection = None
        try:
            connection = sqlite3.connect(
                f"{address_of(self._path)}?mode=rwc",
                uri=True,
                timeout=wait,
                isolation_level=None,
                check_same_thread=False,
            )
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if connection is not None:
                connection.close()
            if isinstance(in_sentence(error, self._path), Busy):
                raise Busy(
                    "This project is busy in another window of the app. Wait until it is done there"
                    ", or stop it."
                ) from error
            return False
        self._connection = connection
        return True

    def give_back(self) -> None:
        """Let others have it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
