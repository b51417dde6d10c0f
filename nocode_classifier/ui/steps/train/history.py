"""Past trainings, in words."""

from __future__ import annotations

from nocode_classifier.learn.settings_words import mode_words, settings_words
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.runs import Run, RunOutcome
from nocode_classifier.ui.steps.train.past_runs import PastRun
from nocode_classifier.ui.steps.train.words import duration, when

OUTCOMES = {
    RunOutcome.KEPT: "No better than quick, so quick was kept",
    RunOutcome.STOPPED: "Stopped",
    RunOutcome.FAILED: "Did not work",
}


def past_runs(project: Project) -> list[PastRun]:
    """The trainings of a project, newest first, in words."""
    return [_in_words(run) for run in project.models.runs()]


def _in_words(run: Run) -> PastRun:
    outcome = OUTCOMES.get(run.outcome, "")
    if run.outcome is RunOutcome.FAILED and run.sentence:
        outcome = f"{outcome}: {run.sentence}"
    return PastRun(
        id=run.id,
        how=mode_words(run.settings),
        details=settings_words(run.settings),
        when=when(run.started),
        took="" if run.seconds <= 0 else f"took {duration(run.seconds)}",
        outcome=outcome,
        accuracy=run.accuracy,
        low=run.low,
        high=run.high,
        photos=run.photos,
        model=run.model,
        current=run.current,
        automatic=run.automatic,
    )
