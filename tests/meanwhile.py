"""Another window that changes a project at the worst moments."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from nocode_classifier.project.store.database import Database


def change_after_every_read(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[int], object]
) -> list[int]:
    """Let something change whenever anything was read, so that no two readings see the same.

    Args:
        change: gets the number of the change, from 0.

    Returns:
        The numbers of the changes made, a list that grows.
    """
    reading = Database.reading
    made: list[int] = []
    changing: list[bool] = []

    @contextmanager
    def then_changed(database: Database) -> Iterator[sqlite3.Connection]:
        with reading(database) as connection:
            yield connection
        if not changing:  # what the change itself reads does not count
            changing.append(True)
            change(len(made))
            made.append(len(made))
            changing.clear()

    monkeypatch.setattr(Database, "reading", then_changed)
    return made
