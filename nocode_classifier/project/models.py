"""The models of a project: which one is current, what it said, what it was trained on."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from nocode_classifier.project.card_hints import put_hints
from nocode_classifier.project.classes import all_classes
from nocode_classifier.project.database import Database, in_words, now
from nocode_classifier.project.files import (
    UNFINISHED,
    flush_folder,
    is_old,
    remove,
    rename_folder,
    unfinished_name,
)
from nocode_classifier.project.records import HeldOutAnswer

MODELS_KEPT = 5


def current_model(connection: sqlite3.Connection, folder: Path) -> sqlite3.Row | None:
    """The row of the last adopted model whose files are still there."""
    rows = connection.execute("SELECT id, folder, fingerprint FROM models ORDER BY id DESC")
    for row in rows:
        if (folder / row["folder"]).is_dir():
            return row  # type: ignore[no-any-return]
    return None


def adopt(
    database: Database, temporary: Path, held_out: Sequence[HeldOutAnswer], fingerprint: str
) -> Path:
    """Rename a whole model into place and make it the current one; see `Project.adopt_model`."""
    folder = temporary.with_name(unfinished_name().removeprefix(UNFINISHED))
    with in_words(database.path):
        flush_folder(temporary)
        with database.writing() as connection:
            before = folders_in_use(connection)
            # They may have been edited while it was trained.
            put_hints(temporary, all_classes(connection))
            rename_folder(temporary, folder)
            insert_model(connection, folder.name, held_out, fingerprint)
            _forget_old_models(connection)
            after = folders_in_use(connection)
    for forgotten in before - after:
        remove(folder.parent / forgotten)
    return folder


def insert_model(
    connection: sqlite3.Connection,
    name: str,
    held_out: Sequence[HeldOutAnswer],
    fingerprint: str,
) -> None:
    """Make a model folder that is in place the current one."""
    cursor = connection.execute(
        "INSERT INTO models (folder, fingerprint, adopted_at) VALUES (?, ?, ?)",
        (name, fingerprint, now()),
    )
    connection.executemany(
        "INSERT INTO held_out (model_id, position, sha256, true, predicted, probability)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (cursor.lastrowid, position, a.sha256, a.true, a.predicted, a.probability)
            for position, a in enumerate(held_out)
        ),
    )


def _forget_old_models(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM models WHERE id NOT IN (SELECT id FROM models ORDER BY id DESC LIMIT ?)",
        (MODELS_KEPT,),
    )


def held_out_answers(connection: sqlite3.Connection, model_id: int) -> list[HeldOutAnswer]:
    """What a model said in cross-validation, in the order in which it was given."""
    rows = connection.execute(
        "SELECT sha256, true, predicted, probability FROM held_out WHERE model_id = ?"
        " ORDER BY position",
        (model_id,),
    )
    return [HeldOutAnswer(*row) for row in rows]


def content_fingerprint(connection: sqlite3.Connection) -> str:
    """A hash of all that a model learns from: kept photos, their classes and their names."""
    digest = hashlib.sha256()
    for label in all_classes(connection):
        digest.update(json.dumps([label.id, label.name]).encode())
    rows = connection.execute(
        "SELECT sha256, class_id FROM photos WHERE state = 'kept' ORDER BY sha256"
    )
    for sha256, class_id in rows:
        digest.update(f"{sha256} {class_id}\n".encode())
    return digest.hexdigest()


def folders_in_use(connection: sqlite3.Connection) -> set[str]:
    """Names of the folders that belong to a model."""
    return {row["folder"] for row in connection.execute("SELECT folder FROM models")}


def sweep_models(folder: Path, in_use: set[str]) -> None:
    """Remove old folders that belong to no model (any more)."""
    for path in folder.iterdir():
        if path.name not in in_use and is_old(path):
            remove(path)
