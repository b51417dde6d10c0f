"""The models of a project: which one is current, what it said, what it was trained on."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from nocode_classifier.placing import WORK, flush_folder, remove, rename_folder
from nocode_classifier.project.card_hints import put_hints
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.project.store.database import Database, in_words, now
from nocode_classifier.project.tables.classes import all_classes
from nocode_classifier.project.tables.runs import NewRun, bare_run, insert_run
from nocode_classifier.project.tables.usable_models import is_usable

MODELS = "models"
"""The folder for them in the folder of the project."""

MODELS_KEPT = 20
"""How many models a project keeps: those used most recently. Going back to one counts as use."""


def current_model(connection: sqlite3.Connection, folder: Path) -> sqlite3.Row | None:
    """The row of the model used last that can still be used."""
    rows = connection.execute("SELECT id, folder, fingerprint FROM models ORDER BY turn DESC")
    for row in rows:
        if is_usable(folder / row["folder"]):
            return row  # type: ignore[no-any-return]
    return None


def adopt(
    database: Database,
    temporary: Path,
    held_out: Sequence[HeldOutAnswer],
    fingerprint: str,
    run: NewRun | None = None,
) -> Path:
    """Rename a whole model into place and make it the current one; see `Project.adopt_model`.

    Folders of forgotten models are removed, but for the one in use until now: someone who was just
    told its name may be about to read it. Its turn comes with the next adoption.
    """
    folder = database.path.parent / MODELS / secrets.token_hex(8)
    with in_words(database.path):
        flush_folder(temporary)
        with database.writing() as connection:
            last = current_model(connection, folder.parent)
            # They may have been edited while it was trained.
            put_hints(temporary, all_classes(connection))
            rename_folder(temporary, folder)
            if run is not None and run.automatic:
                _forget_automatic(connection)
            insert_model(connection, folder.name, held_out, fingerprint, run or bare_run())
            _forget_old_models(connection)
            spared = folders_in_use(connection) | ({last["folder"]} if last else set())
            forgotten = _whole_folders(folder.parent) - spared
    for name in forgotten:
        remove(folder.parent / name)
    return folder


def _whole_folders(models: Path) -> set[str]:
    """Names of the folders that are or were of a model."""
    return {path.name for path in models.iterdir() if not WORK.fullmatch(path.name)}


def insert_model(
    connection: sqlite3.Connection,
    name: str,
    held_out: Sequence[HeldOutAnswer],
    fingerprint: str,
    run: NewRun,
) -> None:
    """Make a model folder that is in place the current one, and remember how it came about."""
    cursor = connection.execute(
        "INSERT INTO models (folder, fingerprint, adopted_at) VALUES (?, ?, ?)",
        (name, fingerprint, now()),
    )
    model_id = cursor.lastrowid or 0
    make_current(connection, model_id)
    insert_run(connection, run, model_id)
    connection.executemany(
        "INSERT INTO held_out (model_id, position, sha256, true, predicted, probability)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (model_id, position, a.sha256, a.true, a.predicted, a.probability)
            for position, a in enumerate(held_out)
        ),
    )


def make_current(connection: sqlite3.Connection, model_id: int) -> None:
    """Let a model be the one used last."""
    connection.execute(
        "UPDATE models SET turn = 1 + (SELECT max(turn) FROM models) WHERE id = ?", (model_id,)
    )


def _forget_old_models(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM models WHERE id NOT IN (SELECT id FROM models ORDER BY turn DESC LIMIT ?)",
        (MODELS_KEPT,),
    )


def _forget_automatic(connection: sqlite3.Connection) -> None:
    """Those nobody asked for count as one: else they would drive out the ones people made."""
    connection.execute(
        "DELETE FROM models WHERE id IN (SELECT model_id FROM runs WHERE automatic = 1)"
    )
    connection.execute("DELETE FROM runs WHERE automatic = 1")


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
