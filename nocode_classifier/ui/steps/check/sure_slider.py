"""How certain an answer has to be: a slider from "answer more often" to "be more careful"."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.learn.sure import RIGHT
from nocode_classifier.ui.kit.part import Answering, part


def sure_slider(*, choose: Answering) -> gr.HTML:
    """Make it; the value is `sure_value`, or None to show nothing.

    Args:
        choose: `{project_id, index}`: the line that is chosen, or None for the suggested one.
    """
    return part(
        "steps/check/sure_slider.js",
        events=(),
        styles=("kit/parts.css", "steps/check/sure_slider.css"),
        answers={"choose": choose},
        elem_classes="step-page check-sure",
    )


def sure_value(project_id: str, check: ModelCheck) -> dict[str, Any] | None:
    """The lines that one may choose; None where the photos could not tell one from another."""
    sure = check.sure
    choices = [one for one in sure.get("choices") or () if one["share"] is not None]
    if not choices:
        return None
    suggested = int(sure.get("default", sure["chosen"]))
    return {
        "project_id": project_id,
        "choices": [
            {"share": one["share"], "accuracy": one["accuracy"], "answered": one["answered"]}
            for one in choices
        ],
        "chosen": int(sure["chosen"]),
        "suggested": suggested,
        "note": HALF if choices[suggested]["accuracy"] < RIGHT else "",
    }


HALF = (
    "To be right on 95 of 100, it would have to say “not sure” to more than half of your photos. "
    "The suggested setting answers the surest half."
)
