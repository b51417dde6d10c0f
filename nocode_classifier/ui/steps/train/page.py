"""The page that trains and says how good the result is; what it does is in step.py."""

from __future__ import annotations

import html

from nocode_classifier.progress import Progress
from nocode_classifier.ui.kit.chip import chip
from nocode_classifier.ui.kit.drawings import drawing
from nocode_classifier.ui.shell.status_bar import time_left
from nocode_classifier.ui.steps.train.curves_view import curves_html
from nocode_classifier.ui.steps.train.facts import TrainPage
from nocode_classifier.ui.steps.train.result import headline_html, remedy


def train_html(page: TrainPage) -> str:
    """The head of the page: an invitation, how far it is, or how good it is."""
    if page.running is not None:
        body = _running(page.running, page.stopping)
    elif page.card is not None:
        body = headline_html(page, page.card)
    else:
        body = _invitation(page)
    return f'<section class="training">{body}</section>'


def _invitation(page: TrainPage) -> str:
    photos = sum(page.counts.values())
    chips = "".join(
        chip(label.name, label.colour, note=f"{page.counts[label.id]:,}") for label in page.classes
    )
    lead = html.escape(page.missing) if page.missing else _beforehand(photos)
    return (
        f'<div class="welcome inviting">{drawing("training")}<h1 class="page-title">'
        f"{'Almost there' if page.missing else 'Ready to learn'}</h1>"
        f'<p class="page-lead">{lead}</p><div class="chips centred">{chips}</div>'
        f"{remedy(page) if page.missing else ''}</div>"
    )


def _beforehand(photos: int) -> str:
    return (
        f"One click looks at your {photos:,} photos, learns from them and checks itself on photos "
        "it has not seen, all on this computer."
    )


def _running(progress: Progress, stopping: bool) -> str:
    percent = max(0, min(100, round(100 * progress.fraction)))
    count = f"{progress.done:,} of {progress.total:,}" if progress.total else ""
    details = " · ".join(part for part in (count, time_left(progress.seconds_left)) if part)
    stage = "Stopping" if stopping else progress.stage
    curves = "" if progress.curves is None else curves_html(progress.curves, live=True)
    stop = (
        ""
        if stopping
        else '<button class="side-button" data-action="stop">Stop</button>'
        '<p class="quiet">You can leave this page; it goes on.</p>'
    )
    return (
        f'<div class="welcome training-now{" with-curves" if curves else ""}">'
        f'{drawing("training")}<h1 class="page-title">{html.escape(stage)}…</h1>'
        f'<p class="page-lead" role="status">{html.escape(details) or "&nbsp;"}</p>'
        f'<progress max="100" value="{percent}" aria-label="{html.escape(stage)}">{percent}%'
        f"</progress>{stop}</div>{curves}"
    )
