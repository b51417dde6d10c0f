"""The names of the classes and their hints; what is done is in `ui/steps/name/step.py`."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.project.records import ClassLabel
from nocode_classifier.project.tables.classes import LONGEST_HINT, MOST_HINTS
from nocode_classifier.ui.kit.chip import chip_value
from nocode_classifier.ui.kit.part import part


def class_rows() -> gr.HTML:
    """Make the page.

    The value is made of `project` (its name), `classes` (as `row_value`), `removed` (what Undo
    would take back, or ""), `problem` (what was wrong with the last thing typed, or ""), `missing`
    (what is needed before the next step, or "") and `tries`, which changes with every action, so
    that a field that was refused is drawn anew.

    Events:
        action: `action` is "rename-project", "add" (a name, or several with commas), "rename",
            "hint", "add-hint", "drop-hint", "remove", "undo" or "next"; with `value` what was
            typed, `class` the id, and `hint` which one.
    """
    return part(
        "steps/name/class_rows.js",
        events=("action",),
        elem_classes="name-page",
        constants={"longest": LONGEST_HINT, "most": MOST_HINTS},
    )


def row_value(label: ClassLabel, photos: int) -> dict[str, Any]:
    """A class as the page shows it."""
    shown = chip_value(label.name, label.colour)
    return {"id": label.id, **shown, "hints": list(label.hints), "photos": photos}
