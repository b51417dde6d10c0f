"""How a window finds its place when it opens, and hears of changes while it is open.

Once a second the page asks whether something changed, in this window, in another one or in a job,
and is told only if so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from nocode_classifier.errors import AppError, NotFound
from nocode_classifier.ui.components.job_strip import job_html, notice_html
from nocode_classifier.ui.state import PROJECTS, Services

GONE = "This project was deleted in another window. You find it in the bin, below your projects."


@dataclass(frozen=True, slots=True)
class Strip:
    """What the strip under the header of one window holds.

    Attributes:
        shown: the HTML the page has.
        notice: a sentence that belongs to no job.
        dismissed: id of the job whose last words were put away.
    """

    shown: str = ""
    notice: str = ""
    dismissed: str = ""


def arrive(services: Services, known: frozenset[int], query: str) -> tuple[Any, ...]:
    """Open what the address names: `?project=<id>&step=<number>`.

    Args:
        services: the real parts.
        known: the numbers of the steps there are; another one leads to the projects.
        query: of the address, with or without its question mark.

    Returns:
        Project, revision, step, walkthrough, the strip's HTML and its state, as in `beat`.
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


def beat(services: Services, project_id: str | None, revision: int, strip: Strip) -> Any:
    """Look for changes; answer with nothing when there are none."""
    now, after = revision, strip
    if project_id is not None:
        try:
            now = services.library.open(project_id).revision()
        except NotFound:
            return _place(services, None, 0, PROJECTS, replace(strip, notice=GONE))
        except AppError as error:
            after = replace(strip, notice=str(error))
    after = redrawn(services, project_id, after)
    if (now, after) == (revision, strip):
        return gr.skip()
    return gr.skip(), now, gr.skip(), gr.skip(), after.shown, after


def act_on_strip(
    services: Services, project_id: str | None, strip: Strip, action: str
) -> tuple[str, Strip]:
    """Stop the running job, or put away what is shown."""
    job = services.jobs.current(project_id) if project_id else None
    if job is not None and action == "stop":
        job.stop()
    elif action == "dismiss":
        ended = job.id if job is not None and not job.running else strip.dismissed
        strip = replace(strip, notice="", dismissed=strip.dismissed if strip.notice else ended)
    strip = redrawn(services, project_id, strip)
    return strip.shown, strip


def redrawn(services: Services, project_id: str | None, strip: Strip) -> Strip:
    """The strip as it should look now: a notice first, else the project's job."""
    job = services.jobs.current(project_id) if project_id else None
    if strip.notice:
        shown = notice_html(strip.notice)
    elif job is not None and job.id != strip.dismissed:
        shown = job_html(job)
    else:
        shown = ""
    return replace(strip, shown=shown)


def _place(
    services: Services, project_id: str | None, revision: int, step: int, strip: Strip
) -> tuple[Any, ...]:
    strip = redrawn(services, project_id, strip)
    return project_id, revision, step, gr.Walkthrough(selected=step), strip.shown, strip
