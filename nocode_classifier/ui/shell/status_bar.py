"""The strip that shows a project's slow work on every step, and how it ended."""

from __future__ import annotations

import html
import math
from typing import Any

from nocode_classifier.jobs import Job, JobState

_MARKS: dict[str, str] = {JobState.DONE: "✓", JobState.STOPPED: "■", JobState.FAILED: "!"}


def job_html(job: Job[Any]) -> str:
    """A running job with its bar, stage, time left and Stop; or the sentence it ended with."""
    return _running(job) if job.running else notice_html(job.message, job.state.value, job.kind)


def notice_html(sentence: str, kind: str = "note", work: str = "") -> str:
    """A sentence in the strip that stays until it is put away.

    Args:
        sentence: nothing is shown without one.
        kind: "note", or how a job ended ("done", "failed", "stopped").
        work: what kind of job that was.
    """
    if not sentence:
        return ""
    return (
        f'<div class="strip {kind}" data-work="{html.escape(work)}" role="status">'
        '<span class="strip-mark" '
        f'aria-hidden="true">{_MARKS.get(kind, "i")}</span>'
        f'<span class="strip-words">{html.escape(sentence)}</span>'
        '<button class="quiet-button" data-action="dismiss" aria-label="Close this message">'
        "✕</button></div>"
    )


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


def _running(job: Job[Any]) -> str:
    progress = job.progress
    percent = max(0, min(100, round(100 * progress.fraction)))
    stage = "Stopping" if job.stopping else progress.stage
    count = f"{progress.done:,} of {progress.total:,}" if progress.total else ""
    details = " · ".join(part for part in (count, time_left(progress.seconds_left)) if part)
    stop = "" if job.stopping else '<button class="quiet-button" data-action="stop">Stop</button>'
    return (
        f'<div class="strip running" data-work="{html.escape(job.kind)}" role="status">'
        '<span class="strip-spinner" aria-hidden="true"></span>'
        f'<span class="strip-words">{html.escape(stage)}…</span>'
        f'<span class="strip-details">{html.escape(details)}</span>'
        f'<span class="strip-bar"><progress max="100" value="{percent}" '
        f'aria-label="{html.escape(stage)}">{percent} %</progress></span>'
        f'<span class="strip-percent">{percent} %</span>{stop}</div>'
    )
