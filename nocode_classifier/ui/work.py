"""Starting slow work from a page, so that every window hears of its beginning and its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from nocode_classifier.errors import Busy, Unwritable
from nocode_classifier.jobs import About, Job, JobState
from nocode_classifier.progress import Progress, Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import JobRecord
from nocode_classifier.project.store.job_lock import JobLock
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
    about: About | None = None,
) -> Job[T]:
    """Run `work` as the project's job, and note in the project that it began and how it ended.

    The note makes the project's revision grow, which is how the steps hear of it.

    Raises:
        Busy: the project has a job that still runs, here or in another app.
    """
    lock = JobLock(project.folder)

    def noted(report: Report, should_stop: ShouldStop) -> T:
        locked.append(lock.take())
        _note(project, kind, JobState.RUNNING)
        return work(report, should_stop)

    def ended(job: Job[Any], state: JobState) -> None:
        try:
            if locked:  # else what is noted is of another app
                _note(project, kind, state, job)
        finally:
            lock.give_back()

    before = services.jobs.current(project.id)
    # One of this app that has ended holds the lock until that is noted; its successor waits.
    locked = [lock.take()] if before is None or before.wait(0) else []
    try:
        return services.jobs.start(
            project.id, kind, noted, sentence=sentence, end=ended, about=about
        )
    except BaseException:
        lock.give_back()
        raise


def cut_short(services: Services, project: Project) -> str:
    """Say, once, that the app was closed while the project's last job ran; else ""."""
    if services.jobs.current(project.id) is not None or _still_running(project) is None:
        return ""
    lock = JobLock(project.folder)
    try:
        # Asked again under the lock: it may have ended just before.
        if not lock.take(wait=0) or (record := _still_running(project)) is None:
            return ""
        project.save_job(replace(record, state=INTERRUPTED))
    except Busy:  # it goes on, in another app
        return ""
    finally:
        lock.give_back()
    return (
        f"The app was closed while it had something to do here ({record.kind}). "
        "Nothing you had is lost; start it again to finish it."
    )


def _still_running(project: Project) -> JobRecord | None:
    """The last job, if its end was not noted."""
    record = project.last_job()
    return record if record is not None and record.state == JobState.RUNNING.value else None


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
    with suppress(Unwritable):  # what needs no room, such as an export elsewhere, goes on
        project.save_job(record)
