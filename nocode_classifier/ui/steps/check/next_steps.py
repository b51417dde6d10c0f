"""What to do next: advice with its buttons, and what more photos would be worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from nocode_classifier.check.diagnosis import Advice, Remedy
from nocode_classifier.check.learning_curve import LearningCurve
from nocode_classifier.ui.kit.part import part

FORECAST_STEPS = 8
"""Parts of the line from today's photos to twice as many."""


def next_steps() -> gr.HTML:
    """Make it; the value is `next_value`.

    Events:
        action: `action` is "advice", `key` names the piece.
    """
    return part(
        "steps/check/next_steps.js",
        events=("action",),
        styles=("kit/parts.css", "kit/looking.css", "steps/check/next_steps.css"),
        elem_classes="step-page check-next",
    )


def next_value(
    advice: Sequence[Advice],
    curve: LearningCurve | None,
    looking: dict[str, Any] | None,
    *,
    stale: bool,
) -> dict[str, Any]:
    """What the part shows.

    Args:
        advice: what helps most first.
        curve: what more photos are worth, where that is known.
        looking: as `finding` of `ui/finding.py` gives it.
        stale: the model is out of date: then that comes first.
    """
    return {
        "cards": [card_value(one, main=not number) for number, one in enumerate(advice)],
        "curve": None if curve is None else curve_value(curve),
        "looking": looking,
        "nothing": not advice and not stale and looking is None,
    }


def card_value(one: Advice, *, main: bool) -> dict[str, Any]:
    """A piece of advice; `main`: it comes before anything else."""
    return {
        "key": key_of(one),
        "sentence": one.sentence,
        "label": one.label,
        "main": main and one.press is Remedy.COLLECT,
        "shows": one.press is Remedy.REVIEW,
    }


def key_of(one: Advice) -> str:
    """What tells a piece of advice from the others."""
    return " ".join((one.kind.value, *one.class_names))


def curve_value(curve: LearningCurve) -> dict[str, Any]:
    """The learning curve and its forecast, as "learning_curve.js" draws them."""
    photos = round(curve.now.photos)
    ahead = [
        curve.forecast(photos + round(photos * step / FORECAST_STEPS))
        for step in range(FORECAST_STEPS + 1)
    ]
    return {
        "points": [[point.photos, point.right] for point in (*curve.points, curve.now)],
        "ahead": [[one.photos, one.right, one.low, one.high] for one in ahead],
        "sentence": curve.sentence,
    }
