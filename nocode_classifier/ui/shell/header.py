"""The top of every page: the name of the app, the open project, and the way through the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import gradio as gr

from nocode_classifier.ui.kit.part import part
from nocode_classifier.ui.state import PROJECTS, Step

APP_NAME = "No-code Classifier"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window is.

    Attributes:
        step: number of the visible step; 0 until the address has been read.
        project_id: of the open project, or None.
        project: its name.
        finished: numbers of the steps that have what they need.
        turn: how many presses of the browser's Back and Forward the window has followed.
    """

    step: int
    project_id: str | None = None
    project: str = ""
    finished: tuple[int, ...] = ()
    turn: int = 0


def header(steps: Sequence[Step]) -> gr.HTML:
    """Make it; `steps` are those there are, in order.

    The value is a `Place`, as a dict.

    Events:
        action: `action` is "go" (to a `step`), or "travel" (`query`: the address that Back or
            Forward brought back; `turn`: how often they were pressed).
    """
    return part(
        "shell/header.js",
        events=("action",),
        value=asdict(Place(0)),
        constants={
            "app": APP_NAME,
            "projects": PROJECTS,
            "steps": [asdict(step) for step in steps if step.id != PROJECTS],
        },
        elem_classes="header-place",
    )
