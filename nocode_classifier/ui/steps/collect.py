"""Collect: photos come into their classes, from files, folders, archives and the camera."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr

from nocode_classifier.collect.archives import ArchiveLimits
from nocode_classifier.collect.door import LIMITS
from nocode_classifier.collect.intake import IntakeReport, Refusal, add_photos
from nocode_classifier.errors import AppError, NotReady
from nocode_classifier.jobs import Job
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.ui.components.camera import camera
from nocode_classifier.ui.components.dropzone import dropzone
from nocode_classifier.ui.components.scripts import class_value
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.state import COLLECT, REVIEW, Services, Shared, Step, open_project
from nocode_classifier.ui.uploads import (
    Uploaded,
    discard,
    incoming_of,
    inside_uploads,
    shot_of,
    uploaded_files,
)
from nocode_classifier.ui.work import start_work

STEP = Step(COLLECT, "Collect")

KIND = "add photos"
LATEST = 12
"""Thumbnails on a class card."""
LISTED = 200
"""Refusals that a report lists; more only slow the page down."""
LEAST, BETTER = 2, 30
"""Photos of a class: needed to train at all, and enough for a classifier to be proud of."""


def build(services: Services, shared: Shared) -> None:
    """Lay out the step and bind its events."""
    chosen = gr.State(None)
    dismissed = gr.State("")
    gr.HTML(
        '<h1 class="page-title">Add photos</h1><p class="page-lead">Photos like the ones '
        "your classifier will meet: different places, light and angles. Choose a class, then add "
        "photos to it.</p>",
        apply_default_css=False,
    )
    drop = dropzone(discard=partial(throw_away, services))
    shots = camera(keep_shot=partial(keep_shot, services))
    # Searching the web has its place here, under the camera.
    go_on = gr.Button("Look through them", variant="primary", size="lg", elem_classes="main-button")

    page = [chosen, drop, shots]
    place = [shared.project_id, chosen, dismissed]
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "trigger_mode": "multiple",
        "api_visibility": "private",
    }
    when_shown(services, shared, STEP, show, page, [chosen, dismissed])
    drop.choose(safely(services, choose), place, page, **quiet)
    shots.choose(safely(services, choose), place, page, **quiet)
    drop.bring(safely(services, add), place, [*page, shared.revision], **quiet)
    drop.dismiss(safely(services, dismiss), place, [dismissed, *page], **quiet)
    shots.taken(safely(services, count_shots), place, [*page, shared.revision], **quiet)
    go_on.click(
        safely(services, go_on_to_review),
        [shared.project_id],
        [shared.walkthrough, shared.step],
        **quiet,
    )


# What the step shows


def show(services: Services, project_id: str | None, chosen: int | None, dismissed: str) -> Any:
    """The chosen class and the values of the dropzone and the camera."""
    if project_id is None:
        return None, None, None
    project = open_project(services, project_id)
    counts = project.counts()
    labels = project.classes()
    if chosen not in counts:
        chosen = labels[0].id if labels else None
    job = services.jobs.current(project_id)
    drop = {
        "project_id": project_id,
        "classes": [card_value(project, label, counts[label.id]) for label in labels],
        "chosen": chosen,
        "busy": busy_sentence(job),
        "report": report_value(job, dismissed),
        "limits": {
            "photo_bytes": LIMITS.max_bytes,
            "archive_bytes": ArchiveLimits().expanded,
        },
    }
    shots = {
        "project_id": project_id,
        "classes": [class_value(label, counts[label.id]) for label in labels],
        "chosen": chosen,
    }
    return chosen, drop, shots


def card_value(project: Project, label: ClassLabel, count: int) -> dict[str, Any]:
    """What the card of a class shows."""
    newest = project.photos(label.id, offset=max(0, count - LATEST), limit=LATEST)
    return {
        **class_value(label, count),
        "latest": [photo.sha256 for photo in reversed(newest)],
        "missing": missing_sentence(count),
        "enough": count >= BETTER,
    }


def missing_sentence(count: int) -> str | None:
    """What a class still needs, or None."""
    if count < LEAST:
        return f"Add at least {LEAST - count}{' more' if count else ''}, better {BETTER} or more"
    return f"Enough to start; better {BETTER} or more" if count < BETTER else None


def busy_sentence(job: Job[Any] | None) -> str | None:
    """Why nothing can be dropped now, or None."""
    if job is None or not job.running:
        return None
    if job.kind == KIND:
        return "The photos before are still being added. Drop these again when they are in."
    return "The project is busy. Wait until it is done, or press Stop at the top."


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


# What people do


def choose(
    services: Services,
    project_id: str | None,
    chosen: int | None,
    dismissed: str,
    event: gr.EventData,
) -> Any:
    """Photos go to another class from now on."""
    return show(services, project_id, int(event._data.get("class_id", chosen)), dismissed)


def dismiss(services: Services, project_id: str | None, chosen: int | None, dismissed: str) -> Any:
    """The report has been read."""
    job = services.jobs.current(project_id) if project_id else None
    read = job.id if job else dismissed
    return read, *show(services, project_id, chosen, read)


def add(
    services: Services,
    project_id: str | None,
    chosen: int | None,
    dismissed: str,
    event: gr.EventData,
) -> Any:
    """Start to take in what was uploaded; the strip at the top shows how far it is."""
    drop: Mapping[str, Any] = event._data
    project = open_project(services, str(drop["project_id"]))
    uploads = uploaded_files(drop["files"])
    refused = [Refusal(str(one["name"]), str(one["reason"])) for one in drop["refused"]]
    try:
        start_adding(services, project, uploads, refused, drop)
    except AppError:
        discard(upload.path for upload in uploads)
        raise
    return *show(services, project_id, chosen, dismissed), project.revision()


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


def count_shots(
    services: Services, project_id: str | None, chosen: int | None, dismissed: str
) -> Any:
    """A burst is over: everything that counts photos counts again."""
    project = open_project(services, project_id)
    return *show(services, project_id, chosen, dismissed), project.revision()


def keep_shot(services: Services, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Put one shot of the camera into its class."""
    project = open_project(services, str(asked["project_id"]))
    shot = shot_of(
        str(asked["photo"]),
        number=int(asked["number"]),
        burst=str(asked["burst"]),
    )
    report = add_photos(project, [shot], class_id=int(asked["class_id"]))
    told = [*report.refusals, *report.repeats]
    return {"refused": told[0].reason} if told else {}


def throw_away(services: Services, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Delete uploads of a drop that was cancelled."""
    discard([inside_uploads(str(path)) for path in asked["paths"]])
    return {}


def go_on_to_review(services: Services, project_id: str | None) -> Any:
    """Go to the next step, once there is something to look at."""
    project = open_project(services, project_id)
    if not any(project.counts().values()):
        raise NotReady("Add some photos first; then there is something to look through.")
    return gr.Walkthrough(selected=REVIEW), REVIEW
