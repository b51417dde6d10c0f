"""How a window finds its place when it opens, and hears of changes while it is open.

Every now and then, more often while something runs, the page asks for a mark that changes whenever
something did, in this window, in another one or in a job. Only if it is not the mark of what is
shown, a beat brings what changed.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from nocode_classifier.errors import AppError, NotFound
from nocode_classifier.jobs import Job, JobState
from nocode_classifier.ui.shell.status_bar import Shown, job_value, notice_value
from nocode_classifier.ui.state import PROJECTS, Services
from nocode_classifier.ui.work import cut_short

SECONDS_OF_GOOD_NEWS = 13.0
"""As long as the style sheet shows it, so that a step opened later doesn't tell it again."""

SECONDS, WHILE_WORKING, AMONG_PROJECTS = 1.0, 0.7, 2.0
"""How long a page waits before it asks again; a look at the list opens every project."""

GONE = "This project was deleted. You find it in the bin, below your projects."


@dataclass(frozen=True, slots=True)
class StatusBar:
    """What the strip under the header of one window holds.

    Attributes:
        notice: a sentence that belongs to no job.
        dismissed: id of the job whose last words were put away.
    """

    notice: str = ""
    dismissed: str = ""


def arrive(services: Services, known: frozenset[int], query: str) -> tuple[Any, ...]:
    """Open what the address names: `?project=<id>&step=<number>`.

    Args:
        services: the real parts.
        known: the numbers of the steps there are; another one leads to the projects.
        query: of the address, with or without its question mark.

    Returns:
        Project, revision, step, walkthrough, the strip's value, the same again to compare with
        later, and the strip's state; as in `beat`.
    """
    wanted = parse_qs(query.removeprefix("?"))
    project_id = wanted.get("project", [""])[0]
    if not project_id:
        return _place(services, None, 0, PROJECTS, StatusBar())
    try:
        revision = services.library.open(project_id).revision()
    except AppError as error:
        return _place(services, None, 0, PROJECTS, StatusBar(notice=str(error)))
    step = wanted.get("step", [""])[0]
    place = int(step) if step.isdecimal() and int(step) in known else PROJECTS
    return _place(services, project_id, revision, place, StatusBar())


def mark_of(services: Services, project_id: str | None, step: int) -> str:
    """A short text that is another one as soon as there may be something to tell at this step."""
    now: int | str = 0
    try:
        if project_id is not None:
            now = services.library.open(project_id).revision()
    except AppError as error:
        now = str(error)
    status_bar = status_bar_value(services, project_id, StatusBar())
    return _short((now, status_bar, work_mark(services, project_id, step)))


def work_mark(services: Services, project_id: str | None, step: int) -> str:
    """The same for what a step draws besides the project: running work, of which it is another one
    every time, how far a quiet job is, what is shared, and at the first step all projects.
    """
    library = services.library
    listed = (library.projects(), library.binned()) if step == PROJECTS else ()
    job = services.jobs.current(project_id) if project_id else None
    quiet = services.jobs.quiet(project_id) if project_id else None
    served = services.active_shares.served(project_id) if project_id else None
    work = job and (job.id, job.state.value, time.monotonic() if job.running else 0)
    unasked = quiet and (quiet.id, quiet.state.value, round(quiet.progress.fraction, 1))
    return _short((listed, work, unasked, served and (served.link.address, served.link.problem)))


def seconds_to_wait(services: Services, project_id: str | None, step: int) -> float:
    """When a page should ask for the mark again."""
    job = services.jobs.current(project_id) if project_id else None
    working = job is not None and job.running
    if step == PROJECTS:
        return SECONDS if working else AMONG_PROJECTS
    return WHILE_WORKING if working else SECONDS


def _short(value: object) -> str:
    return f"{zlib.crc32(repr(value).encode()):08x}"


def hear(
    services: Services,
    steps: Sequence[int],
    step: int,
    project_id: str | None,
    revision: int,
    shown: Shown,
    status_bar: StatusBar,
) -> tuple[Any, ...]:
    """A beat, the value of `change_poll.news` that it leaves, and for each of `steps` the mark of
    its work, if it is the visible one.
    """
    # The marks come first: what changes after them is news once more.
    work = work_mark(services, project_id, step)
    news = {"project_id": project_id, "mark": mark_of(services, project_id, step)}
    told = beat(services, project_id, revision, shown, status_bar)
    works = (work if step == one else gr.skip() for one in steps)
    return *([gr.skip()] * 7 if told == gr.skip() else told), news, *works


def beat(
    services: Services, project_id: str | None, revision: int, shown: Shown, status_bar: StatusBar
) -> Any:
    """Look for changes; answer with nothing when there are none.

    The strip's state is left alone unless there is something to tell: a message that is put away
    while this looks must stay away.
    """
    now, after = revision, status_bar
    if project_id is not None:
        try:
            project = services.library.open(project_id)
            now = project.revision()
            if sentence := cut_short(services, project):
                after = replace(status_bar, notice=sentence)
        except NotFound:
            return _place(services, None, 0, PROJECTS, replace(status_bar, notice=GONE))
        except AppError as error:
            after = replace(status_bar, notice=str(error))
    drawn = status_bar_value(services, project_id, after)
    if (now, drawn, after) == (revision, shown, status_bar):
        return gr.skip()
    told = gr.skip() if after == status_bar else after
    return gr.skip(), now, gr.skip(), gr.skip(), drawn, drawn, told


def act_on_status_bar(
    services: Services, project_id: str | None, status_bar: StatusBar, action: str
) -> tuple[Shown, Shown, StatusBar]:
    """Stop the running job, or put away what is shown."""
    job = services.jobs.current(project_id) if project_id else None
    if job is not None and action == "stop":
        job.stop()
    elif action == "dismiss" and status_bar.notice:
        status_bar = replace(status_bar, notice="")
    elif action == "dismiss" and job is not None and not job.running:
        status_bar = replace(status_bar, dismissed=job.id)
    drawn = status_bar_value(services, project_id, status_bar)
    return drawn, drawn, status_bar


def status_bar_value(services: Services, project_id: str | None, status_bar: StatusBar) -> Shown:
    """What the strip shows now: a notice first, else the project's job."""
    job = services.jobs.current(project_id) if project_id else None
    if status_bar.notice:
        return notice_value(status_bar.notice)
    if job is not None and job.id != status_bar.dismissed and not _is_old_news(job):
        return job_value(job)
    return None


def _is_old_news(job: Job[Any]) -> bool:
    """Whether a job ended well so long ago that its message has left by itself."""
    if job.state is not JobState.DONE or job.ended_at is None:
        return False
    return (datetime.now(UTC) - job.ended_at).total_seconds() > SECONDS_OF_GOOD_NEWS


def _place(
    services: Services, project_id: str | None, revision: int, step: int, status_bar: StatusBar
) -> tuple[Any, ...]:
    drawn = status_bar_value(services, project_id, status_bar)
    return project_id, revision, step, gr.Walkthrough(selected=step), drawn, drawn, status_bar
