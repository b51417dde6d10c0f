"""How a training goes, drawn: curves by round, and how its pace was found.

Drawn as SVG whose colours come from the page, with the same figures as a table for those who
listen to the page.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from nocode_classifier.curves import Curves, RateSearch
from nocode_classifier.ui.steps.train.plot import Line, Plot, ticks

LEARNT, ASIDE = "learnt", "aside"
"""Style classes of the two kinds of photos: those it learns from and those kept aside."""

LOSS = "How unsure it still is"
ERROR = "Mistakes on photos kept aside"
PACE = "Finding its pace"


def curves_html(curves: Curves, *, live: bool = False) -> str:
    """The curves of a training.

    Args:
        curves: as far as it has come.
        live: while it runs; rounds that are still to come are left free.
    """
    rounds = max(curves.planned if live else len(curves.epochs), len(curves.epochs), 1)
    figures = [_loss(curves, rounds), _errors(curves, rounds)] if curves.epochs or live else []
    if curves.search is not None and _drawable(curves.search):
        figures.append(_pace(curves.search))
    return f'<div class="curves">{"".join(figures)}{_table(curves)}</div>' if figures else ""


def _loss(curves: Curves, rounds: int) -> str:
    learnt = [epoch.train_loss for epoch in curves.epochs]
    aside = [epoch.valid_loss for epoch in curves.epochs]
    plot = Plot(_rounds(rounds), ticks(0.0, max(_finite([*learnt, *aside]), default=1.0)))
    lines = (
        Line(LEARNT, tuple(enumerate(learnt, 1))),
        Line(ASIDE, tuple(enumerate(aside, 1))),
    )
    legend = (
        f'<span class="key {LEARNT}">photos it learns from</span>'
        f'<span class="key {ASIDE}">photos kept aside</span>'
    )
    words = _now(curves, "Loss", lambda index: f"{aside[index]:.2f} on photos kept aside")
    return _figure(LOSS, plot.svg(lines, words, mark=_kept(curves)), legend, "lower is better")


def _errors(curves: Curves, rounds: int) -> str:
    errors = [100 * epoch.error for epoch in curves.epochs]
    top = max(_finite(errors), default=50.0)
    plot = Plot(_rounds(rounds), ticks(0.0, max(top, 4.0)), unit="%")
    words = _now(curves, "Mistakes", lambda index: f"{errors[index]:.0f}% of photos kept aside")
    svg = plot.svg((Line(ASIDE, tuple(enumerate(errors, 1))),), words, mark=_kept(curves))
    legend = f'<span class="key {ASIDE}">wrong answers</span>'
    return _figure(ERROR, svg, legend, "lower is better")


def _pace(search: RateSearch) -> str:
    points = [(math.log10(x), y) for x, y in zip(search.rates, search.losses, strict=True)]
    # A training that comes apart would flatten all that is of interest.
    known = _finite(search.losses)
    top = max(min(max(known), 2.0 * known[0]), min(known) * 1.2)
    inside = _up_to(top, points)
    plot = Plot(_powers(points), ticks(0.0, top), words="slow → fast")
    chosen = min(points, key=lambda point: abs(point[0] - math.log10(search.chosen)))
    words = (
        f"It tried {len(points)} paces from {search.rates[0]:.1g} to {search.rates[-1]:.1g} "
        f"and took {search.chosen:.2g}."
    )
    svg = plot.svg((Line(LEARNT, inside),), words, point=chosen)
    legend = f'<span class="key chosen">the pace it took: {search.chosen:.2g}</span>'
    return _figure(PACE, svg, legend, "where learning is quick but steady")


def _up_to(top: float, points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """A line as far as it stays below, and to where it crosses: that it shoots up is to be seen."""
    inside = tuple(takewhile(lambda point: point[1] <= top, points))
    if not inside or len(inside) == len(points):
        return inside
    (x, y), (next_x, next_y) = inside[-1], points[len(inside)]
    share = (top - y) / (next_y - y) if math.isfinite(next_y) else 1.0
    return (*inside, (x + share * (next_x - x), top))


def _drawable(search: RateSearch) -> bool:
    known = _finite(search.losses[:1])
    return bool(known) and 0 < search.chosen < math.inf and min(search.rates) > 0


def _figure(title: str, svg: str, legend: str, note: str) -> str:
    return (
        f'<figure class="curve"><figcaption><b>{html.escape(title)}</b>'
        f'<span class="note">{html.escape(note)}</span></figcaption>{svg}'
        f'<p class="legend" aria-hidden="true">{legend}</p></figure>'
    )


def _table(curves: Curves) -> str:
    """The same for those who can't see it."""
    if not curves.epochs:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{number}</th><td>{_number(epoch.train_loss)}</td>'
        f"<td>{_number(epoch.valid_loss)}</td><td>{epoch.error:.0%}</td></tr>"
        for number, epoch in enumerate(curves.epochs, 1)
    )
    return (
        '<table class="unseen"><caption>How it learned, round by round</caption><thead><tr>'
        '<th scope="col">Round</th><th scope="col">Loss on photos it learns from</th>'
        '<th scope="col">Loss on photos kept aside</th><th scope="col">Mistakes</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "came apart"


def _rounds(rounds: int) -> tuple[tuple[float, str], ...]:
    """Marks of the axis below: every round where there is room."""
    step = max(1, math.ceil(rounds / 8))
    shown = list(range(1, rounds + 1, step))
    return tuple((number, str(number)) for number in shown) + (
        ((rounds, ""),) if shown[-1] != rounds else ()
    )


def _powers(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, str], ...]:
    low, high = points[0][0], points[-1][0]
    inner = [power for power in range(math.ceil(low), math.floor(high) + 1) if low < power < high]
    # Room for a label or two: those are long numbers.
    marks = [
        (power, f"{10.0**power:.{max(0, -power)}f}") for power in inner[:: 1 + len(inner) // 3]
    ]
    return ((low, ""), *marks, (high, ""))


def _kept(curves: Curves) -> int | None:
    """The round whose result was taken, if that is not simply the last."""
    if curves.best is None or curves.best + 1 == len(curves.epochs):
        return None
    return curves.best + 1


def _now(curves: Curves, what: str, words: Callable[[int], str]) -> str:
    if not curves.epochs:
        return f"{what}: nothing to see before the first round is finished."
    count = len(curves.epochs)
    return f"{what} after {count} of {max(curves.planned, count)} rounds: {words(count - 1)}."


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]
