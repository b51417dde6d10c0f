"""The strip that shows a project's slow work on every step, and how it ended."""

from __future__ import annotations

import math
from typing import Any

import gradio as gr

from nocode_classifier.jobs import Job
from nocode_classifier.ui.kit.part import part

Shown = dict[str, Any] | None
"""What the strip shows, of JSON; None: nothing."""


def status_bar() -> gr.HTML:
    """Make it. The value is `Shown`.

    Events:
        action: `action` is "stop" (the running job) or "dismiss" (what is told).
    """
    return part("shell/status_bar.js", events=("action",), elem_classes="strip-place")


def job_value(job: Job[Any]) -> Shown:
    """A running job: its stage as `words`, `details` (count, time left), `percent` and whether it
    is `stopping`; else the sentence it ended with, as `notice_value`.
    """
    if not job.running:
        return notice_value(job.message, job.state.value, job.kind)
    progress = job.progress
    count = f"{progress.done:,} of {progress.total:,}" if progress.total else ""
    left = time_left(progress.seconds_left)
    return {
        "kind": "running",
        "work": job.kind,
        "words": "Stopping" if job.stopping else progress.stage,
        "details": " · ".join(filter(None, (count, left))),
        "percent": max(0, min(100, round(100 * progress.fraction))),
        "stopping": job.stopping,
    }


def notice_value(sentence: str, kind: str = "note", work: str = "") -> Shown:
    """A sentence in the strip that stays until it is put away.

    Args:
        sentence: nothing is shown without one.
        kind: "note", or how a job ended ("done", "failed", "stopped").
        work: what kind of job that was.
    """
    return {"kind": kind, "work": work, "words": sentence} if sentence else None


def time_left(seconds: float | None) -> str:
    """About how long it still takes, in words; empty when there is nothing to judge by."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 1.5:
        return "almost done"
    if seconds < 90:
        rounded = max(2, round(seconds)) if seconds < 10 else 5 * round(seconds / 5)
        return f"about {rounded} seconds left"
    return f"about {round(seconds / 60)} minutes left"
