"""Past trainings, with a way back to each, and the switch to improve by itself."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass


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


SHOWN = 6
"""Runs that are shown before the others are unfolded."""


def past_html(runs: Sequence[PastRun], *, improves: bool | None) -> str:
    """The table, and the switch.

    Args:
        runs: newest first.
        improves: how the switch stands; None for no switch.
    """
    switch = "" if improves is None else _switch(improves)
    # A single one is what the page shows anyway.
    table = _table(runs) if len(runs) > 1 else ""
    return f'<section class="past">{table}{switch}</section>' if table or switch else ""


def _switch(on: bool) -> str:
    return (
        '<div class="improve"><div><h2 id="improve-name">Improve as I go</h2>'
        '<p class="quiet">When you put photos right under Review, it learns the change by itself, '
        "in the background. You go on working.</p></div>"
        f'<button type="button" role="switch" class="switch" aria-checked="{str(on).lower()}"'
        f' aria-labelledby="improve-name" data-action="improve" data-on="{str(not on).lower()}">'
        "</button></div>"
    )


def _table(runs: Sequence[PastRun]) -> str:
    rows = "".join(_row(run, late=index >= SHOWN) for index, run in enumerate(runs))
    more = (
        f'<button type="button" class="quiet-button" data-unfold>Show all {len(runs)}</button>'
        if len(runs) > SHOWN
        else ""
    )
    return (
        '<h2 id="past-name">Past trainings</h2>'
        "<p class='page-lead small'>Every model is kept for a while. "
        "You can go back to an earlier one, and forward again.</p>"
        '<table class="runs" aria-labelledby="past-name"><thead><tr>'
        '<th scope="col">How</th><th scope="col">Right on new photos</th><th scope="col">When</th>'
        '<th scope="col"><span class="unseen">Use it</span></th></tr>'
        f"</thead><tbody>{rows}</tbody></table>{more}"
    )


def _row(run: PastRun, *, late: bool) -> str:
    automatic = '<span class="tag">by itself</span>' if run.automatic else ""
    outcome = (
        f'<span class="quiet outcome">{html.escape(run.outcome)}</span>' if run.outcome else ""
    )
    took = f'<span class="quiet">{html.escape(run.took)}</span>' if run.took else ""
    classes = " ".join(name for name, on in (("current", run.current), ("late", late)) if on)
    return (
        f'<tr class="{classes}"><th scope="row"><b>{html.escape(run.how)}</b>{automatic}'
        f'<span class="quiet">{html.escape(run.details)}</span>{outcome}</th>'
        f'<td class="figures">{_accuracy(run)}</td>'
        f'<td class="when">{html.escape(run.when)}{took}</td><td class="use">{_use(run)}</td></tr>'
    )


def _accuracy(run: PastRun) -> str:
    if run.accuracy is None or run.low is None or run.high is None:
        return '<span class="quiet">not measured</span>'
    left, width = 100 * run.low, 100 * (run.high - run.low)
    return (
        f"<b>{run.accuracy:.0%}</b><span class='quiet'>between {run.low:.0%} and {run.high:.0%}, "
        f"{run.photos or 0:,} photos</span>"
        f'<span class="range" aria-hidden="true"><i style="left:{left:.1f}%;width:{width:.1f}%">'
        f'</i><i class="point" style="left:{100 * run.accuracy:.1f}%"></i></span>'
    )


def _use(run: PastRun) -> str:
    if run.current:
        return '<span class="in-use">In use</span>'
    if not run.model:
        return ""
    said = html.escape(f"Use this model: {run.how}, {run.when}")
    return (
        f'<button type="button" class="quiet-button" data-action="use" data-run="{run.id}"'
        f' aria-label="{said}">Use this model</button>'
    )
