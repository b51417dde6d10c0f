"""Photos from files on their way into a project, and what is said of it afterwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from nocode_classifier.collect.intake import IntakeReport, Refusal, add_photos, joined
from nocode_classifier.errors import Busy, NotReady
from nocode_classifier.jobs import About, Job
from nocode_classifier.plurals import counted
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.uploads import Uploaded, discard, incoming_of, uploaded_files
from nocode_classifier.ui.work import start_work

KIND = "add photos"
LISTED = 200
"""Refusals that a report lists; more only slow the page down."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Files that were given at once: dropped, chosen or pasted.

    Attributes:
        refused: what the page itself turned away.
        on_card: dropped on one class, so that folders don't count.
        source: as in `NewPhoto`.
        class_id: for photos whose folder doesn't name a class.
        run: shared by drops that waited for each other to be uploaded; they are told of together.
    """

    uploads: Sequence[Uploaded]
    refused: Sequence[Refusal]
    on_card: bool
    source: str
    class_id: int | None
    run: str

    @classmethod
    def told(cls, told: Mapping[str, Any]) -> Drop:
        """The drop that a page tells of.

        Raises:
            InputError: a path lies outside the upload folder.
        """
        return cls(
            uploads=uploaded_files(told["files"]),
            refused=[Refusal(str(one["name"]), str(one["reason"])) for one in told["refused"]],
            on_card=bool(told["on_card"]),
            source="folder" if told["source"] == "folder" else "upload",
            class_id=None if told["class_id"] is None else int(told["class_id"]),
            run=str(told["run"]),
        )

    def discard(self) -> None:
        """Delete what was uploaded."""
        discard(upload.path for upload in self.uploads)


class UploadQueue(About):
    """Drops that one job takes in; more may join until it has taken the last.

    Several threads may use it at once.

    Attributes:
        run: of the drop that came last.
        before: what became of the drops of the same run that a job before took in.
    """

    def __init__(self, first: Drop, before: Sequence[IntakeReport] = ()) -> None:
        self.run = first.run
        self.before = before
        self._drops = deque([first])
        self._closed = False
        self._lock = Lock()

    def join(self, drop: Drop) -> bool:
        """Wait behind the others; False if the job takes no more."""
        with self._lock:
            if not self._closed:
                self._drops.append(drop)
                self.run = drop.run
            return not self._closed

    def take(self) -> Drop | None:
        """The next drop; None, and nobody can join any more, if none waits."""
        with self._lock:
            self._closed = not self._drops
            return None if self._closed else self._drops.popleft()

    def close(self) -> list[Drop]:
        """Let nobody join any more, and give those that still wait."""
        with self._lock:
            self._closed = True
            left = list(self._drops)
            self._drops.clear()
            return left


def start_adding(services: Services, project: Project, drop: Drop) -> Job[IntakeReport]:
    """Take in a drop as the project's job, and delete its uploads when that is over, however.

    Where such a job runs already, the drop waits behind the others of that job.

    Raises:
        NotReady: there is nothing in it.
        Busy: the project has another job that still runs.
    """
    if not drop.uploads and not drop.refused:
        raise NotReady("There was nothing but hidden files in it.")
    while True:
        job = services.jobs.current(project.id)
        if job is not None and (queue := queue_of(job)):
            if queue.join(drop):
                return job
            job.wait()  # it has taken its last drop, so it is as good as over
        try:
            return _start(services, project, drop)
        except Busy:
            # Perhaps another drop, of another window, began its job just now.
            if queue_of(services.jobs.current(project.id)) is None:
                raise


def _start(services: Services, project: Project, drop: Drop) -> Job[IntakeReport]:
    queue = UploadQueue(drop, _told_of_run(services.jobs.current(project.id), drop.run))

    def work(report: Report, should_stop: ShouldStop) -> IntakeReport:
        return _take_in(project, queue, report, should_stop)

    return start_work(services, project, KIND, work, sentence=nothing, about=queue)


def queue_of(job: Job[Any] | None) -> UploadQueue | None:
    """The queue of a job that takes in drops, until it ends or is stopped."""
    if job is None or not isinstance(job.about, UploadQueue) or not job.running or job.stopping:
        return None
    return job.about


def _take_in(
    project: Project, queue: UploadQueue, report: Report, should_stop: ShouldStop
) -> IntakeReport:
    reports: list[IntakeReport] = []
    try:
        while not (reports and reports[-1].stopped) and (drop := queue.take()):
            reports.append(_take_in_one(project, drop, report, should_stop))
    finally:
        for left in queue.close():
            left.discard()
    return joined([*queue.before, *reports])


def _told_of_run(job: Job[Any] | None, run: str) -> list[IntakeReport]:
    """What the last job told, if it took in drops of this run."""
    if job is None or not isinstance(job.about, UploadQueue) or job.about.run != run:
        return []
    return [job.result] if isinstance(job.result, IntakeReport) else []


def _take_in_one(
    project: Project, drop: Drop, report: Report, should_stop: ShouldStop
) -> IntakeReport:
    names = [label.name for label in project.classes()]
    try:
        batch = incoming_of(
            drop.uploads, names, on_card=drop.on_card, source=drop.source, refused=drop.refused
        )
        return add_photos(
            project, batch, class_id=drop.class_id, report=report, should_stop=should_stop
        )
    finally:
        drop.discard()


def nothing(report: IntakeReport) -> str:  # noqa: ARG001
    """What the strip says in the end: the report on the step says it all."""
    return ""


def report_value(job: Job[Any] | None, dismissed: str) -> dict[str, Any] | None:
    """What became of the last photos that were added, until it has been read."""
    if job is None or job.kind != KIND or job.running or job.id == dismissed:
        return None
    if not isinstance(job.result, IntakeReport):
        return None  # it failed, and the strip at the top says why
    told = [*job.result.refusals, *job.result.repeats]
    return {
        "sentence": tell(job.result),
        "tone": "warn" if job.result.refusals or not job.result.added else "good",
        "refusals": [{"name": one.name, "reason": one.reason} for one in told[:LISTED]],
        "more": max(0, len(told) - LISTED),
    }


def tell(report: IntakeReport) -> str:
    """A report in one or two sentences; the files that stayed out are listed beside it."""
    parts = ["Stopped."] if report.stopped else []
    if report.added:
        where = [f"{count:,} to '{name}'" for name, count in report.added_by_class.items()]
        *first, last = where
        places = f"{', '.join(first)} and {last}" if first else last
        parts.append(f"Added {places}.")
    else:
        parts.append("No photos were added.")
    if report.duplicates:
        parts.append(f"{counted(report.duplicates, 'was', 'were')} already here.")
    if report.refusals:
        parts.append(f"{len(report.refusals):,} could not be used.")
    return " ".join([*parts, *report.notes])
