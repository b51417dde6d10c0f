"""The models of a project: which one is current, what it said, what it was trained on."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nocode_classifier.placing import (
    WORK,
    flush_folder,
    remove,
    rename_folder,
    unfinished_folder,
    write_whole,
)
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.project.store.database import Database, in_words, now
from nocode_classifier.project.tables.classes import all_classes
from nocode_classifier.project.tables.runs import (
    NewRun,
    Run,
    all_runs,
    bare_run,
    insert_run,
    model_of_run,
)
from nocode_classifier.project.tables.usable_models import CARD, is_usable

MODELS = "models"
"""The folder for them in the folder of the project."""

MODELS_KEPT = 20
"""How many models a project keeps: those used most recently. Going back to one counts as use."""


class Models:
    """The models of one project. Any thread and any process may use it at any time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folder = database.path.parent / MODELS

    def folder(self) -> Path | None:
        """The folder of the model in use, or None."""
        with self._database.reading() as connection:
            row = self.current(connection)
        return None if row is None else self._folder / row["folder"]

    def current(self, connection: sqlite3.Connection) -> sqlite3.Row | None:
        """The row of the model used last that can still be used."""
        rows = connection.execute("SELECT id, folder, fingerprint FROM models ORDER BY turn DESC")
        return next((row for row in rows if is_usable(self._folder / row["folder"])), None)

    @contextmanager
    def new_folder(self) -> Iterator[Path]:
        """An empty folder to write a model into, for `adopt`; else it is gone afterwards."""
        with in_words(self._database.path):
            self._folder.mkdir(exist_ok=True)
            with unfinished_folder(self._folder) as folder:
                yield folder

    def adopt(
        self,
        temporary: Path,
        held_out: Sequence[HeldOutAnswer],
        *,
        revision_hash: str,
        run: NewRun | None = None,
    ) -> Path:
        """Make a whole model the current one; until then, and if anything fails, the old one is.

        The last twenty models are kept, and of those that nobody asked for only the last. Folders
        of forgotten ones are removed, but for the one in use until now: someone who was just told
        its name may be about to read it. Its turn comes with the next adoption.

        Args:
            temporary: from `new_folder`.
            held_out: what it said about photos it had not seen.
            revision_hash: `fingerprint()` from when the photos were read.
            run: how it came about, for the history; without it the model's card has to do.

        Returns:
            Where the model is now.
        """
        folder = self._folder / secrets.token_hex(8)
        with in_words(self._database.path):
            flush_folder(temporary)
            with self._database.writing() as connection:
                last = self.current(connection)
                rename_folder(temporary, folder)
                if run is not None and run.automatic:
                    _forget_automatic(connection)
                insert_model(connection, folder, held_out, revision_hash, run or bare_run())
                _forget_old_models(connection)
                spared = folders_in_use(connection) | ({last["folder"]} if last else set())
                forgotten = _whole_folders(self._folder) - spared
        for name in forgotten:
            remove(self._folder / name)
        return folder

    def held_out(self) -> list[HeldOutAnswer]:
        """What the current model said about photos it had not seen; empty without a model."""
        with self._database.reading() as connection:
            row = self.current(connection)
            return [] if row is None else held_out_answers(connection, row["id"])

    def is_stale(self) -> bool:
        """Whether photos or classes differ from those that the current model was made of."""
        with self._database.reading() as connection:
            row = self.current(connection)
            return row is not None and row["fingerprint"] != content_fingerprint(connection)

    def fingerprint(self) -> str:
        """A hash of all that a model learns from, for `adopt`."""
        with self._database.reading() as connection:
            return content_fingerprint(connection)

    def runs(self) -> list[Run]:
        """The trainings of the project, newest first; every model that is kept has one."""
        with self._database.reading() as connection:
            row = self.current(connection)
            return all_runs(connection, self._folder, None if row is None else row["id"])

    def record_run(self, run: NewRun) -> int:
        """Remember a training that made no model; returns its number."""
        with self._database.writing() as connection:
            return insert_run(connection, run, None)

    def use_run(self, run_id: int) -> Path:
        """Go back (or forward) to the model of a training; returns its folder.

        Raises:
            NotFound: there is no such training, or its model is not there any more.
        """
        with self._database.writing() as connection:
            row = model_of_run(connection, run_id, self._folder)
            folder = self._folder / str(row["folder"])
            make_current(connection, row["id"], folder)
        return folder

    def take_hints(self, connection: sqlite3.Connection) -> None:
        """Let the model in use know the hints of today: a remark is no reason to train again."""
        if (row := self.current(connection)) is not None:
            put_hints(connection, self._folder / row["folder"])

    # Improving as photos are sorted

    def improve_unasked(self) -> bool:
        """Whether a model may be trained anew, unasked, after photos were sorted differently."""
        with self._database.reading() as connection:
            return bool(connection.execute("SELECT improves_itself FROM project").fetchone()[0])

    def set_improve_unasked(self, wanted: bool) -> None:
        """Switch that on or off; it is off at first."""
        with self._database.writing() as connection:
            connection.execute("UPDATE project SET improves_itself = ?", (wanted,))


def _whole_folders(models: Path) -> set[str]:
    """Names of the folders that are or were of a model."""
    return {path.name for path in models.iterdir() if not WORK.fullmatch(path.name)}


def insert_model(
    connection: sqlite3.Connection,
    folder: Path,
    held_out: Sequence[HeldOutAnswer],
    fingerprint: str,
    run: NewRun,
) -> None:
    """Make a model folder that is in place the current one, and remember how it came about."""
    cursor = connection.execute(
        "INSERT INTO models (folder, fingerprint, adopted_at) VALUES (?, ?, ?)",
        (folder.name, fingerprint, now()),
    )
    model_id = cursor.lastrowid or 0
    make_current(connection, model_id, folder)
    insert_run(connection, run, model_id)
    connection.executemany(
        "INSERT INTO held_out (model_id, position, sha256, true, predicted, probability)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (model_id, position, a.sha256, a.true, a.predicted, a.probability)
            for position, a in enumerate(held_out)
        ),
    )


def make_current(connection: sqlite3.Connection, model_id: int, folder: Path) -> None:
    """Let a model be the one used last, with the hints of today."""
    connection.execute(
        "UPDATE models SET turn = 1 + (SELECT max(turn) FROM models) WHERE id = ?", (model_id,)
    )
    put_hints(connection, folder)


def put_hints(connection: sqlite3.Connection, model: Path) -> None:
    """Write the hints of the classes into the card of a model, by the classes' names.

    Whoever reads a model has nothing but its folder: another process, an export, another computer.
    A class that the model does not know is passed over, and a card that can't be understood is left
    as it is: whoever loads the model says so.
    """
    hints = {label.name: list(label.hints) for label in all_classes(connection)}
    path = model / CARD
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        card: dict[str, Any] = json.loads(path.read_bytes())
        entries = [{**one, "hints": hints.get(one["name"], [])} for one in card["classes"]]
        if entries == card["classes"]:
            return
        data = json.dumps({**card, "classes": entries}, ensure_ascii=False, indent=2).encode()
        # Never rewritten in place: a copy of the project may share the file.
        write_whole(path, data, durable=True)


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
