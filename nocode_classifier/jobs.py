"""Slow work that goes on whether or not a page is watching.

A `Job` owns the work: it runs in a thread of its own, any number of pages look at its progress, a
page that was closed finds it again, and Stop is heard between two steps of the work.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from nocode_classifier.disk_errors import in_sentence
from nocode_classifier.errors import AppError, Busy, Cancelled
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOOK_SECONDS = 0.05


class JobState(StrEnum):
    """Where a job is in its life."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class About:
    """What a job was asked to do, for those who look at it; work with more to say extends it.

    Attributes:
        key: of what was chosen, such as a network or a kind of export; "" if nothing was.
    """

    key: str = ""

    def __init__(self, key: str = "") -> None:
        self.key = key


class Job(Generic[T]):
    """One piece of slow work for one project.

    Attributes:
        id: tells this run from any other.
        kind: what it is ("train", "add photos").
        about: what it was asked to do, for those who look at it.
        progress: the latest report.
        message: the sentence to show once it ended.
        result: what the work returned, once `state` is DONE.
        error: what it raised, once `state` is FAILED.
        ended_at: when, once it ended.
    """

    def __init__(self, project_id: str, kind: str, about: About | None = None) -> None:
        self.id = uuid.uuid4().hex
        self.project_id = project_id
        self.kind = kind
        self.about = about or About()
        self.state = JobState.RUNNING
        self.progress = Progress(stage="Starting")
        self.message = ""
        self.result: T | None = None
        self.error: BaseException | None = None
        self.started_at = datetime.now(UTC)
        self.ended_at: datetime | None = None
        self._stop = threading.Event()
        self._ended = threading.Event()

    @property
    def running(self) -> bool:
        """Whether the work still goes on."""
        return self.state is JobState.RUNNING

    @property
    def stopping(self) -> bool:
        """Whether Stop was pressed and the work has not heard it yet."""
        return self.running and self._stop.is_set()

    def stop(self) -> None:
        """Ask the work to stop at its next step; returns at once."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the work ended and that was recorded; False if not in `timeout` seconds."""
        return self._ended.wait(timeout)

    def _run(
        self,
        work: Callable[[Report, ShouldStop], T],
        sentence: Callable[[T], str],
        end: Ending,
        before: Sequence[Job[Any]],
    ) -> None:
        state, message = JobState.FAILED, ""
        try:
            for job in before:
                while not job.wait(_LOOK_SECONDS):
                    check_stop(self._stop.is_set)
            self.result = work(self._report, self._stop.is_set)
            state, message = JobState.DONE, sentence(self.result)
        except Cancelled as stopped:
            state, message = JobState.STOPPED, str(stopped) or "Stopped."
        except Exception as error:  # a thread has no one else to tell
            told = in_sentence(error)
            self.error = told or error
            if not isinstance(error, AppError):
                log.exception("job %s (%s) failed", self.id, self.kind)
            message = (
                str(told)
                if told
                else (
                    f"Something went wrong that should not have (number {self.id[:8]} in the log)."
                )
            )
        finally:
            self.message = message
            self.ended_at = datetime.now(UTC)
            # Before the end is recorded: the record tells the pages to look again, and they must
            # not find the job still running, since nothing would tell them a second time.
            self.state = state
            try:
                end(self, state)
            except Exception:  # a project deleted meanwhile must not hang the page
                log.exception("the end of job %s could not be recorded", self.id)
            self._ended.set()

    def _report(self, progress: Progress) -> None:
        self.progress = progress


Ending = Callable[["Job[Any]", JobState], None]


def _nothing(job: Job[Any], state: JobState) -> None:
    """The default ending: nobody keeps a record."""


def _begin(
    job: Job[T],
    work: Callable[[Report, ShouldStop], T],
    sentence: Callable[[T], str],
    end: Ending,
    before: Sequence[Job[Any] | None],
) -> None:
    """Run a job in a thread of its own, once those before it have given way and are recorded."""
    earlier = [one for one in before if one is not None]
    for one in earlier:
        one.stop()
    threading.Thread(
        target=job._run, args=(work, sentence, end, earlier), name=f"job-{job.kind}", daemon=True
    ).start()


class JobRunner:
    """Runs at most one job for each project and remembers the last one.

    Besides, a project may have a quiet job: one that nobody asked for and nobody sees. It gives way
    to any other, which begins as soon as the quiet one has heard that it should stop.
    """

    def __init__(self) -> None:
        self._jobs: dict[str, Job[Any]] = {}
        self._quiet: dict[str, Job[Any]] = {}
        self._lock = threading.Lock()

    def start(
        self,
        project_id: str,
        kind: str,
        work: Callable[[Report, ShouldStop], T],
        *,
        sentence: Callable[[T], str] = str,
        end: Ending = _nothing,
        about: About | None = None,
    ) -> Job[T]:
        """Start `work` in the background.

        Args:
            work: called with `report` and `should_stop`.
            sentence: turns the result into the words that are shown.
            end: called once with the job and its final state, whatever happened.
            about: what it is asked to do, for those who look at it.

        Raises:
            Busy: the project has a job that still runs.
        """
        job: Job[T] = Job(project_id, kind, about)
        with self._lock:
            running = self._jobs.get(project_id)
            if running is not None and running.running:
                raise Busy("This project is busy. Wait until it is done, or press Stop.")
            self._jobs[project_id] = job
            before = self._quiet.get(project_id), running
        _begin(job, work, sentence, end, before)
        return job

    def start_quiet(
        self,
        project_id: str,
        kind: str,
        work: Callable[[Report, ShouldStop], T],
        *,
        end: Ending = _nothing,
        about: About | None = None,
    ) -> Job[T] | None:
        """Start work that nobody asked for; a quiet job that runs already gives way to it.

        Args:
            work, end, about: as for `start`.

        Returns:
            None, and nothing was started, if the project has an ordinary job that runs.
        """
        job: Job[T] = Job(project_id, kind, about)
        with self._lock:
            running = self._jobs.get(project_id)
            if running is not None and running.running:
                return None
            before = self._quiet.get(project_id)
            self._quiet[project_id] = job
        _begin(job, work, str, end, [before])
        return job

    def quiet(self, project_id: str) -> Job[Any] | None:
        """The quiet job of a project: the running one, or the last one that ended."""
        with self._lock:
            return self._quiet.get(project_id)

    def current(self, project_id: str) -> Job[Any] | None:
        """The running job of a project, or the last one that ended."""
        with self._lock:
            return self._jobs.get(project_id)

    def stop(self, project_id: str, timeout: float) -> None:
        """Ask what runs for a project to stop, seen or not, and give it so many seconds."""
        with self._lock:
            jobs = [self._jobs.get(project_id), self._quiet.get(project_id)]
        _stop([job for job in jobs if job is not None], timeout)

    def stop_all(self, timeout: float = 5.0) -> None:
        """Ask every job to stop and give each a moment to hear it; for closing the app."""
        with self._lock:
            jobs = [*self._jobs.values(), *self._quiet.values()]
        _stop(jobs, timeout)


def _stop(jobs: Sequence[Job[Any]], timeout: float) -> None:
    for job in jobs:
        job.stop()
    for job in jobs:
        job.wait(timeout)
