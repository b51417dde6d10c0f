"""How a window finds its place when it opens, and hears of changes while it is open.

Once a second the page asks for a mark that changes whenever something did, in this window, in
another one or in a job. Only if it is not the mark of what is shown, a beat brings what changed.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from nocode_classifier.errors import AppError, NotFound
from nocode_classifier.jobs import Job, JobState
from nocode_classifier.ui.shell.change_poll import NOTHING_OPEN
from nocode_classifier.ui.shell.status_bar import job_html, notice_html
from nocode_classifier.ui.state import PROJECTS, Services
from nocode_classifier.ui.work import cut_short

SECONDS_OF_GOOD_NEWS = 13.0
"""As long as the style sheet shows it, so that a step opened later doesn't tell it again."""

GONE = "This project was deleted. You find it in the bin, below your projects."


@dataclass(frozen=True, slots=True)
class Strip:
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
        Project, revision, step, walkthrough, the strip's HTML, the same again to compare with
        later, and the strip's state; as in `beat`.
    """
    wanted = parse_qs(query.removeprefix("?"))
    project_id = wanted.get("project", [""])[0]
    if not project_id:
        return _place(services, None, 0, PROJECTS, Strip())
    try:
        revision = services.library.open(project_id).revision()
    except AppError as error:
        return _place(services, None, 0, PROJECTS, Strip(notice=str(error)))
    step = wanted.get("step", [""])[0]
    place = int(step) if step.isdecimal() and int(step) in known else PROJECTS
    return _place(services, project_id, revision, place, Strip())


def mark_of(services: Services, project_id: str) -> str:
    """A short text that is another one as soon as there may be something to tell of a project."""
    strip = strip_html(services, project_id, Strip())
    try:
        now = str(services.library.open(project_id).revision())
    except AppError as error:
        now = str(error)
    return f"{zlib.crc32(now.encode()):08x}{zlib.crc32(strip.encode()):08x}"


def hear(
    services: Services, project_id: str | None, revision: int, shown: str, strip: Strip
) -> tuple[Any, ...]:
    """A beat, and the value of `components.news` that it leaves."""
    # The mark comes first: what changes after it is news once more.
    news = NOTHING_OPEN
    if project_id is not None:
        news = {"project_id": project_id, "mark": mark_of(services, project_id)}
    told = beat(services, project_id, revision, shown, strip)
    return *([gr.skip()] * 7 if told == gr.skip() else told), news


def beat(
    services: Services, project_id: str | None, revision: int, shown: str, strip: Strip
) -> Any:
    """Look for changes; answer with nothing when there are none.

    The strip's state is left alone unless there is something to tell: a message that is put away
    while this looks must stay away.
    """
    now, after = revision, strip
    if project_id is not None:
        try:
            project = services.library.open(project_id)
            now = project.revision()
            if sentence := cut_short(services, project):
                after = replace(strip, notice=sentence)
        except NotFound:
            return _place(services, None, 0, PROJECTS, replace(strip, notice=GONE))
        except AppError as error:
            after = replace(strip, notice=str(error))
    drawn = strip_html(services, project_id, after)
    if (now, drawn, after) == (revision, shown, strip):
        return gr.skip()
    told = gr.skip() if after == strip else after
    return gr.skip(), now, gr.skip(), gr.skip(), drawn, drawn, told


def act_on_strip(
    services: Services, project_id: str | None, strip: Strip, action: str
) -> tuple[str, str, Strip]:
    """Stop the running job, or put away what is shown."""
    job = services.jobs.current(project_id) if project_id else None
    if job is not None and action == "stop":
        job.stop()
    elif action == "dismiss" and strip.notice:
        strip = replace(strip, notice="")
    elif action == "dismiss" and job is not None and not job.running:
        strip = replace(strip, dismissed=job.id)
    drawn = strip_html(services, project_id, strip)
    return drawn, drawn, strip


def strip_html(services: Services, project_id: str | None, strip: Strip) -> str:
    """What the strip shows now: a notice first, else the project's job."""
    job = services.jobs.current(project_id) if project_id else None
    if strip.notice:
        return notice_html(strip.notice)
    if job is not None and job.id != strip.dismissed and not _is_old_news(job):
        return job_html(job)
    return ""


def _is_old_news(job: Job[Any]) -> bool:
    """Whether a job ended well so long ago that its message has left by itself."""
    if job.state is not JobState.DONE or job.ended_at is None:
        return False
    return (datetime.now(UTC) - job.ended_at).total_seconds() > SECONDS_OF_GOOD_NEWS


def _place(
    services: Services, project_id: str | None, revision: int, step: int, strip: Strip
) -> tuple[Any, ...]:
    drawn = strip_html(services, project_id, strip)
    return project_id, revision, step, gr.Walkthrough(selected=step), drawn, drawn, strip
