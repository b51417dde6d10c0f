"""Train: one click, then how good it is; more choices for those who ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import gradio as gr

from nocode_classifier.gradio_private import data_of
from nocode_classifier.learn.backbones.registry import backbone_named
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.improving import improving
from nocode_classifier.ui.kit.actions import action_of
from nocode_classifier.ui.kit.part import part
from nocode_classifier.ui.state import (
    CHECK,
    COLLECT,
    NAME,
    TRAIN,
    Services,
    Shared,
    Step,
    new_mark,
    open_project,
)
from nocode_classifier.ui.steps.train.chooser import train_chooser
from nocode_classifier.ui.steps.train.choosing import chooser_value, keep_choice
from nocode_classifier.ui.steps.train.curves_view import curves_html
from nocode_classifier.ui.steps.train.head import head_value, train_head
from nocode_classifier.ui.steps.train.history import past_runs
from nocode_classifier.ui.steps.train.measuring import start_measuring
from nocode_classifier.ui.steps.train.offer import network_offer
from nocode_classifier.ui.steps.train.past_runs import past_trainings, past_value
from nocode_classifier.ui.steps.train.proposing import start_proposing
from nocode_classifier.ui.training import (
    MEASURE_KIND,
    PROPOSE_KIND,
    TRAIN_KIND,
    current_run,
    running_job,
    start_training,
)

STEP = Step(TRAIN, "Train")

OURS = (TRAIN_KIND, MEASURE_KIND, PROPOSE_KIND)
"""Kinds of jobs that this page shows and stops."""

NEXT = {"name": NAME, "collect": COLLECT, "check": CHECK}

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

Asked = Mapping[str, Any]
"""What an event of the page carries."""


def build(services: Services, shared: Shared) -> None:
    """Lay out the page and bind its events."""
    head = train_head()
    chooser = train_chooser(keep=partial(keep_choice, services))
    network_offer(services, shared, STEP)
    how = part(
        "steps/train/how_learned.js",
        events=(),
        styles=("steps/train/train.css", "steps/train/curves.css"),
        elem_classes="step-page",
    )
    past_list = past_trainings()
    page = [head, chooser, how, past_list]
    when_shown(services, shared, STEP, refresh, page, shows_work=True)
    outputs = [shared.revision, shared.step, shared.walkthrough, shared.work[TRAIN]]
    for event, action in (
        (head.action, ""),
        (past_list.action, ""),
        (chooser.train, "train"),
        (chooser.measure, "measure"),
        (chooser.propose, "propose"),
        (chooser.stop, "stop"),
    ):
        event(safely(services, doing(action)), [shared.project_id], outputs, **QUIET)


# Handlers


def refresh(services: Services, project_id: str | None) -> tuple[Any, ...]:
    """The page as it is now: head, choice, how it learned, and past trainings."""
    if project_id is None:
        return None, None, None, None
    project = open_project(services, project_id)
    with project.snapshot():
        job = running_job(services, project, TRAIN_KIND)
        return (
            head_value(project, job, improving=improving(services, project)),
            chooser_value(services, project),
            how_learned(project) if job is None else None,
            past(project) if job is None else None,
        )


def doing(action: str) -> Callable[..., tuple[Any, ...]]:
    """A handler for an event that means this action, or that names one itself."""

    def handler(services: Services, project_id: str | None, event: gr.EventData) -> tuple[Any, ...]:
        pressed = action or action_of(event)["action"]
        return *press(services, project_id, pressed, data_of(event)), new_mark()

    return handler


def press(
    services: Services, project_id: str | None, action: str, asked: Asked | None = None
) -> tuple[Any, ...]:
    """Do what was pressed.

    Args:
        services: the real parts.
        project_id: of the open project.
        action: one of `ACTIONS`, or where to go.
        asked: what else the event carries.

    Returns:
        Revision, step and walkthrough.
    """
    project = open_project(services, project_id)
    place = NEXT.get(action)
    if action in ACTIONS:
        place = ACTIONS[action](services, project, asked or {})
    go = (gr.skip(), gr.skip()) if place is None else (place, gr.Walkthrough(selected=place))
    return project.revision(), *go


# What is done; where to go then, or None to stay


def train(services: Services, project: Project, asked: Asked) -> int | None:
    """Start to train, the way the form says."""
    settings = choices.chosen(project)
    if "choice" in asked:
        settings = choices.settings_of(asked["choice"])
        choices.keep(project, settings)
    start_training(services, project, settings)
    return None


def stop(services: Services, project: Project, asked: Asked) -> int | None:  # noqa: ARG001
    """End what this page has begun."""
    if (job := running_job(services, project, *OURS)) is not None:
        job.stop()
    return None


def measure(services: Services, project: Project, asked: Asked) -> int | None:
    """Start to measure how fast a network is here."""
    start_measuring(services, project, backbone_named(str(asked["key"])))
    return None


def propose(services: Services, project: Project, asked: Asked) -> int | None:  # noqa: ARG001
    """Start to find out how the photos should be varied."""
    start_proposing(services, project)
    return None


def use(services: Services, project: Project, asked: Asked) -> int | None:  # noqa: ARG001
    """Go back to the model of an earlier training."""
    project.models.use_run(int(asked["run"]))
    return None


def improve(services: Services, project: Project, asked: Asked) -> int | None:  # noqa: ARG001
    """Switch improving by itself on or off."""
    project.models.set_improve_unasked(asked["on"] == "true")
    return None


ACTIONS: dict[str, Callable[[Services, Project, Asked], int | None]] = {
    "train": train,
    "stop": stop,
    "measure": measure,
    "propose": propose,
    "use": use,
    "improve": improve,
}


# What they use


def how_learned(project: Project) -> str | None:
    """The curves of the training that made the model in use, if it has any."""
    run = current_run(project)
    if run is None or run.curves is None or project.models.folder() is None:
        return None
    return curves_html(run.curves) or None


def past(project: Project) -> dict[str, Any] | None:
    """Past trainings, once there is one to see."""
    if not (runs := past_runs(project)):
        return None
    trained = project.models.folder() is not None
    return past_value(runs, improves=project.models.improve_unasked() if trained else None)
