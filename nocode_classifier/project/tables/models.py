"""The models of a project: which one is current, what it said, what it was trained on."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nocode_classifier.errors import InputError
from nocode_classifier.placing import WORK, flush_folder, remove, rename_folder, unfinished_folder
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.project.store.database import Database, in_words, now
from nocode_classifier.project.tables.classes import all_classes
from nocode_classifier.project.tables.held_out import read_held_out, write_held_out
from nocode_classifier.project.tables.model_cards import (
    class_ids_of,
    names_today,
    probabilities_of,
    read_caution,
    refresh_card,
    write_caution,
)
from nocode_classifier.project.tables.runs import (
    NewRun,
    Run,
    all_runs,
    bare_run,
    insert_run,
    model_of_run,
)
from nocode_classifier.project.tables.usable_models import is_usable

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
        rows = connection.execute("SELECT * FROM models ORDER BY turn DESC")
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

    def class_names(self) -> list[str]:
        """What the classes of the current model are called today, in its order; none without one.

        A class that was removed since keeps its name, and so do all classes of a model from before
        their numbers were kept.
        """
        with self._database.reading() as connection:
            row = self.current(connection)
            return [] if row is None else list(self._names_today(connection, row).values())

    def held_out(self) -> list[HeldOutAnswer]:
        """What the current model said about photos it had not seen; empty without a model.

        Classes have the names of today, as `class_names` has them.
        """
        with self._database.reading() as connection:
            return self._held_out(connection, self.current(connection))

    def previous_held_out(self) -> list[HeldOutAnswer]:
        """The same of the last model adopted before the current one that is kept; empty without."""
        with self._database.reading() as connection:
            current = self.current(connection)
            before = connection.execute(
                "SELECT * FROM models WHERE id < ? ORDER BY id DESC LIMIT 1",
                (0 if current is None else current["id"],),
            ).fetchone()
            return self._held_out(connection, before)

    def _held_out(
        self, connection: sqlite3.Connection, row: sqlite3.Row | None
    ) -> list[HeldOutAnswer]:
        if row is None:
            return []
        return read_held_out(connection, row["id"], self._names_today(connection, row))

    def _names_today(self, connection: sqlite3.Connection, row: sqlite3.Row) -> dict[str, str]:
        class_ids = json.loads(row["class_ids"])
        return names_today(connection, self._folder / row["folder"], class_ids)

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

    def update_card(self, connection: sqlite3.Connection) -> None:
        """Let the model in use know the hints and the caution of today, without training again."""
        if (row := self.current(connection)) is not None:
            class_ids = json.loads(row["class_ids"])
            refresh_card(connection, self._folder / row["folder"], class_ids)

    # How certain an answer has to be

    def caution(self) -> float | None:
        """The least probability that somebody chose; None for that of each model itself."""
        with self._database.reading() as connection:
            return read_caution(connection)

    def choose_sure(self, index: int | None) -> None:
        """Choose from where on an answer is sure, in the model in use and in those to come.

        Those take the operating point of theirs whose least probability is nearest.

        Args:
            index: of an operating point on the card of the model in use; None for its own.

        Raises:
            InputError: it has no such operating point.
        """
        with self._database.writing() as connection:
            row = self.current(connection)
            offered = [] if row is None else probabilities_of(self._folder / row["folder"])
            if index is not None and not 0 <= index < len(offered):
                raise InputError(
                    "This model has no such setting. Train again, then choose how sure it has to be"
                    " before it answers."
                )
            write_caution(connection, None if index is None else offered[index])
            self.update_card(connection)

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
    class_ids: Sequence[int | None] | None = None,
) -> None:
    """Make a model folder that is in place the current one, and remember how it came about.

    Args:
        class_ids: the project's classes in the order of the model's; None finds them by the names
            on its card.
    """
    ids = class_ids_of(connection, folder) if class_ids is None else class_ids
    cursor = connection.execute(
        "INSERT INTO models (folder, fingerprint, adopted_at, class_ids) VALUES (?, ?, ?, ?)",
        (folder.name, fingerprint, now(), json.dumps(list(ids))),
    )
    model_id = cursor.lastrowid or 0
    make_current(connection, model_id, folder)
    insert_run(connection, run, model_id)
    write_held_out(connection, model_id, held_out)


def make_current(connection: sqlite3.Connection, model_id: int, folder: Path) -> None:
    """Let a model be the one used last, with the hints and the caution of today."""
    connection.execute(
        "UPDATE models SET turn = 1 + (SELECT max(turn) FROM models) WHERE id = ?", (model_id,)
    )
    row = connection.execute("SELECT class_ids FROM models WHERE id = ?", (model_id,)).fetchone()
    refresh_card(connection, folder, json.loads(row["class_ids"]))


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
