"""Review: look through the photos, move, remove and put back; everything can be undone."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.check.findings import is_current
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.finding import find_now, finding
from nocode_classifier.ui.photo_pages import lay_out_photos
from nocode_classifier.ui.state import (
    REVIEW,
    TRAIN,
    Services,
    Shared,
    Step,
    new_mark,
    open_project,
)
from nocode_classifier.ui.steps.review.odd_first import odd_first

STEP = Step(REVIEW, "Review")


def build(services: Services, shared: Shared) -> None:
    """Lay out the step and bind its events."""
    gr.HTML(
        '<h1 class="page-title">Look through them</h1><p class="page-lead">Remove what doesn\'t '
        "belong, and move what is in the wrong class. A few wrong photos cost more than a few "
        "missing ones.</p>",
        apply_default_css=False,
    )
    odd = odd_first()
    when_shown(services, shared, STEP, show_odd_first, [odd], shows_work=True)
    odd.action(
        safely(services, look_for_odd),
        [shared.project_id],
        [shared.work[REVIEW]],
        show_progress="hidden",
        api_visibility="private",
    )
    lay_out_photos(services, shared, STEP, shared.look_at[REVIEW])
    go_on = gr.Button("Go on to training", variant="primary", size="lg", elem_classes="main-button")
    go_on.click(
        safely(services, go_on_to_training),
        [shared.project_id],
        [shared.walkthrough, shared.step],
        show_progress="hidden",
        trigger_mode="multiple",
        api_visibility="private",
    )


def go_on_to_training(services: Services, project_id: str | None) -> Any:
    """Go to the next step; it says itself what may still be missing."""
    open_project(services, project_id)
    return gr.Walkthrough(selected=TRAIN), TRAIN


def show_odd_first(services: Services, project_id: str | None) -> dict[str, Any] | None:
    """Whether odd photos may be looked for, and how far that is."""
    if project_id is None:
        return None
    project = open_project(services, project_id)
    with project.snapshot():
        offered = sum(project.counts().values()) > 0 and not is_current(project)
    return {"offered": offered, "looking": finding(services, project)}


def look_for_odd(services: Services, project_id: str | None) -> str:
    """Begin to look for odd photos; the grid offers what is found."""
    find_now(services, open_project(services, project_id))
    return new_mark()
