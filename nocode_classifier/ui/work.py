"""Starting slow work from a page, so that every window hears of its beginning and its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from nocode_classifier.jobs import Job, JobState
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import JobRecord
from nocode_classifier.ui.state import Services

T = TypeVar("T")

INTERRUPTED = "interrupted"


def start_work(
    services: Services,
    project: Project,
    kind: str,
    work: Callable[[Report, ShouldStop], T],
    *,
    sentence: Callable[[T], str],
    about: object = None,
) -> Job[T]:
    """Run `work` as the project's job, and note in the project that it began and how it ended.

    The note makes the project's revision grow, which is how the steps hear of it.

    Raises:
        Busy: the project has a job that still runs.
    """

    def noted(report: Report, should_stop: ShouldStop) -> T:
        _note(project, kind, JobState.RUNNING)
        return work(report, should_stop)

    def ended(job: Job[Any], state: JobState) -> None:
        _note(project, kind, state, job)

    return services.jobs.start(project.id, kind, noted, sentence=sentence, end=ended, about=about)


def cut_short(services: Services, project: Project) -> str:
    """Say, once, that the app was closed while the project's last job ran; else "".

    A job that another app on this computer has begun since this one opened is left alone.
    """
    record = project.last_job()
    if record is None or record.state != JobState.RUNNING.value:
        return ""
    if services.jobs.current(project.id) is not None or record.updated_at > services.jobs.began_at:
        return ""
    project.save_job(replace(record, state=INTERRUPTED))
    return (
        f"The app was closed while it had something to do here ({record.kind}). "
        "Nothing you had is lost; start it again to finish it."
    )


def _note(project: Project, kind: str, state: JobState, job: Job[Any] | None = None) -> None:
    progress = Progress("Starting") if job is None else job.progress
    record = JobRecord(
        kind=kind,
        state=state.value,
        stage=progress.stage,
        fraction=progress.fraction,
        message="" if job is None else job.message,
        updated_at=datetime.now(UTC),
    )
    project.save_job(record)
