"""Writes trainings into a project's history, also those that were stopped or failed."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from nocode_classifier.curves import Curves
from nocode_classifier.errors import AppError, Cancelled, NotReady
from nocode_classifier.learn.settings import Settings
from nocode_classifier.learn.train import TrainedModel
from nocode_classifier.progress import Progress, Report
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.runs import NewRun, RunOutcome

log = logging.getLogger(__name__)

SURPRISE = "Something went wrong that should not have."


class Recording:
    """One training on its way into the history of a project.

    Attributes:
        curves: the last that were reported.
    """

    def __init__(
        self, project: Project, settings: Settings, report: Report, *, automatic: bool = False
    ) -> None:
        self.curves: Curves | None = None
        self._project = project
        self._settings = settings
        self._report = report
        self._automatic = automatic
        self._started = datetime.now(UTC)
        self._began = time.monotonic()

    def report(self, progress: Progress) -> None:
        """Pass on what is reported; curves that there have been stay to be seen till the end."""
        self.curves = progress.curves or self.curves
        self._report(replace(progress, curves=self.curves))

    def ended(self, trained: TrainedModel) -> NewRun:
        """The run of a model that is whole, for `Models.adopt`."""
        accuracy, comparison = trained.figures.overall, trained.comparison
        won = comparison is None or comparison.adopted
        run = NewRun(
            started=self._started,
            seconds=time.monotonic() - self._began,
            settings=trained.settings.to_json(),
            outcome=RunOutcome.ADOPTED if won else RunOutcome.KEPT,
            sentence=trained.sentence if comparison is None else comparison.sentence,
            curves=trained.curves,
            automatic=self._automatic,
        )
        if accuracy is None:
            return run
        return replace(
            run,
            correct=accuracy.correct,
            photos=accuracy.photos,
            accuracy=accuracy.value,
            low=accuracy.low,
            high=accuracy.high,
        )

    @contextmanager
    def of_what_fails(self) -> Iterator[None]:
        """Record a training that ends with an error, and let the error go on.

        One that could not even begin is none; nor is one that nobody asked for.
        """
        try:
            yield
        except NotReady:
            raise
        except Cancelled:
            self._record(RunOutcome.STOPPED, "Stopped; the model before it stayed.")
            raise
        except Exception as error:
            sentence = str(error) if isinstance(error, AppError) else SURPRISE
            self._record(RunOutcome.FAILED, sentence)
            raise

    def _record(self, outcome: RunOutcome, sentence: str) -> None:
        if self._automatic:
            return
        run = NewRun(
            started=self._started,
            seconds=time.monotonic() - self._began,
            settings=self._settings.to_json(),
            outcome=outcome,
            sentence=sentence,
            curves=self.curves,
        )
        try:
            self._project.models.record_run(run)
        except AppError:  # the project may be gone: what went wrong first is what matters
            log.info("a training of project %s was not recorded", self._project.id, exc_info=True)
