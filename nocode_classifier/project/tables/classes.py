"""The things to tell apart, as rows of an open connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.project.names import clean_name, comparing_key
from nocode_classifier.project.records import ClassLabel

MOST_HINTS = 50
LONGEST_HINT = 1000


def all_classes(connection: sqlite3.Connection) -> list[ClassLabel]:
    """The classes in the order the user gave them."""
    rows = connection.execute("SELECT * FROM classes WHERE removed = 0 ORDER BY position, id")
    return [_label(row) for row in rows]


def find_class(
    connection: sqlite3.Connection, class_id: int, *, removed_too: bool = False
) -> ClassLabel:
    """The class with this number.

    Raises:
        NotFound: there is none, or it was removed (unless `removed_too`).
    """
    row = connection.execute(
        "SELECT * FROM classes WHERE id = ? AND removed <= ?",
        (class_id, int(removed_too)),
    ).fetchone()
    if row is None:
        raise NotFound("This class is not there any more.")
    return _label(row)


def find_by_name(connection: sqlite3.Connection, name: str) -> ClassLabel | None:
    """The class with this name, whatever its case and Unicode form."""
    row = connection.execute(
        "SELECT * FROM classes WHERE key = ? AND removed = 0", (comparing_key(name),)
    ).fetchone()
    return None if row is None else _label(row)


def insert_class(
    connection: sqlite3.Connection, name: str, *, colour: int | None = None
) -> ClassLabel:
    """Add a class at the end.

    Raises:
        InputError: the name can't be used or is taken.
    """
    cleaned = _free_name(connection, name)
    colour = lowest_free_colour(connection) if colour is None else colour
    cursor = connection.execute(
        "INSERT INTO classes (name, key, colour, position)"
        " SELECT ?, ?, ?, COALESCE(MAX(position), 0) + 1 FROM classes",
        (cleaned, comparing_key(cleaned), colour),
    )
    return find_class(connection, int(cursor.lastrowid or 0))


def rename(connection: sqlite3.Connection, class_id: int, name: str) -> ClassLabel:
    """Give a class another name.

    Raises:
        InputError: the name can't be used or another class has it.
        NotFound: there is no such class.
    """
    find_class(connection, class_id)
    cleaned = _free_name(connection, name, besides=class_id)
    connection.execute(
        "UPDATE classes SET name = ?, key = ? WHERE id = ?",
        (cleaned, comparing_key(cleaned), class_id),
    )
    return find_class(connection, class_id)


def write_hints(connection: sqlite3.Connection, class_id: int, hints: Sequence[str]) -> None:
    """Replace the remarks of a class; empty ones are left out.

    Raises:
        InputError: there are too many, or one is too long.
        NotFound: there is no such class.
    """
    find_class(connection, class_id)
    kept = [hint.strip() for hint in hints if hint.strip()]
    if len(kept) > MOST_HINTS or any(len(hint) > LONGEST_HINT for hint in kept):
        raise InputError(
            f"A class can have {MOST_HINTS} hints with {LONGEST_HINT} characters each at most."
        )
    connection.execute("UPDATE classes SET hints = ? WHERE id = ?", (json.dumps(kept), class_id))


def living_class(connection: sqlite3.Connection, class_id: int) -> tuple[int, bool]:
    """The class to which a photo of `class_id` returns, bringing it back if it was removed.

    When a class of the same name was made meanwhile, that one takes the photo.

    Returns:
        The number of the class, and whether it had to be brought back.
    """
    row = connection.execute(
        "SELECT name, colour, removed FROM classes WHERE id = ?", (class_id,)
    ).fetchone()
    if row is None:
        raise NotFound("This class is not there any more.")
    if not row["removed"]:
        return class_id, False
    namesake = find_by_name(connection, row["name"])
    if namesake is not None:
        return namesake.id, False
    free = lowest_free_colour(connection, wanted=row["colour"])
    connection.execute("UPDATE classes SET removed = 0, colour = ? WHERE id = ?", (free, class_id))
    return class_id, True


def lowest_free_colour(connection: sqlite3.Connection, *, wanted: int | None = None) -> int:
    """The lowest colour no class has; `wanted` itself if that is free."""
    rows = connection.execute("SELECT colour FROM classes WHERE removed = 0")
    used = {int(row["colour"]) for row in rows}
    if wanted is not None and wanted not in used:
        return wanted
    return next(colour for colour in range(len(used) + 1) if colour not in used)


def _free_name(connection: sqlite3.Connection, name: str, besides: int | None = None) -> str:
    cleaned = clean_name(name, "class")
    namesake = find_by_name(connection, cleaned)
    if namesake is not None and namesake.id != besides:
        raise InputError(f"There is already a class '{namesake.name}'. Choose another name.")
    return cleaned


def _label(row: sqlite3.Row) -> ClassLabel:
    return ClassLabel(row["id"], row["name"], row["colour"], tuple(json.loads(row["hints"])))
