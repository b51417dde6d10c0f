"""Collect: photos come into their classes, from the web, from files, from the camera, by link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import gradio as gr

from nocode_classifier.collect.archives import ArchiveLimits
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.collect.photo_check import LIMITS
from nocode_classifier.errors import AppError, NotReady
from nocode_classifier.gradio_private import data_of
from nocode_classifier.jobs import Job
from nocode_classifier.learn.enough import PLENTY
from nocode_classifier.project.project import Project
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.kit.scripts import class_value
from nocode_classifier.ui.state import (
    COLLECT,
    REVIEW,
    Services,
    Shared,
    Step,
    new_mark,
    open_project,
)
from nocode_classifier.ui.steps.collect import adding
from nocode_classifier.ui.steps.collect.camera.camera import camera
from nocode_classifier.ui.steps.collect.card_values import card_value
from nocode_classifier.ui.steps.collect.files.dropzone import dropzone
from nocode_classifier.ui.steps.collect.links.link_list import link_list
from nocode_classifier.ui.steps.collect.search import finding, search_values
from nocode_classifier.ui.steps.collect.search.finder import finder
from nocode_classifier.ui.steps.collect.search.search_view import search_view
from nocode_classifier.ui.uploads import discard, inside_uploads, shot_of

STEP = Step(COLLECT, "Collect")

QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "trigger_mode": "multiple",
    "api_visibility": "private",
}


class Choice(NamedTuple):
    """The class that photos go to.

    Attributes:
        class_id: None for the first there is.
        turn: the number of the press that chose it; a page that has seen a later one knows better.
    """

    class_id: int | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Widgets:
    """The parts of the step, in the order in which `show` gives their values."""

    chosen: gr.State
    drop: gr.HTML
    shots: gr.HTML
    search: gr.HTML
    form: gr.HTML
    links: gr.HTML
    go_on: gr.Button

    @property
    def page(self) -> list[Any]:
        """All of them."""
        return [getattr(self, name) for name in self.__slots__]


def build(services: Services, shared: Shared) -> None:
    """Lay out the step and bind its events."""
    chosen, dismissed = gr.State(Choice()), gr.State("")
    gr.HTML(
        '<h1 class="page-title">Add photos</h1><p class="page-lead">Photos like the ones '
        "your classifier will meet: different places, light and angles.</p>",
        apply_default_css=False,
    )
    widgets = Widgets(
        chosen=chosen,
        drop=dropzone(discard=partial(throw_away, services)),
        search=search_view(),
        form=finder(keep=partial(finding.keep, services)),
        links=link_list(understand=partial(finding.understand, services)),
        shots=camera(keep_shot=partial(keep_shot, services)),
        go_on=gr.Button("Look through them", size="lg", elem_classes="main-button"),
    )
    look_at = shared.look_at[COLLECT]
    when_shown(
        *(services, shared, STEP, arrive, [*widgets.page, look_at]),
        [chosen, dismissed, look_at],
        shows_work=True,
    )
    _bind(services, shared, widgets, dismissed)
    widgets.go_on.click(
        safely(services, go_on_to_review),
        [shared.project_id],
        [shared.walkthrough, shared.step],
        **QUIET,
    )


def _bind(services: Services, shared: Shared, widgets: Widgets, dismissed: gr.State) -> None:
    project, chosen = [shared.project_id], [widgets.chosen]
    changed = [shared.revision, shared.work[COLLECT]]
    for event, handler, inputs, outputs in (
        (widgets.drop.choose, choose, chosen, chosen),
        (widgets.shots.choose, choose, chosen, chosen),
        (widgets.drop.bring, add, [], changed),
        (widgets.shots.taken, look_again, project, changed),
        (widgets.drop.dismiss, dismiss, project, [dismissed]),
        (widgets.search.dismiss, dismiss, project, [dismissed]),
        (widgets.form.kept, look_again, project, changed),
        (widgets.form.contact, doing(finding.reach), project, changed),
        (widgets.form.find, doing(finding.find), project, changed),
        (widgets.search.widen, doing(finding.widen), project, changed),
        (widgets.search.stop, doing(finding.stop), project, changed),
        (widgets.links.fetch, doing(finding.fetch), project, changed),
    ):
        # Drops come in as they were given, and choices as they were made, one after the other.
        turns: dict[str, Any] = {}
        if handler in (add, choose):
            turns = {"concurrency_limit": 1, "concurrency_id": handler.__name__}
        event(safely(services, handler), inputs, outputs, **turns, **QUIET)


# What the step shows


def arrive(
    services: Services, project_id: str | None, chosen: Choice, dismissed: str, class_id: int | None
) -> Any:
    """As `show`, with another class if one was asked for; that is asked for only once."""
    if class_id is not None:
        chosen = Choice(class_id, chosen.turn + 1)
    return *show(services, project_id, chosen, dismissed), None


def show(services: Services, project_id: str | None, chosen: Choice, dismissed: str) -> Any:
    """The chosen class, and the values of everything that `Widgets` names."""
    if project_id is None:
        return chosen, None, None, None, None, None, gr.skip()
    project = open_project(services, project_id)
    with project.snapshot():
        counts, labels = project.counts(), project.classes()
        label = next(
            (label for label in labels if label.id == chosen.class_id),
            labels[0] if labels else None,
        )
        chosen = Choice(label.id if label else None, chosen.turn)
        place = {"project_id": project.id, "chosen": chosen.class_id, "turn": chosen.turn}
        job = services.jobs.current(project.id)
        some_missing = any(count < PLENTY for count in counts.values())
        # Asked first: where adding ends in between, nothing is in the way any more.
        takes_drops = adding.queue_of(job) is not None
        busy = busy_sentence(job)
        drop = place | {
            "classes": [card_value(project, label, counts[label.id]) for label in labels],
            "busy": None if takes_drops else busy,
            "report": adding.report_value(job, dismissed),
            "limits": {
                "photo_bytes": LIMITS.max_bytes,
                "archive_bytes": ArchiveLimits().expanded,
            },
        }
        classes = [class_value(label, counts[label.id]) for label in labels]
        return (
            chosen,
            drop,
            place | {"classes": classes},
            search_values.search_value(services, project, label, dismissed),
            finding.form_value(services, project, label, counts, some_missing),
            {"project_id": project.id, "label": label and class_value(label), "busy": busy},
            gr.Button(variant="secondary" if some_missing else "primary"),
        )


def busy_sentence(job: Job[Any] | None) -> str | None:
    """Why nothing can be added now, or None."""
    if job is None or not job.running:
        return None
    if job.kind == adding.KIND:
        return "Photos are still being added. Wait until they are in."
    if job.kind in search_values.KINDS:
        return "Photos are still coming from the web. Press Stop, or wait until that is done."
    return "The project is busy. Wait until it is done, or press Stop at the top."


# What people do


def choose(services: Services, chosen: Choice, event: gr.EventData) -> Choice:  # noqa: ARG001
    """Photos go to another class from now on."""
    asked = data_of(event)
    pressed = Choice(int(asked["id"]), int(asked["turn"]))
    return max(chosen, pressed, key=lambda one: one.turn)


def dismiss(services: Services, project_id: str | None) -> Any:
    """The report has been read: which job it was of."""
    job = services.jobs.current(project_id) if project_id else None
    return job.id if job else gr.skip()


def add(services: Services, event: gr.EventData) -> tuple[int, str]:
    """Start to take in what was uploaded; the strip at the top shows how far it is."""
    told = data_of(event)
    project = open_project(services, str(told["project_id"]))
    drop = adding.Drop.told(told)
    try:
        adding.start_adding(services, project, drop)
    except AppError:
        drop.discard()
        raise
    return project.revision(), new_mark()


def doing(action: Callable[[Services, Project, Mapping[str, Any]], None]) -> Callable[..., Any]:
    """A handler that does something with the open project; then the step is drawn."""

    def handler(services: Services, project_id: str | None, event: gr.EventData) -> tuple[int, str]:
        project = open_project(services, project_id)
        action(services, project, data_of(event))
        return project.revision(), new_mark()

    return handler


def look_again(services: Services, project_id: str | None) -> tuple[int, str]:
    """Something has been kept, as the shots of a burst: whatever counts counts again."""
    return open_project(services, project_id).revision(), new_mark()


def keep_shot(services: Services, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Put one shot of the camera into its class."""
    project = open_project(services, str(asked["project_id"]))
    shot = shot_of(
        str(asked["photo"]),
        number=int(asked["number"]),
        burst=str(asked["burst"]),
    )
    report = add_photos(project, [shot], class_id=int(asked["class_id"]))
    told = [*report.refusals, *report.repeats]
    return {"refused": told[0].reason} if told else {}


def throw_away(services: Services, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """Delete uploads of a drop that was cancelled."""
    discard([inside_uploads(str(path)) for path in asked["paths"]])
    return {}


def go_on_to_review(services: Services, project_id: str | None) -> Any:
    """Go to the next step, once there is something to look at."""
    project = open_project(services, project_id)
    if not any(project.counts().values()):
        raise NotReady("Add some photos first; then there is something to look through.")
    return gr.Walkthrough(selected=REVIEW), REVIEW
