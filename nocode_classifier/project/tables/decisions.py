"""Decisions about photos and classes, each one step that can be undone.

A step remembers how things were before it. Steps are undone in reverse order, and what a step
brought back is brought back whatever happened since: a removed class returns (or its namesake
takes its photos), a revived class leaves again only if nothing was put into it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from nocode_classifier.errors import InputError
from nocode_classifier.project.records import Decision, Photo, PhotoState
from nocode_classifier.project.store.database import now
from nocode_classifier.project.tables.classes import find_class, living_class
from nocode_classifier.project.tables.photos import find_photo


def apply_decisions(
    connection: sqlite3.Connection, decisions: Sequence[Decision], summary: str
) -> int:
    """Carry out decisions as one step.

    Returns:
        How many photos are different now; with 0 there is no step to undo.

    Raises:
        InputError: a photo that was taken down would come back.
        NotFound: a photo or class is not there any more.
    """
    step = _begin_step(connection, summary)
    revived: set[int] = set()
    changed = sum(_apply_one(connection, decision, step, revived) for decision in decisions)
    for class_id in revived:
        _remember_class(connection, step, class_id, removed=True)
    if not changed:
        connection.execute("DELETE FROM steps WHERE id = ?", (step,))
    return changed


def _apply_one(
    connection: sqlite3.Connection, decision: Decision, step: int, revived: set[int]
) -> bool:
    photo = find_photo(connection, decision.photo_id)
    state = photo.state if decision.state is None else decision.state
    class_id = photo.class_id
    if photo.taken_down is not None and state is PhotoState.KEPT:
        raise InputError("This photo was taken down. Lift the take-down first, then restore it.")
    if decision.class_id is not None:
        class_id = find_class(connection, decision.class_id).id
    elif state is PhotoState.KEPT:
        class_id, came_back = living_class(connection, class_id)
        if came_back:
            revived.add(class_id)
    confirmed = _confirmed(photo, decision, class_id)
    if (class_id, state, confirmed) == (photo.class_id, photo.state, photo.confirmed):
        return False
    connection.execute(
        "INSERT OR IGNORE INTO step_photos (step_id, photo_id, class_id, state, confirmed)"
        " VALUES (?, ?, ?, ?, ?)",
        (step, photo.id, photo.class_id, photo.state.value, photo.confirmed),
    )
    _put(connection, photo.id, class_id, state.value, confirmed)
    return True


def _confirmed(photo: Photo, decision: Decision, class_id: int) -> int | None:
    """For which class the photo is confirmed once it is in `class_id`."""
    if decision.confirmed:
        return class_id
    taken_back = decision.confirmed is False and photo.confirmed == class_id
    return None if taken_back else photo.confirmed


def remove_class(connection: sqlite3.Connection, class_id: int) -> None:
    """Remove a class; its photos go to the bin with it. One step.

    Raises:
        NotFound: there is no such class.
    """
    label = find_class(connection, class_id)
    kept = connection.execute(
        "SELECT COUNT(*) FROM photos WHERE state = 'kept' AND class_id = ?", (class_id,)
    ).fetchone()[0]
    photos = {0: "", 1: " and its photo"}.get(kept, f" and its {kept} photos")
    step = _begin_step(connection, f"Removed the class '{label.name}'{photos}")
    _remember_class(connection, step, class_id, removed=False)
    connection.execute(
        "INSERT INTO step_photos (step_id, photo_id, class_id, state, confirmed)"
        " SELECT ?, id, class_id, state, confirmed FROM photos"
        " WHERE state = 'kept' AND class_id = ?",
        (step, class_id),
    )
    connection.execute(
        "UPDATE photos SET state = 'binned' WHERE state = 'kept' AND class_id = ?", (class_id,)
    )
    connection.execute("UPDATE classes SET removed = 1 WHERE id = ?", (class_id,))


def last_step(connection: sqlite3.Connection) -> tuple[int, str] | None:
    """Number and summary of the step that undo would take back."""
    row = connection.execute("SELECT id, summary FROM steps ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else (row["id"], row["summary"])


def undo_last(connection: sqlite3.Connection) -> str | None:
    """Take back the last step.

    Returns:
        Its summary, or None when there is nothing to undo.
    """
    last = last_step(connection)
    if last is None:
        return None
    step, summary = last
    classes = connection.execute(
        "SELECT class_id, removed FROM step_classes WHERE step_id = ?", (step,)
    ).fetchall()
    for row in classes:
        if not row["removed"]:
            living_class(connection, row["class_id"])
    _put_photos_back(connection, step)
    for row in classes:
        if row["removed"]:
            _remove_if_empty(connection, row["class_id"])
    connection.execute("DELETE FROM steps WHERE id = ?", (step,))
    return summary


def _put_photos_back(connection: sqlite3.Connection, step: int) -> None:
    rows = connection.execute(
        "SELECT photo_id, class_id, state, confirmed FROM step_photos WHERE step_id = ?", (step,)
    ).fetchall()
    kept_in = {row["class_id"] for row in rows if row["state"] == PhotoState.KEPT}
    place = {class_id: living_class(connection, class_id)[0] for class_id in kept_in}
    for row in rows:
        class_id = row["class_id"]
        if row["state"] == PhotoState.KEPT:
            class_id = place[class_id]
        _put(connection, row["photo_id"], class_id, row["state"], row["confirmed"])


def _remove_if_empty(connection: sqlite3.Connection, class_id: int) -> None:
    connection.execute(
        "UPDATE classes SET removed = 1 WHERE id = :id AND NOT EXISTS"
        " (SELECT 1 FROM photos WHERE state = 'kept' AND class_id = :id)",
        {"id": class_id},
    )


def _put(
    connection: sqlite3.Connection,
    photo_id: int,
    class_id: int,
    state: str,
    confirmed: int | None,
) -> None:
    """Undo and decisions end here, and what was taken down stays in the bin whatever they say."""
    connection.execute(
        "UPDATE photos SET class_id = ?, state = IIF(taken_down IS NULL, ?, 'binned'),"
        " confirmed = ? WHERE id = ?",
        (class_id, state, confirmed, photo_id),
    )


def _begin_step(connection: sqlite3.Connection, summary: str) -> int:
    cursor = connection.execute(
        "INSERT INTO steps (summary, taken_at) VALUES (?, ?)", (summary, now())
    )
    return int(cursor.lastrowid or 0)


def _remember_class(
    connection: sqlite3.Connection, step: int, class_id: int, *, removed: bool
) -> None:
    connection.execute(
        "INSERT INTO step_classes (step_id, class_id, removed) VALUES (?, ?, ?)",
        (step, class_id, int(removed)),
    )
