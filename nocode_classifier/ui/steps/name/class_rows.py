"""The page that names the classes, as HTML; what it does is in `ui/steps/name/step.py`."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass

from nocode_classifier.project.records import ClassLabel
from nocode_classifier.project.tables.classes import LONGEST_HINT, MOST_HINTS
from nocode_classifier.ui.theme import CLASS_COLOURS

FIRST_HINT = "+ Add a hint to show with this answer"


@dataclass(frozen=True, slots=True)
class NamePage:
    """All there is to see on the page.

    Attributes:
        counts: photos by class number.
        removed: what Undo would take back, or "".
        problem: what was wrong with the last thing typed, or "".
        missing: what is needed before the next step, or "".
        tries: changes with every action, so that the browser draws a refused field anew.
    """

    project: str
    classes: tuple[ClassLabel, ...]
    counts: Counter[int]
    removed: str = ""
    problem: str = ""
    missing: str = ""
    tries: int = 0


def name_html(page: NamePage) -> str:
    """The whole page."""
    rows = "".join(_row(label, page.counts[label.id]) for label in page.classes)
    closed = ' aria-disabled="true" aria-describedby="name-missing"' if page.missing else ""
    return (
        f'<section class="naming" data-tries="{page.tries}">'
        '<h1 class="page-title">What should it tell apart?</h1>'
        '<p class="page-lead">Give each kind of thing a name. '
        "You can add more later.</p>"
        f'{_undo(page.removed)}<ul class="class-rows">{rows}</ul>'
        f"{_problem(page.problem)}{_add(bool(page.classes))}"
        f'<label class="project-field"><span>Name of the project</span>'
        f'<input type="text" data-action="rename-project" maxlength="255" autocomplete="off" '
        f'value="{html.escape(page.project)}"></label>'
        f'<div class="step-foot"><p id="name-missing" class="missing">{html.escape(page.missing)}'
        f'</p><button class="main-button" data-action="next"{closed}>Next: add photos</button>'
        "</div></section>"
    )


def _row(label: ClassLabel, photos: int) -> str:
    name, key = html.escape(label.name), f'data-class="{label.id}"'
    count = "1 photo" if photos == 1 else f"{photos:,} photos" if photos else ""
    return (
        f'<li class="class-row class-{label.colour % len(CLASS_COLOURS)}">'
        '<span class="swatch" aria-hidden="true"></span><div class="class-fields">'
        f'<input type="text" class="class-name" data-action="rename" {key} value="{name}" '
        f'maxlength="255" autocomplete="off" aria-label="Name of the class {name}">'
        f'{_hints(label)}</div><span class="quiet row-count">{count}</span>'
        f'<button class="quiet-button remove" data-action="remove" {key} '
        f'aria-label="Remove the class {name}" title="Remove">✕</button></li>'
    )


def _hints(label: ClassLabel) -> str:
    """Each hint in a field of its own, and an empty one that looks like an offer."""
    name, key = html.escape(label.name), f'data-class="{label.id}"'
    known = "".join(
        f'<li><input type="text" class="class-hint" data-action="hint" {key} data-hint="{place}" '
        f'value="{html.escape(hint)}" maxlength="{LONGEST_HINT}" autocomplete="off" '
        f'aria-label="Hint {place + 1} for {name}">'
        f'<button class="quiet-button" data-action="drop-hint" {key} data-hint="{place}" '
        f'aria-label="Remove hint {place + 1} of {name}" title="Remove">✕</button></li>'
        for place, hint in enumerate(label.hints)
    )
    more = (
        f'<li><input type="text" class="class-hint new" data-action="add-hint" {key} '
        f'placeholder="{"+ Add another hint" if label.hints else FIRST_HINT}" '
        f'maxlength="{LONGEST_HINT}" autocomplete="off" aria-label="Add a hint for {name}" '
        f'title="A remark that is shown with this answer"></li>'
    )
    room = len(label.hints) < MOST_HINTS
    return f'<ul class="class-hints">{known}{more if room else ""}</ul>'


def _add(some: bool) -> str:
    example = "Add another…" if some else "For example: cats"
    return (
        '<form class="add-class" data-action="add" data-before="next">'
        f'<input type="text" autocomplete="off" placeholder="{example}" '
        'aria-label="Name of a new class">'
        '<button type="submit" class="side-button">Add</button></form>'
    )


def _undo(removed: str) -> str:
    if not removed:
        return ""
    return (
        f'<div class="undo-bar" role="status"><span>{html.escape(removed)}.</span>'
        '<button class="quiet-button" data-action="undo">Undo</button></div>'
    )


def _problem(problem: str) -> str:
    return f'<p class="problem" role="alert">{html.escape(problem)}</p>' if problem else ""
