"""A link for friends: they try the classifier on this computer while the app is open."""

from __future__ import annotations

from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.jobs import About
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.active_shares import Served
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.share.showing import (
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
from nocode_classifier.ui.work import start_work

PUBLIC = "public"


def link_value(services: Services, project: Project) -> dict[str, Any]:
    """What the page shows of the link: what is open, what is being opened, what went wrong."""
    served, job = services.active_shares.served(project.id), job_of(services, project, LINK)
    opened = None
    if served is not None and served.link.address is not None:
        link = served.link
        opened = {
            "way": served.way,
            "address": link.address,
            "qr": link.qr,
            "ends_at": link.ends_at.isoformat() if link.ends_at is not None else None,
            "changed": served.model != model_mark(project.models.folder()),
        }
    problem = failure_of(job)
    if not problem and served is not None:
        problem = served.link.problem
    return {
        "project_id": project.id,
        "open": opened,
        "work": work_value(job),
        "way": job.about.key if job is not None else served.way if served is not None else PUBLIC,
        "problem": "" if opened else problem,
        "busy": busy_sentence(services, project),
    }


def is_open(services: Services, project: Project) -> bool:
    """Whether a link shows this project now."""
    served = services.active_shares.served(project.id)
    return served is not None and served.link.address is not None


def open_link(services: Services, project: Project, asked: Asked) -> None:
    """Start to open a link; the one that this project had closes.

    Raises:
        InputError: there is no such way.
        NotReady: there is no model.
        Busy: the project has a job that still runs.
    """
    way, folder = str(asked["way"]), trained(project)
    if way not in services.new_link:
        there = ", ".join(services.new_link)
        raise InputError(f"There is no link called '{way}'; there are: {there}.")

    def work(report: Report, should_stop: ShouldStop) -> str:
        services.active_shares.serve(project.id, None)
        served = Served(way, services.new_link[way](), model_mark(folder))
        address = served.link.start(folder, report, should_stop)
        services.active_shares.serve(project.id, served)
        return address

    start_work(services, project, LINK, work, sentence=_sentence, about=About(way))


def close_link(services: Services, project: Project, asked: Asked) -> None:  # noqa: ARG001
    """Close the link; its address stops working at once."""
    if running_job(services, project, LINK) is None:
        services.active_shares.serve(project.id, None)


def _sentence(address: str) -> str:
    return f"The link is open: {address}"
