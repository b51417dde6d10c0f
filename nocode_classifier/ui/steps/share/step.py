"""Share: a link for friends, a page at Hugging Face, or files to take along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from nocode_classifier.gradio_private import data_of
from nocode_classifier.project.project import Project
from nocode_classifier.share.hub.last_time import last_time
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.state import (
    SHARE,
    TRAIN,
    Services,
    Shared,
    Step,
    new_mark,
    open_project,
)
from nocode_classifier.ui.steps.share import exporting, links, publish_actions, publishing, showing
from nocode_classifier.ui.steps.share.demo_link import demo_link
from nocode_classifier.ui.steps.share.exports import exports_list
from nocode_classifier.ui.steps.share.publisher import publisher
from nocode_classifier.ui.steps.share.ways import share_ways

STEP = Step(SHARE, "Share")

"""How often the page looks how far the work is, and whether a link is still open."""

QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "trigger_mode": "multiple",
    "api_visibility": "private",
}

Action = Callable[[Services, Project, showing.Asked], None]


@dataclass(frozen=True, slots=True)
class Widgets:
    """The parts of the step, in the order in which `show` gives their values."""

    ways: gr.HTML
    link: gr.HTML
    publish: gr.HTML
    files: gr.HTML

    @property
    def page(self) -> list[Any]:
        """All of them."""
        return [getattr(self, name) for name in self.__slots__]


def build(services: Services, shared: Shared) -> None:
    """Lay out the step and bind its events."""
    widgets = Widgets(
        ways=share_ways(),
        link=demo_link(),
        publish=publisher(sign_in=partial(publish_actions.sign_in_here, services)),
        files=exports_list(),
    )
    when_shown(services, shared, STEP, show, widgets.page, shows_work=True)
    widgets.ways.go(
        safely(services, go_to_training), None, [shared.walkthrough, shared.step], **QUIET
    )
    _bind(services, shared, widgets)


def _bind(services: Services, shared: Shared, widgets: Widgets) -> None:
    link, publish, files = widgets.link, widgets.publish, widgets.files
    actions: tuple[tuple[Any, Action], ...] = (
        (link.open, links.open_link),
        (link.close, links.close_link),
        (link.stop, showing.stop),
        (publish.browser, publish_actions.sign_in_by_browser),
        (publish.signed, nothing_more),
        (publish.leave, publish_actions.leave),
        (publish.look, publish_actions.start_plan),
        (publish.back, publish_actions.put_away),
        (publish.publish, publish_actions.start_publish),
        (publish.stop, showing.stop),
        (files.export, exporting.start_export),
        (files.stop, showing.stop),
    )
    outputs = [shared.revision, shared.work[SHARE]]
    for event, action in actions:
        event(safely(services, doing(action)), [shared.project_id], outputs, **QUIET)


# Handlers


def show(services: Services, project_id: str | None) -> tuple[Any, ...]:
    """The values of everything that `Widgets` names."""
    if project_id is None:
        return None, None, None, None
    project = open_project(services, project_id)
    with project.snapshot():
        return (
            ways_value(services, project),
            links.link_value(services, project),
            publishing.publish_value(services, project),
            exporting.exports_value(services, project),
        )


def doing(action: Action) -> Callable[..., Any]:
    """A handler that does something with the open project; then the step is drawn."""

    def handler(services: Services, project_id: str | None, event: gr.EventData) -> tuple[int, str]:
        project = open_project(services, project_id)
        action(services, project, data_of(event))
        return project.revision(), new_mark()

    return handler


def nothing_more(services: Services, project: Project, asked: showing.Asked) -> None:
    """It was done already; the page only has to show it."""


def go_to_training(_: Services) -> tuple[gr.Walkthrough, int]:
    """Go where it is trained."""
    return gr.Walkthrough(selected=TRAIN), TRAIN


# What they use


def ways_value(services: Services, project: Project) -> dict[str, Any]:
    """What is to be known before choosing a way."""
    folder = project.models.folder()
    job = services.jobs.current(project.id)
    kind = job.kind if job is not None and job.running else ""
    published = last_time(project)
    return {
        "project_id": project.id,
        "missing": "" if folder is not None else showing.NOT_TRAINED,
        "note": OUT_OF_DATE if project.models.is_stale() else "",
        "link": "busy" if kind == showing.LINK else links.is_open(services, project) and "open",
        "publish": "busy" if kind in PUBLISHING else published is not None and "there",
        "files": "busy" if kind == showing.EXPORT else "",
    }


PUBLISHING = (showing.SIGN_IN, showing.PLAN, showing.PUBLISH)
OUT_OF_DATE = (
    "Your photos or classes have changed since it was trained. What you share answers as it was; "
    "train again first to take the changes in."
)
