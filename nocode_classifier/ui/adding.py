"""Photos from files on their way into a project, and what is said of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nocode_classifier.collect.intake import IntakeReport, Refusal, add_photos
from nocode_classifier.errors import NotReady
from nocode_classifier.jobs import Job
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.uploads import Uploaded, discard, incoming_of
from nocode_classifier.ui.work import start_work

KIND = "add photos"
LISTED = 200
"""Refusals that a report lists; more only slow the page down."""


def start_adding(
    services: Services,
    project: Project,
    uploads: Sequence[Uploaded],
    refused: Sequence[Refusal],
    drop: Mapping[str, Any],
) -> Job[IntakeReport]:
    """Take in uploads as the project's job, and delete them when that is over, however it ends."""
    if not uploads and not refused:
        raise NotReady("There was nothing but hidden files in it.")
    names = [label.name for label in project.classes()]
    on_card, source = bool(drop["on_card"]), "folder" if drop["source"] == "folder" else "upload"
    class_id = None if drop["class_id"] is None else int(drop["class_id"])

    def work(report: Report, should_stop: ShouldStop) -> IntakeReport:
        try:
            batch = incoming_of(uploads, names, on_card=on_card, source=source, refused=refused)
            return add_photos(
                project, batch, class_id=class_id, report=report, should_stop=should_stop
            )
        finally:
            discard(upload.path for upload in uploads)

    return start_work(services, project, KIND, work, sentence=nothing)


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
        parts.append(f"{report.duplicates:,} {_were(report.duplicates)} already here.")
    if report.refusals:
        parts.append(f"{len(report.refusals):,} could not be used.")
    return " ".join(parts)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
