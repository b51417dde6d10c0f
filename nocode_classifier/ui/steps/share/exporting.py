"""Files to take along: made, proven and then downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nocode_classifier.errors import InputError
from nocode_classifier.jobs import About, Job
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.names import file_name
from nocode_classifier.project.project import Project
from nocode_classifier.ui.kit.addresses import report_address
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.share.keeping import Made, folder_for, forget_others, keep, made_in
from nocode_classifier.ui.steps.share.showing import (
    EXPORT,
    Asked,
    busy_sentence,
    failure_of,
    job_of,
    model_mark,
    trained,
    work_value,
)
from nocode_classifier.ui.work import start_work

if TYPE_CHECKING:
    from nocode_classifier.share.exporter import Exporter

OF_PHOTOS = frozenset({"dataset", "project", "report"})
"""Exports that change with the photos, not only with the model."""


def exports_value(services: Services, project: Project) -> dict[str, Any]:
    """What the page shows of every kind of export."""
    job = job_of(services, project, EXPORT)
    return {
        "project_id": project.id,
        "report": report_address(project.id),
        "items": [_item(project, exporter, job) for exporter in exporters()],
        "busy": busy_sentence(services, project),
    }


def exporters() -> Sequence[Exporter]:
    """All kinds there are."""
    from nocode_classifier.share.exporters import EXPORTERS

    return EXPORTERS


def export_address(project_id: str, key: str) -> str:
    """Where a finished export is downloaded; see `ui/routes/finished_exports.py`."""
    return f"/exports/{project_id}/{key}"


def start_export(services: Services, project: Project, asked: Asked) -> None:
    """Start to make an export.

    Raises:
        InputError: there is no such export.
        NotReady: there is no model.
        Busy: the project has a job that still runs.
    """
    from nocode_classifier.share.exporters import exporter_of

    trained(project)
    exporter = _chosen(exporter_of(str(asked["key"])), str(asked.get("choice") or ""))

    def work(report: Report, should_stop: ShouldStop) -> Made:
        return make(services, project, exporter, report, should_stop)

    sentence = _sentence_for(exporter)
    start_work(services, project, EXPORT, work, sentence=sentence, about=About(exporter.key))


def _chosen(exporter: Exporter, choice: str) -> Exporter:
    """The exporter, with the weights that were chosen for a page.

    Raises:
        InputError: there are no such weights.
    """
    from nocode_classifier.share.exporters.page import StaticPageFolder
    from nocode_classifier.share.static.graph import choice_of

    if choice and isinstance(exporter, StaticPageFolder):
        return replace(exporter, weights=choice_of(choice).key)
    return exporter


def _choices(exporter: Exporter, model: Path | None) -> list[dict[str, Any]]:
    """What can be chosen before exporting: how precise a page is, and how large."""
    from nocode_classifier.share.exporters.page import StaticPageFolder
    from nocode_classifier.share.static.graph import CHOICES
    from nocode_classifier.share.static.static_page import expected_bytes

    if model is None or not isinstance(exporter, StaticPageFolder):
        return []
    return [
        {
            "key": choice.key,
            "label": choice.label,
            "about": choice.about,
            "bytes": expected_bytes(model, choice.key),
        }
        for choice in CHOICES
    ]


def make(
    services: Services,
    project: Project,
    exporter: Exporter,
    report: Report,
    should_stop: ShouldStop,
) -> Made:
    """Make an export, prove it, and keep it to be downloaded.

    Raises:
        AppError, Cancelled: as `share.exporting.export`; an earlier one stays.
    """
    from nocode_classifier.share.exporting import export
    from nocode_classifier.share.subjects import subject_of

    library = services.library
    forget_others([info.id for info in (*library.projects(), *library.binned())])
    made_of, subject = mark_of(project, exporter), subject_of(project)
    folder = folder_for(project.id, exporter.key)
    folder.mkdir(parents=True, exist_ok=True)
    ending = exporter.suffix or f"-{exporter.key}.zip"
    target = folder / f"{file_name(subject.name)}{ending}"
    exported = export(exporter, subject, target, report=report, should_stop=should_stop)
    return keep(folder, exported, made_of, getattr(exporter, "weights", ""))


def mark_of(project: Project, exporter: Exporter) -> str:
    """A mark of all that an export is made from."""
    mark = f"{project.name} {model_mark(project.models.folder())}"
    return f"{mark} {project.models.fingerprint()}" if exporter.key in OF_PHOTOS else mark


def _item(project: Project, exporter: Exporter, job: Job[Any] | None) -> dict[str, Any]:
    made = made_in(folder_for(project.id, exporter.key))
    own = job if job is not None and job.about.key == exporter.key else None
    return {
        "key": exporter.key,
        "label": exporter.label,
        "about": exporter.about,
        "missing": exporter.missing(),
        "choices": _choices(exporter, project.models.folder()),
        "work": work_value(own),
        "problem": failure_of(own),
        "made": made and _made_value(project, exporter, made),
    }


def _made_value(project: Project, exporter: Exporter, made: Made) -> dict[str, Any]:
    return {
        "file": made.file,
        "bytes": made.bytes,
        "proof": made.proof,
        "note": made.note,
        "choice": made.choice,
        "outdated": made.made_of != mark_of(project, exporter),
        "address": export_address(project.id, exporter.key),
    }


def _sentence_for(exporter: Exporter) -> Any:
    def sentence(made: Made) -> str:
        proof = f" ({made.proof})" if made.proof else ""
        return f"{exporter.label} is ready to download{proof}."

    return sentence


def known(key: str) -> str:
    """The key, if there is such an export.

    Raises:
        InputError: there is none.
    """
    if key not in {exporter.key for exporter in exporters()}:
        raise InputError(f"There is no export called '{key}'.")
    return key
