"""Looking for odd photos, near duplicates and the like, in the background.

It takes a moment, and nobody waits for it: what is found is kept with the project, and the steps
draw it then. It gives way to whatever is asked for, and to a model that improves itself.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from nocode_classifier import paths
from nocode_classifier.check.findings import fingerprint_of, is_current
from nocode_classifier.errors import AppError
from nocode_classifier.jobs import About, Job, JobState
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.improving import improving
from nocode_classifier.ui.state import Services

KIND = "look for odd photos"


def find_soon(services: Services, project: Project) -> None:
    """Look for odd photos once nobody has changed anything for a moment; unless that was done."""
    if _may_find(services, project):
        services.soon.call(_key(project), partial(find_now, services, project))


def find_now(services: Services, project: Project) -> None:
    """Look for odd photos, unless that was done or has begun."""
    try:
        if not _may_find(services, project):
            return
        about = About(fingerprint_of(project))
    except AppError:  # the project was deleted meanwhile
        return
    services.jobs.start_quiet(project.id, KIND, partial(_work, project), about=about)


def finding(services: Services, project: Project) -> dict[str, Any] | None:
    """How far it is, as `kit/looking.js` shows it; None when it neither runs nor begins soon."""
    job = _job(services, project)
    if job is not None and job.running:
        return {"fraction": round(job.progress.fraction, 2)}
    waits = services.soon.waits(_key(project)) and _may_find(services, project)
    return {"fraction": 0.0} if waits else None


def _may_find(services: Services, project: Project) -> bool:
    """Whether there is something new to look at, and nothing in the way."""
    if improving(services, project) or not sum(project.counts().values()) or is_current(project):
        return False
    job = _job(services, project)
    # What failed is not tried again before something changed.
    if job is None or job.stopping or job.state is JobState.STOPPED:
        return True
    return job.about.key != fingerprint_of(project)


def _job(services: Services, project: Project) -> Job[Any] | None:
    job = services.jobs.quiet(project.id)
    return job if job is not None and job.kind == KIND else None


def _key(project: Project) -> str:
    return f"{KIND}: {project.id}"


def _work(project: Project, report: Report, should_stop: ShouldStop) -> None:
    # Heavy: imported in the job's own thread.
    from nocode_classifier.check.finding import find

    find(project, paths.cache(), report=report, should_stop=should_stop)
