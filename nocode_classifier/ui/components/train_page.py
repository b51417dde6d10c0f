"""The page that trains and says how good the result is; what it does is in `ui/steps/train.py`."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nocode_classifier.learn.enough import FEWEST_CLASSES
from nocode_classifier.progress import Progress
from nocode_classifier.project.records import ClassLabel, HeldOutAnswer
from nocode_classifier.ui.components.chip import chip
from nocode_classifier.ui.components.drawings import drawing
from nocode_classifier.ui.components.job_strip import time_left

SECONDS_A_PHOTO = 0.016
"""Measured with two cores; only for saying beforehand whether it takes seconds or minutes."""

MOST_MISTAKES = 24


@dataclass(frozen=True, slots=True)
class TrainPage:
    """All there is to see on the page.

    Attributes:
        counts: kept photos by class number.
        missing: what is needed before training, or "".
        running: how far the training is, or None when none runs.
        card: of the model there is, or None.
        stale: photos or classes changed since it was trained.
        mistakes: held-out photos it answered wrongly, most certain first.
    """

    project_id: str
    classes: tuple[ClassLabel, ...]
    counts: Mapping[int, int]
    missing: str = ""
    running: Progress | None = None
    stopping: bool = False
    card: Mapping[str, Any] | None = None
    stale: bool = False
    mistakes: tuple[HeldOutAnswer, ...] = ()


def train_html(page: TrainPage) -> str:
    """The whole page."""
    if page.running is not None:
        body = _running(page.running, page.stopping)
    elif page.card is not None:
        body = _result(page, page.card)
    else:
        body = _invitation(page)
    return f'<section class="training">{body}</section>'


def _invitation(page: TrainPage) -> str:
    photos = sum(page.counts.values())
    chips = "".join(
        chip(label.name, label.colour, note=f"{page.counts.get(label.id, 0):,}")
        for label in page.classes
    )
    lead = html.escape(page.missing) if page.missing else _beforehand(photos)
    button = (
        _remedy(page)
        if page.missing
        else '<button class="main-button big" data-action="train">Train now</button>'
    )
    return (
        f'<div class="welcome">{drawing("training")}<h1 class="page-title">'
        f"{'Almost there' if page.missing else 'Ready to learn'}</h1>"
        f'<p class="page-lead">{lead}</p><div class="chips centred">{chips}</div>{button}</div>'
    )


def _remedy(page: TrainPage) -> str:
    """The button that leads to what is missing."""
    if len(page.classes) < FEWEST_CLASSES:
        return '<button class="main-button" data-action="name">Name them</button>'
    return '<button class="main-button" data-action="collect">Add photos</button>'


def _beforehand(photos: int) -> str:
    seconds = max(3, round(photos * SECONDS_A_PHOTO + 2))
    took = f"{seconds} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    return (
        f"One click looks at your {photos:,} photos, learns from them and checks itself on photos "
        f"it has not seen. About {took}, all on this computer."
    )


def _running(progress: Progress, stopping: bool) -> str:
    percent = max(0, min(100, round(100 * progress.fraction)))
    count = f"{progress.done:,} of {progress.total:,}" if progress.total else ""
    details = " · ".join(part for part in (count, time_left(progress.seconds_left)) if part)
    stage = "Stopping" if stopping else progress.stage
    stop = (
        ""
        if stopping
        else '<button class="side-button" data-action="stop">Stop</button>'
        '<p class="quiet">You can leave this page; it goes on.</p>'
    )
    return (
        f'<div class="welcome training-now">{drawing("training")}'
        f'<h1 class="page-title">{html.escape(stage)}…</h1>'
        f'<p class="page-lead" role="status">{html.escape(details) or "&nbsp;"}</p>'
        f'<progress max="100" value="{percent}" aria-label="{html.escape(stage)}">{percent}%'
        f"</progress>{stop}</div>"
    )


def _result(page: TrainPage, card: Mapping[str, Any]) -> str:
    return (
        f"{_headline(page, card)}{_by_class(page, card)}{_mistakes(page)}"
        f'<div class="step-foot">{_foot(page)}</div>'
    )


def _headline(page: TrainPage, card: Mapping[str, Any]) -> str:
    found, sure = card["accuracy"], card["sure"]
    changed = (
        '<p class="changed" role="status">Your photos or classes have changed since. '
        "Train again to take that in.</p>"
        if page.stale
        else ""
    )
    return (
        f'{changed}<div class="headline"><div class="figure"><p class="big-number">'
        f'<span class="accuracy">{found["value"]:.0%}</span> right</p>{_interval(found)}</div>'
        '<div class="meaning"><h1 class="page-title">'
        f"{_verdict(found['low'], len(card['classes']))}</h1>"
        f"<p>It was right on <b>{found['correct']:,} of {found['photos']:,}</b> photos it had not "
        f"seen. On new photos like these, expect between <b>{found['low']:.0%}</b> and "
        f"<b>{found['high']:.0%}</b>.</p>"
        f"<p>It answers “not sure” to {1 - sure['share']:.0%} of your own photos; when it is sure, "
        f"it is right {sure['accuracy']:.0%} of the time.</p></div></div>"
    )


def _verdict(low: float, classes: int) -> str:
    """A judgement that rests on the lower end: luck with few photos earns no praise."""
    if low >= 0.95:
        return "Excellent"
    if low >= 0.85:
        return "Good"
    if low >= 0.7:
        return "Useful, with room to grow"
    if low > 1.2 / classes:
        return "A start: more photos will help"
    return "Hardly better than guessing yet"


def _interval(found: Mapping[str, Any]) -> str:
    left, width = 100 * found["low"], 100 * (found["high"] - found["low"])
    words = f"between {found['low']:.0%} and {found['high']:.0%}"
    return (
        f'<div class="interval" role="img" aria-label="{words}">'
        f'<span class="range" style="left:{left:.1f}%;width:{width:.1f}%"></span>'
        f'<span class="point" style="left:{100 * found["value"]:.1f}%"></span></div>'
        f'<p class="ends" aria-hidden="true"><span>0%</span><span>{words}</span>'
        "<span>100%</span></p>"
    )


def _by_class(page: TrainPage, card: Mapping[str, Any]) -> str:
    colours = {label.name: label.colour for label in page.classes}
    rows = "".join(
        _class_row(entry["name"], colours.get(entry["name"], 0), card["confusion"][entry["name"]])
        for entry in card["classes"]
    )
    return f'<h2>By class</h2><ul class="by-class">{rows}</ul>'


def _class_row(name: str, colour: int, answers: Mapping[str, int]) -> str:
    right, photos = answers[name], sum(answers.values())
    mixed = sorted(
        ((count, other) for other, count in answers.items() if other != name and count),
        reverse=True,
    )
    taken = ", ".join(f"{count} taken for {other}" for count, other in mixed[:3])
    share = 100 * right / max(photos, 1)
    return (
        f'<li class="class-{colour}">{chip(name, colour)}<span class="bar" aria-hidden="true">'
        f'<span style="width:{share:.1f}%"></span></span>'
        f'<span class="counts">{right:,} of {photos:,} right</span>'
        f'<span class="quiet mixed">{html.escape(taken)}</span></li>'
    )


def _mistakes(page: TrainPage) -> str:
    if not page.mistakes:
        return ""
    colours = {label.name: label.colour for label in page.classes}
    shown: Sequence[HeldOutAnswer] = page.mistakes[:MOST_MISTAKES]
    tiles = "".join(_mistake(page.project_id, answer, colours) for answer in shown)
    more = len(page.mistakes) - len(shown)
    note = f'<p class="quiet">and {more:,} more</p>' if more else ""
    return (
        "<h2>What it got wrong</h2><p class='page-lead small'>A photo in the wrong class? "
        "Put it right under Review, then train again.</p>"
        f'<ul class="mistakes">{tiles}</ul>{note}'
    )


def _mistake(project_id: str, answer: HeldOutAnswer, colours: Mapping[str, int]) -> str:
    said = f"{html.escape(answer.true)}, taken for {html.escape(answer.predicted)}"
    return (
        f'<li><img src="/thumbnails/{project_id}/{answer.sha256}" alt="{said}" loading="lazy">'
        f"{chip(answer.true, colours.get(answer.true, 0))}"
        f'<span class="quiet">taken for</span>'
        f"{chip(answer.predicted, colours.get(answer.predicted, 0), note=_percent(answer))}</li>"
    )


def _percent(answer: HeldOutAnswer) -> str:
    return f"{answer.probability:.0%}"


def _foot(page: TrainPage) -> str:
    if page.missing:
        return f'<p class="missing">{html.escape(page.missing)}</p>{_remedy(page)}'
    if page.stale:
        return (
            '<button class="side-button" data-action="try">Try it as it is</button>'
            '<button class="main-button" data-action="train">Train again</button>'
        )
    return (
        '<button class="side-button" data-action="train">Train again</button>'
        '<button class="main-button" data-action="try">Next: try it</button>'
    )
