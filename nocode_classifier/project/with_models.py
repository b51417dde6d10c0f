"""What a project does with its models: keeps them, knows the one in use, and goes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nocode_classifier.placing import unfinished_folder
from nocode_classifier.project.card_hints import put_hints
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.project.store.database import Database, in_words
from nocode_classifier.project.tables import models, runs
from nocode_classifier.project.tables.classes import all_classes
from nocode_classifier.project.tables.runs import NewRun, Run


class WithModels:
    """The part of `Project` that has to do with its models; made by `Project` alone."""

    folder: Path
    database: Database

    def model_folder(self) -> Path | None:
        """The folder of the model in use, or None."""
        with self.database.reading() as connection:
            row = models.current_model(connection, self._models)
        return None if row is None else self._models / row["folder"]

    @contextmanager
    def new_model_folder(self) -> Iterator[Path]:
        """An empty folder to write a model into, for `adopt_model`; else it is gone afterwards."""
        with in_words(self.database.path):
            self._models.mkdir(exist_ok=True)
            with unfinished_folder(self._models) as folder:
                yield folder

    def adopt_model(
        self,
        temporary: Path,
        held_out: Sequence[HeldOutAnswer],
        *,
        revision_hash: str,
        run: NewRun | None = None,
    ) -> Path:
        """Make a whole model the current one; until then, and if anything fails, the old one is.

        Args:
            temporary: from `new_model_folder`.
            held_out: what it said about photos it had not seen.
            revision_hash: `fingerprint()` from when the photos were read.
            run: how it came about, for the history; without it the model's card has to do.

        Returns:
            Where the model is now. The last twenty models are kept, and of those that nobody asked
            for only the last.
        """
        return models.adopt(self.database, temporary, held_out, revision_hash, run)

    def held_out(self) -> list[HeldOutAnswer]:
        """What the current model said about photos it had not seen; empty without a model."""
        with self.database.reading() as connection:
            row = models.current_model(connection, self._models)
            return [] if row is None else models.held_out_answers(connection, row["id"])

    def model_is_stale(self) -> bool:
        """Whether photos or classes differ from those that the current model was made of."""
        with self.database.reading() as connection:
            row = models.current_model(connection, self._models)
            if row is None:
                return False
            return bool(row["fingerprint"] != models.content_fingerprint(connection))

    def fingerprint(self) -> str:
        """A hash of all that a model learns from, for `adopt_model`."""
        with self.database.reading() as connection:
            return models.content_fingerprint(connection)

    # Past trainings

    def runs(self) -> list[Run]:
        """The trainings of this project, newest first; every model that is kept has one."""
        with self.database.reading() as connection:
            row = models.current_model(connection, self._models)
            return runs.all_runs(connection, self._models, None if row is None else row["id"])

    def record_run(self, run: NewRun) -> int:
        """Remember a training that made no model; returns its number."""
        with self.database.writing() as connection:
            return runs.insert_run(connection, run, None)

    def use_run(self, run_id: int) -> Path:
        """Go back (or forward) to the model of a training; returns its folder.

        Raises:
            NotFound: there is no such training, or its model is not there any more.
        """
        with self.database.writing() as connection:
            row = runs.model_of_run(connection, run_id, self._models)
            folder = self._models / str(row["folder"])
            # They may have been edited since it was the one in use.
            put_hints(folder, all_classes(connection))
            models.make_current(connection, row["id"])
        return folder

    # Improving as photos are sorted

    def improves_itself(self) -> bool:
        """Whether the model may be trained anew, unasked, after photos were sorted differently."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT improves_itself FROM project").fetchone()
            return bool(row["improves_itself"])

    def set_improves_itself(self, wanted: bool) -> None:
        """Switch that on or off; it is off at first."""
        with self.database.writing() as connection:
            connection.execute("UPDATE project SET improves_itself = ?", (wanted,))

    @property
    def _models(self) -> Path:
        return self.folder / models.MODELS
