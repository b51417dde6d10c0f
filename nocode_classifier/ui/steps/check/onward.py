"""The way on from the Check step, and its report."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.ui.kit.addresses import report_address
from nocode_classifier.ui.kit.part import part


def onward() -> gr.HTML:
    """Make it; the value is `onward_value`, or None to show nothing.

    Events:
        action: `action` is "try".
    """
    return part("steps/check/onward.js", events=("action",), elem_classes="step-page check-onward")


def onward_value(project_id: str, *, adds: bool) -> dict[str, Any]:
    """What it shows; `adds`: there is something better to do first, which has the main button."""
    return {"report": report_address(project_id), "main": not adds}
