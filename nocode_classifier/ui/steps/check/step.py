"""Check: how good the model is, what it gets wrong, and what to do about it."""

from __future__ import annotations

from functools import partial
from typing import Any

import gradio as gr

from nocode_classifier.check.diagnosis import Advice, Remedy
from nocode_classifier.check.findings import stored_findings
from nocode_classifier.check.model_check import model_check
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.advice import adds_photos, advice_about
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.finding import find_soon, finding
from nocode_classifier.ui.improving import improving
from nocode_classifier.ui.kit.actions import action_of
from nocode_classifier.ui.photo_pages import lay_out_photos
from nocode_classifier.ui.photo_views import ALL
from nocode_classifier.ui.state import (
    CHECK,
    COLLECT,
    TRAIN,
    TRY,
    Services,
    Shared,
    Step,
    new_mark,
    open_project,
)
from nocode_classifier.ui.steps.check.confusion import confusion_matrix, confusion_value
from nocode_classifier.ui.steps.check.next_steps import key_of, next_steps, next_value
from nocode_classifier.ui.steps.check.onward import onward, onward_value
from nocode_classifier.ui.steps.check.sure_slider import sure_slider, sure_value
from nocode_classifier.ui.steps.check.verdict import verdict, verdict_value
from nocode_classifier.ui.training import TRAIN_KIND, missing, running_job, start_training
from nocode_classifier.ui.worth_a_look import WRONG

STEP = Step(CHECK, "Check")

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

PHOTOS = (
    '<div id="check-photos" class="check-photos-head"><h2 class="section-title">The photos</h2>'
    '<p class="page-lead">Each with what it is and what the model said of it without having learnt '
    "from it. Move what is in the wrong class, remove what doesn't belong, or say that it is "
    "right.</p></div>"
)


def build(services: Services, shared: Shared) -> None:
    """Lay out the step and bind its events."""
    head, todo = verdict(), next_steps()
    slider = sure_slider(choose=partial(choose_sure, services))
    matrix = confusion_matrix()
    gr.HTML(PHOTOS, apply_default_css=False)
    lay_out_photos(services, shared, STEP, shared.look_at[CHECK], first=WRONG)
    foot = onward()
    page = [head, todo, slider, matrix, foot]
    when_shown(services, shared, STEP, refresh, page, shows_work=True)
    outputs = [
        *(shared.look_at[CHECK], shared.look_at[COLLECT]),
        *(shared.revision, shared.step, shared.walkthrough, shared.work[CHECK]),
    ]
    for part in (head, todo, matrix, foot):
        part.action(safely(services, act), [shared.project_id], outputs, **QUIET)


# Handlers


def refresh(services: Services, project_id: str | None) -> tuple[Any, ...]:
    """The page as it is now: verdict, what to do next, the slider, the matrix, and the way on."""
    if project_id is None:
        return None, None, None, None, None
    project = open_project(services, project_id)
    if project.models.folder() is not None:
        find_soon(services, project)
    return drawn(services, project)


def drawn(services: Services, project: Project) -> tuple[Any, ...]:
    """The values of all parts, of one moment."""
    with project.snapshot():
        return _drawn(services, project)


def _drawn(services: Services, project: Project) -> tuple[Any, ...]:
    job = running_job(services, project, TRAIN_KIND)
    check = model_check(project)
    head = verdict_value(
        check, job, lacking=missing(project), improving=improving(services, project)
    )
    if check is None:
        return head, None, None, None, None
    advice, found = advice_about(project, check), stored_findings(project)
    return (
        head,
        next_value(
            advice,
            None if found is None or check.stale else found.curve,
            finding(services, project),
            stale=check.stale,
        ),
        sure_value(project.id, check),
        confusion_value(check),
        onward_value(project.id, adds=adds_photos(advice)),
    )


def act(services: Services, project_id: str | None, event: gr.EventData) -> tuple[Any, ...]:
    """Do what was pressed."""
    return press(services, project_id, action_of(event))


def press(services: Services, project_id: str | None, asked: dict[str, str]) -> tuple[Any, ...]:
    """Do what was pressed.

    Args:
        services: the real parts.
        project_id: of the open project.
        asked: `action` and whatever belongs to it, as the parts say.

    Returns:
        What this step's grid and the Collect step are to show, then revision, step, walkthrough
        and a mark of work; what stays as it is is skipped.
    """
    project = open_project(services, project_id)
    view: Any = gr.skip()
    class_id: Any = gr.skip()
    place: int | None = None
    match asked["action"]:
        case "look":
            view = asked["view"]
        case "advice":
            if (one := advice_named(project, asked["key"])) is not None:
                view, class_id, place = follow(services, project, one)
        case "again":
            start_training(services, project, choices.chosen(project))
        case "stop" if (job := running_job(services, project, TRAIN_KIND)) is not None:
            job.stop()
        case "train":
            place = TRAIN
        case "try":
            place = TRY
    go = (gr.skip(), gr.skip()) if place is None else (place, gr.Walkthrough(selected=place))
    return view, class_id, project.revision(), *go, new_mark()


# What they do


def choose_sure(services: Services, asked: dict[str, Any]) -> dict[str, Any]:
    """Let the model in use, and those to come, be as careful as was chosen."""
    project = open_project(services, str(asked["project_id"]))
    project.models.choose_sure(None if asked["index"] is None else int(asked["index"]))
    return {}


def advice_named(project: Project, key: str) -> Advice | None:
    """The piece of advice that was pressed, if it still holds."""
    with project.snapshot():
        check = model_check(project)
        found = () if check is None else advice_about(project, check)
    return next((one for one in found if key_of(one) == key), None)


def follow(services: Services, project: Project, one: Advice) -> tuple[Any, Any, int | None]:
    """Do what a piece of advice says.

    Returns:
        What this step's grid is to show, the class for the Collect step, and where to go.

    Raises:
        NotReady, Busy: as `start_training`.
    """
    ids = {label.name: label.id for label in project.classes()}
    class_id = next((ids[name] for name in one.class_names if name in ids), None)
    if one.press is Remedy.COLLECT:
        return gr.skip(), class_id, COLLECT
    if one.press is Remedy.REVIEW:
        return one.view or class_id or ALL, gr.skip(), None
    settings = choices.changed(choices.of_model(project), one.change)
    # Also what the form says from now on, so that nothing happens behind anyone's back.
    choices.keep(project, settings)
    start_training(services, project, settings)
    return gr.skip(), gr.skip(), None
