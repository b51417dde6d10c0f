"""What all ways to share have in common: the work that runs, and which model it is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nocode_classifier.errors import NotReady
from nocode_classifier.jobs import Job, JobState
from nocode_classifier.project.project import Project
from nocode_classifier.ui.shell.status_bar import time_left
from nocode_classifier.ui.state import Services

OURS = "share"
"""How the kind of each job begins that the Share step shows by itself (see share.css)."""

LINK, EXPORT = "share by link", "share as files"
SIGN_IN, PLAN, PUBLISH = "share: sign in", "share: look", "share: publish"

BUSY = "The project is busy. Wait until it is done, or press Stop at the top."
NOT_TRAINED = "Train your classifier first; it takes seconds."

Asked = Mapping[str, Any]
"""What an event of the page carries."""


def job_of(services: Services, project: Project, *kinds: str) -> Job[Any] | None:
    """The running or last job of the project, if it is one of these."""
    job = services.jobs.current(project.id)
    return job if job is not None and job.kind in kinds else None


def running_job(services: Services, project: Project, *kinds: str) -> Job[Any] | None:
    """The same, while it runs."""
    job = job_of(services, project, *kinds)
    return job if job is not None and job.running else None


def work_value(job: Job[Any] | None) -> dict[str, Any] | None:
    """How far a running job is, for the page."""
    if job is None or not job.running:
        return None
    progress = job.progress
    return {
        "stage": "Stopping" if job.stopping else progress.stage,
        "fraction": round(progress.fraction, 3),
        "left": time_left(progress.seconds_left),
        "stopping": job.stopping,
    }


def failure_of(job: Job[Any] | None) -> str:
    """Why a job failed, as a sentence; "" if it did not."""
    return job.message if job is not None and job.state is JobState.FAILED else ""


def busy_sentence(services: Services, project: Project) -> str | None:
    """Why nothing can be begun now, or None."""
    job = services.jobs.current(project.id)
    return BUSY if job is not None and job.running else None


def stop(services: Services, project: Project, asked: Asked) -> None:  # noqa: ARG001
    """End the work that the Share step shows."""
    job = services.jobs.current(project.id)
    if job is not None and job.running and job.kind.startswith(OURS):
        job.stop()


def trained(project: Project) -> Path:
    """The model folder.

    Raises:
        NotReady: there is none.
    """
    folder = project.models.folder()
    if folder is None:
        raise NotReady(NOT_TRAINED)
    return folder


def model_mark(folder: Path | None) -> str:
    """Tells a model from any other, and from itself with other hints; "" for none."""
    if folder is None:
        return ""
    try:
        edited = (folder / "card.json").stat().st_mtime_ns
    except OSError:
        return ""
    return f"{folder.name} {edited}"
