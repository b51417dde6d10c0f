"""Past trainings, with a way back to each, and the switch to improve by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr

from nocode_classifier.ui.kit.part import part


@dataclass(frozen=True, slots=True)
class PastRun:
    """One line of the table, in words.

    Attributes:
        how: how hard it tried.
        details: with which settings.
        when: when it began.
        took: how long it took; "" if nobody knows.
        outcome: how it ended, where there is more to say than its accuracy.
        accuracy, low, high: on photos it had not seen; None if it was not measured.
        photos: how many those were.
        model: one can go back to it.
        current: it is the one in use.
        automatic: nobody asked for it.
    """

    id: int
    how: str
    details: str
    when: str
    took: str
    outcome: str = ""
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    photos: int | None = None
    model: bool = False
    current: bool = False
    automatic: bool = False


def past_trainings() -> gr.HTML:
    """Make the table and the switch; the value is `past_value`.

    Events:
        action: `action` is "use" (the model of a `run`) or "improve" (`on`: "true" or "false").
    """
    return part(
        "steps/train/past_runs.js",
        events=("action",),
        styles=("steps/train/past_runs.css",),
        elem_classes="step-page",
    )


def past_value(runs: Sequence[PastRun], *, improves: bool | None) -> dict[str, Any]:
    """What the part shows.

    Args:
        runs: newest first.
        improves: how the switch stands; None for no switch.
    """
    return {"runs": [asdict(run) | _figures(run) for run in runs], "improves": improves}


def _figures(run: PastRun) -> dict[str, str]:
    if run.accuracy is None or run.low is None or run.high is None:
        return {}
    interval = f"between {run.low:.0%} and {run.high:.0%}"
    return {"right": f"{run.accuracy:.0%}", "between": f"{interval}, {run.photos or 0:,} photos"}
