"""Improve as you go: the model learns anew, in the background, after photos were sorted.

Nobody waits for it and nobody sees it: it begins once someone has paused, gives way to whatever is
asked for, and the model in use changes only when the new one is whole.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from nocode_classifier import paths
from nocode_classifier.errors import AppError
from nocode_classifier.jobs import About, Job, JobState
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services

log = logging.getLogger(__name__)

KIND = "improve"


def improve_soon(services: Services, project: Project) -> None:
    """Say that photos were sorted differently; does nothing unless the project improves itself."""
    if project.models.improve_unasked():
        services.soon.call(project.id, partial(_improve, services, project))


def improving(services: Services, project: Project) -> bool:
    """Whether the project's model learns anew just now without having been asked."""
    job = services.jobs.quiet(project.id)
    return job is not None and job.running and job.kind == KIND


def _improve(services: Services, project: Project) -> None:
    try:
        if not project.models.improve_unasked():
            return
        fingerprint = project.models.fingerprint()
    except AppError:  # the project was deleted meanwhile
        return
    job = services.jobs.quiet(project.id)
    if improving(services, project) and job and not job.stopping and job.about.key == fingerprint:
        return
    began = services.jobs.start_quiet(
        project.id,
        KIND,
        partial(_work, project),
        end=partial(_ended, services, project),
        about=About(fingerprint),
    )
    if began is None:
        improve_soon(services, project)


def _work(project: Project, report: Report, should_stop: ShouldStop) -> None:
    # Heavy: imported in the job's own thread.
    from nocode_classifier.learn.refit import refit

    try:
        refit(project, paths.cache(), report=report, should_stop=should_stop)
    except AppError as error:
        log.info("project %s could not improve itself: %s", project.id, error)


def _ended(services: Services, project: Project, _job: Job[Any], state: JobState) -> None:
    """Try again later if it gave way before it was done."""
    if state is JobState.STOPPED:
        improve_soon(services, project)
