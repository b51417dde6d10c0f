"""The top of every page: the name of the app, the open project, and the way through the steps."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from nocode_classifier.ui.state import PROJECTS, Step

APP_NAME = "No-code Classifier"

LOGO = (
    '<svg class="logo" viewBox="0 0 32 32" aria-hidden="true">'
    '<rect class="logo-back" x="2" y="7" width="20" height="20" rx="5"/>'
    '<rect class="logo-front" x="10" y="3" width="20" height="20" rx="5"/>'
    '<path class="logo-tick" d="m15.2 13.2 3.3 3.3 6.3-6.6"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window is.

    Attributes:
        project_id: of the open project, or None.
        project: its name.
        finished: numbers of the steps that have what they need.
        turn: how many presses of the browser's Back and Forward the window has followed.
    """

    step: int
    project_id: str | None = None
    project: str = ""
    finished: frozenset[int] = frozenset()
    turn: int = 0


def header_html(steps: Sequence[Step], place: Place) -> str:
    """The header; going to a step is `data-action="go"` with `data-step`."""
    name = (
        f'<span class="project-name">{html.escape(place.project)}</span>' if place.project else ""
    )
    numbered = [step for step in steps if step.id != PROJECTS]
    items = "".join(_item(step, number, place) for number, step in enumerate(numbered, start=1))
    labels = {step.id: step.label for step in numbered}
    where = [labels.get(place.step), place.project, APP_NAME]
    title = " · ".join(part for part in where if part)
    return (
        f'<header class="top" role="banner" data-step="{place.step}" '
        f'data-project="{place.project_id or ""}" data-turn="{place.turn}" '
        f'data-title="{html.escape(title)}"><div class="brand">'
        f'<button class="home" data-action="go" data-step="{PROJECTS}" '
        f'aria-label="Projects"{_current(place.step == PROJECTS)}>{LOGO}'
        f'<span class="app-name">{APP_NAME}</span></button>'
        f"{name}</div>"
        f'<nav aria-label="Steps"><ol class="steps">{items}</ol></nav></header>'
    )


def _item(step: Step, number: int, place: Place) -> str:
    finished = step.id in place.finished
    closed = ' aria-disabled="true"' if place.project_id is None else ""
    state = " finished" if finished else ""
    said = '<span class="unseen"> (done)</span>' if finished else ""
    return (
        f'<li><button class="step{state}" data-action="go" data-step="{step.id}"'
        f"{_current(place.step == step.id)}{closed}>"
        f'<span class="step-mark" aria-hidden="true">{"✓" if finished else number}</span>'
        f'<span class="step-name">{html.escape(step.label)}</span>{said}</button></li>'
    )


def _current(here: bool) -> str:
    return ' aria-current="step"' if here else ""
