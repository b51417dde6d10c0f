"""A link for friends: they try the classifier on this computer while the app is open."""

from __future__ import annotations

from typing import Any

from nocode_classifier.errors import AppError, InputError
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.sharing.desk import Served
from nocode_classifier.ui.sharing.showing import (
    LINK,
    Asked,
    busy_sentence,
    failure_of,
    job_of,
    model_mark,
    running_job,
    trained,
    work_value,
)
from nocode_classifier.ui.state import Services, ShareLink
from nocode_classifier.ui.work import start_work

PUBLIC, LOCAL = "public", "local"


def link_value(services: Services, project: Project) -> dict[str, Any]:
    """What the page shows of the link: what is open, what is being opened, what went wrong."""
    served, job = services.desk.served, job_of(services, project, LINK)
    link = link_of(services, served.way) if served is not None else None
    here = served is not None and served.project_id == project.id
    opened = None
    if link is not None and link.address is not None and served is not None and here:
        opened = {
            "way": served.way,
            "address": link.address,
            "qr": link.qr,
            "ends_at": link.ends_at.isoformat() if link.ends_at is not None else None,
            "changed": served.model != model_mark(project.model_folder()),
        }
    problem = failure_of(job)
    if not problem and here and link is not None:
        problem = link.problem
    return {
        "project_id": project.id,
        "open": opened,
        "work": work_value(job),
        "way": job.about if job is not None else served.way if served is not None else PUBLIC,
        "problem": "" if opened else problem,
        "elsewhere": _elsewhere(services, project),
        "busy": busy_sentence(services, project),
    }


def is_open(services: Services, project: Project) -> bool:
    """Whether a link shows this project now."""
    served = services.desk.served
    if served is None or served.project_id != project.id:
        return False
    return link_of(services, served.way).address is not None


def link_of(services: Services, way: str) -> ShareLink:
    """The link over the internet, or the one in one's own network.

    Raises:
        InputError: there is no such way.
    """
    link = {PUBLIC: services.public_link, LOCAL: services.local_link}.get(way)
    if link is None:
        raise InputError(f"There is no link called '{way}'; there are: {PUBLIC}, {LOCAL}.")
    return link


def open_link(services: Services, project: Project, asked: Asked) -> None:
    """Start to open a link; one that is open closes.

    Raises:
        NotReady: there is no model.
        Busy: the project has a job that still runs.
    """
    way, folder = str(asked["way"]), trained(project)
    link = link_of(services, way)

    def work(report: Report, should_stop: ShouldStop) -> str:
        _close(services)
        served = Served(way, project.id, model_mark(folder))
        address = link.start(folder, report, should_stop)
        services.desk.serve(served)
        return address

    start_work(services, project, LINK, work, sentence=_sentence, about=way)


def close_link(services: Services, project: Project, asked: Asked) -> None:  # noqa: ARG001
    """Close the link; its address stops working at once."""
    if running_job(services, project, LINK) is None:
        _close(services)


def _close(services: Services) -> None:
    for link in (services.public_link, services.local_link):
        if link is not None:
            link.stop()
    services.desk.serve(None)


def _sentence(address: str) -> str:
    return f"The link is open: {address}"


def _elsewhere(services: Services, project: Project) -> str:
    """The name of another project that a link shows now; "" if none does."""
    served = services.desk.served
    if served is None or served.project_id == project.id:
        return ""
    if link_of(services, served.way).address is None:
        return ""
    try:
        return services.library.open(served.project_id).name
    except AppError:
        return "another project"
