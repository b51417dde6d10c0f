"""How good the model is: the headline, the figures by class, what changed since the last model."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.check.model_check import ClassFigures, ModelCheck
from nocode_classifier.jobs import Job
from nocode_classifier.ui.headline import headline_value
from nocode_classifier.ui.kit.part import part
from nocode_classifier.ui.shell.status_bar import time_left

STALE = "Your photos or classes have changed since."


def verdict() -> gr.HTML:
    """Make it; the value is `verdict_value`.

    Events:
        action: `action` is "train", "again" (train here) or "stop".
    """
    return part(
        "steps/check/verdict.js",
        events=("action",),
        styles=("kit/parts.css", "kit/panel.css", "kit/headline.css", "steps/check/verdict.css"),
        elem_classes="step-page check-verdict",
    )


def verdict_value(
    check: ModelCheck | None, job: Job[Any] | None, *, lacking: str, improving: bool
) -> dict[str, Any]:
    """What the verdict shows.

    Args:
        check: what is known of the model; None without one.
        job: the training that runs, if one does.
        lacking: what is needed before another training, as a sentence; "" when nothing is.
        improving: the model learns anew just now, unasked.
    """
    return {
        "work": None if job is None else work_value(job),
        "lacking": lacking,
        "stale": STALE if check is not None and check.stale else "",
        "improving": improving,
        "headline": None if check is None else headline_value(check.figures),
        "change": None if check is None or check.change is None else check.change.sentence,
        "figures": None if check is None else figures_value(check),
    }


def work_value(job: Job[Any]) -> dict[str, Any]:
    """How far a job is, as `makeWork` of "kit/panel.js" shows it."""
    return {
        "stage": "Stopping" if job.stopping else job.progress.stage,
        "fraction": round(job.progress.fraction, 3),
        "left": time_left(job.progress.seconds_left),
        "stopping": job.stopping,
    }


def figures_value(check: ModelCheck) -> dict[str, Any] | None:
    """The figures by class as a table, the weakest first; None where nothing was measured."""
    overall = check.figures.overall
    if overall is None:
        return None
    wrong = overall.photos - overall.correct
    rows = sorted(check.by_class(), key=lambda one: (-1.0 if one.f1 is None else one.f1, one.name))
    return {
        "error": f"Error rate: {1 - overall.value:.1%} ({wrong:,} of {overall.photos:,} photos "
        f"wrong; likely between {1 - overall.high:.0%} and {1 - overall.low:.0%}).",
        "rows": [row_value(one) for one in rows],
    }


def row_value(one: ClassFigures) -> dict[str, str]:
    """One class of the table."""
    return {
        "name": one.name,
        "right": f"{one.right:,} of {one.photos:,}",
        "error": share(None if one.recall is None else 1 - one.recall),
        "precision": share(one.precision),
        "recall": share(one.recall),
        "f1": "–" if one.f1 is None else f"{one.f1:.2f}",
    }


def share(value: float | None) -> str:
    """A share in percent; a dash where there is none."""
    return "–" if value is None else f"{value:.0%}"
