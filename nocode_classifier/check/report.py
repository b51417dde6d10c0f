"""A report of one page: how good a model is, what it gets wrong, and what it was made of.

The page (HTML) needs nothing from anywhere and runs no script, so that it can be kept, sent and
printed. Photos are on it as small pictures, never under the names of their files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nocode_classifier.check.checked import CheckedModel
from nocode_classifier.check.examples import examples_of
from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.check.model_words import (
    LIMITS,
    STALE,
    confused_words,
    credits_words,
    day_of,
    how_good,
    sure_words,
    what_it_does,
)
from nocode_classifier.check.suspicion_words import suspicion_sentences
from nocode_classifier.learn.settings_words import mode_words, settings_words
from nocode_classifier.project.pages.html_template import html_template

CLASSES_IN_MATRIX = 50
"""With more classes it is no longer readable; the pairs that are mixed up most still are."""

CLASSES_NAMED_ABOVE = 8
"""With more classes the columns of the matrix have numbers instead of names."""

MOST_CONFUSED = 5

CREDITS_SHOWN = 500
"""More credits than these are counted, not listed."""

DARK = 0.55
"""From this share on, what stands in a cell of the matrix has to be light."""


def report_page(checked: CheckedModel, *, pictures: bool = True) -> str:
    """The report (HTML).

    Args:
        checked: what it is about.
        pictures: whether photos are on it; without, it may be shown to everyone.
    """
    check, card = checked.check, checked.card
    wrong, right = examples_of(check, checked.picture if pictures else None)
    return html_template(Path(__file__).with_name("report.html")).render(
        title=checked.title,
        day=day_of(card),
        lead=what_it_does(card, check.class_names),
        figures=[*how_good(check.figures, checked.method)],
        change=check.change.sentence if check.change else "",
        stale=STALE if check.stale else "",
        classes=[*_classes(checked)],
        matrix=_matrix(check),
        confused=[confused_words(pair) for pair in check.most_confused(MOST_CONFUSED)],
        wrong=wrong,
        all_wrong=sum(answer.predicted != answer.true for answer in check.answers),
        right=right,
        sure=[*sure_words(check.sure)],
        noticed=[*_noticed(checked)],
        settings=[*_settings(card)],
        limits=LIMITS,
        **_credits(checked),
    )


def _noticed(checked: CheckedModel) -> Iterator[str]:
    """What would help, what gains most first; then what there is to know of the photos."""
    yield from checked.advice_sentences
    if checked.findings and checked.findings.curve:
        yield checked.findings.curve.sentence
    told = {advice.view for advice in checked.advice or ()}
    yield from suspicion_sentences(
        suspect.kind for suspect in checked.suspects if suspect.kind not in told
    )


def _credits(checked: CheckedModel) -> dict[str, Any]:
    """Whose the photos are; what a person's own files are called is private."""
    found = [credit for credit in checked.credits if credit.is_from_the_web]
    return {
        "own": len(checked.credits) - len(found),
        "credited": credits_words(found) if found else "",
        "credits": found[:CREDITS_SHOWN],
        "more_credits": len(found[CREDITS_SHOWN:]),
    }


def _classes(checked: CheckedModel) -> Iterator[dict[str, Any]]:
    """A row for each class: photos it learned from, how many were answered, and how."""
    counts = [entry.get("photos") for entry in checked.card["classes"]]
    measured = checked.check.figures.by_class
    for learned, found in zip(counts, checked.check.by_class(), strict=True):
        yield {"learned": learned, "found": found, "accuracy": measured.get(found.name)}


def _matrix(check: ModelCheck) -> dict[str, Any] | None:
    """The confusion matrix as rows of cells, each with its count and its share of the row."""
    if check.figures.overall is None or len(check.class_names) > CLASSES_IN_MATRIX:
        return None
    totals = check.confusion.sum(axis=1).tolist()
    rows = [
        [
            {"count": count, "share": count / max(total, 1), "right": row == column}
            for column, count in enumerate(counts)
        ]
        for row, (counts, total) in enumerate(zip(check.confusion.tolist(), totals, strict=True))
    ]
    return {
        "names": check.class_names,
        "numbered": len(check.class_names) > CLASSES_NAMED_ABOVE,
        "rows": [*zip(check.class_names, rows, totals, strict=True)],
        "dark": DARK,
    }


def _settings(card: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What it was made with, by name."""
    settings = card.get("settings") or {
        key: card[key] for key in ("mode", "backbone") if key in card
    }
    yield "Training", mode_words(settings)
    yield "Network", settings_words(settings)
    if licence := card.get("licence"):
        yield "Its licence", str(licence)
    if side := card.get("input_size"):
        yield "Looks at", f"{side} × {side} pixels"
    photos = sum(int(entry.get("photos") or 0) for entry in card["classes"])
    yield "Photos", f"{photos:,} in {len(card['classes']):,} classes"
    yield "Trained on", day_of(card)
    yield "Made with", f"nocode-classifier {card.get('app_version') or ''}".rstrip()
