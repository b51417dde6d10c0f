"""How good a trained model is, what would help, and how it learned."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from nocode_classifier.learn.accuracy import Accuracy
from nocode_classifier.learn.enough import FEWEST_CLASSES
from nocode_classifier.learn.figures import GOOD, Figures, figures_of
from nocode_classifier.learn.settings import Mode
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.ui.kit.chip import chip
from nocode_classifier.ui.steps.train.curves_view import curves_html
from nocode_classifier.ui.steps.train.facts import Advice, TrainPage

MOST_MISTAKES = 24

BETTER_THAN_CHANCE = 1.2
"""Times as often right as guessing, from which on it is more than that."""

VERDICTS = (
    (0.95, "Excellent"),
    (GOOD, "Good"),
    (0.7, "Useful, with room to grow"),
    (0.0, "A start: more photos will help"),
)


def headline_html(page: TrainPage, card: Mapping[str, Any]) -> str:
    """How good the model is, what would help, and the way on.

    Args:
        page: all there is to see.
        card: of the model.
    """
    return (
        f'{_changed(page)}{_headline(page, card)}<div class="step-foot">{_foot(page)}</div>'
        f"{_advice(page.advice)}"
    )


def _changed(page: TrainPage) -> str:
    """That the model is behind the photos, and what is done about it."""
    if not page.stale:
        return ""
    what = (
        "It is taking that in just now; you can go on."
        if page.improving
        else "Train again to take that in."
    )
    return f'<p class="changed" role="status">Your photos or classes have changed since. {what}</p>'


def details_html(page: TrainPage) -> str:
    """The figures by class, what it got wrong, and how it learned; "" without a model."""
    if page.running is not None or page.card is None:
        return ""
    body = f"{_by_class(page, page.card)}{_mistakes(page)}{_how(page)}"
    return f'<section class="training">{body}</section>'


def remedy(page: TrainPage) -> str:
    """The button that leads to what is missing."""
    if len(page.classes) < FEWEST_CLASSES:
        return '<button class="main-button" data-action="name">Name them</button>'
    return '<button class="main-button" data-action="collect">Add photos</button>'


def _headline(page: TrainPage, card: Mapping[str, Any]) -> str:
    figures = figures_of(card)
    name, shown = figures.weakest, figures.overall
    if shown is None:
        return (
            '<div class="headline"><div class="meaning"><h1 class="page-title">'
            "It has learned, but can't be measured yet</h1>"
            f"<p>{html.escape(figures.reason)}</p></div>{_comparison(page)}</div>"
        )
    if name is not None:
        shown = figures.measured[name]
    what = "right" if name is None else f"right on “{html.escape(name)}”"
    return (
        f'<div class="headline"><div class="figure"><p class="big-number">'
        f'<span class="accuracy">{shown.value:.0%}</span> {what}</p>{_interval(shown)}</div>'
        f'<div class="meaning"><h1 class="page-title">{_verdict(figures)}</h1>'
        f"{_counts(figures)}{_sure(card['sure'])}</div>{_comparison(page)}</div>"
    )


def _counts(figures: Figures) -> str:
    """The counts behind the figures, and what to expect."""
    found, weakest = figures.overall, figures.weakest
    if found is None:
        return ""
    first = ""
    if weakest is not None:
        least = figures.measured[weakest]
        first = (
            f"<p>Its weakest class is “{html.escape(weakest)}”: right on <b>{least.correct:,} of "
            f"{least.photos:,}</b> photos.</p>"
        )
    reason = f"<p>{html.escape(figures.reason)}</p>" if figures.reason else ""
    return (
        f"{first}<p>{'Over all classes it' if first else 'It'} was right on "
        f"<b>{found.correct:,} of {found.photos:,}</b> photos it had not seen. On new photos like "
        f"these, expect between <b>{found.low:.0%}</b> and <b>{found.high:.0%}</b>.</p>{reason}"
    )


def _sure(sure: Mapping[str, float | None]) -> str:
    share, right = sure.get("share"), sure.get("accuracy")
    if share is None or right is None:
        return ""
    return (
        f"<p>It said “not sure” about {1 - share:.0%} of these photos. On the rest it was right "
        f"{right:.0%} of the time.</p>"
    )


def _comparison(page: TrainPage) -> str:
    """Which of two trainings won, and by how much."""
    notes = "".join(f'<p class="remark">{html.escape(note)}</p>' for note in page.notes)
    card = page.card or {}
    comparison = card.get("contest")
    if not comparison:
        return notes
    whole = card.get("settings", {}).get("mode") == Mode.FULL
    rows = "".join(
        _compared(name, comparison[key], won=comparison["adopted"] == (key == "tuned"))
        for key, name in (("quick", "Quick"), ("tuned", "Whole network" if whole else "Thorough"))
    )
    return (
        f'<div class="contest"><ul>{rows}</ul><p>{html.escape(comparison.get("sentence", ""))}</p>'
        f"</div>{notes}"
    )


def _compared(name: str, found: Mapping[str, Any], *, won: bool) -> str:
    counts = f"{found['correct']:,} of {found['photos']:,}"
    used = '<span class="unseen">, in use</span>' if won else ""
    return (
        f'<li class="{"won" if won else ""}"><span class="who">{name}{used}</span>'
        '<span class="bar" aria-hidden="true">'
        f'<span style="width:{100 * found["accuracy"]:.1f}%"></span></span>'
        f'<span class="counts">{found["accuracy"]:.1%}<small class="unseen">, {counts}</small>'
        "</span></li>"
    )


def _advice(advice: Sequence[Advice]) -> str:
    if not advice:
        return ""
    cards = "".join(f"<li><p>{html.escape(one.sentence)}</p>{_press(one)}</li>" for one in advice)
    return f'<h2>What would help</h2><ul class="advice">{cards}</ul>'


def _press(advice: Advice) -> str:
    if not advice.press:
        return ""
    return (
        '<button class="quiet-button" data-action="advice"'
        f' data-press="{html.escape(advice.press)}"'
        f">{html.escape(advice.label)}</button>"
    )


def _verdict(figures: Figures) -> str:
    """A judgement that no class falls behind: luck with few photos earns no praise."""
    if figures.level <= BETTER_THAN_CHANCE / max(len(figures.by_class), 2):
        return "Hardly better than guessing yet"
    return next(word for least, word in VERDICTS if figures.worth >= least)


def _interval(found: Accuracy) -> str:
    left, width = 100 * found.low, 100 * (found.high - found.low)
    words = f"between {found.low:.0%} and {found.high:.0%}"
    return (
        f'<div class="interval" role="img" aria-label="{words}">'
        f'<span class="range" style="left:{left:.1f}%;width:{width:.1f}%"></span>'
        f'<span class="point" style="left:{100 * found.value:.1f}%"></span></div>'
        f'<p class="ends" aria-hidden="true"><span>0%</span><span>{words}</span>'
        "<span>100%</span></p>"
    )


def _by_class(page: TrainPage, card: Mapping[str, Any]) -> str:
    colours = {label.name: label.colour for label in page.classes}
    weakest_first = dict.fromkeys([*figures_of(card).measured, *card["confusion"]])
    rows = "".join(
        _class_row(name, colours.get(name, 0), card["confusion"][name]) for name in weakest_first
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
    counts = f"{right:,} of {photos:,} right" if photos else "not measured yet"
    return (
        f'<li class="class-{colour}">{chip(name, colour)}<span class="bar" aria-hidden="true">'
        f'<span style="width:{share:.1f}%"></span></span>'
        f'<span class="counts">{counts}</span>'
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


def _how(page: TrainPage) -> str:
    drawn = "" if page.curves is None else curves_html(page.curves)
    if not drawn:
        return ""
    return (
        "<h2>How it learned</h2><p class='page-lead small'>Round by round, on the photos it learns "
        f"from and on those kept aside to check it.</p>{drawn}"
    )


def _foot(page: TrainPage) -> str:
    if page.missing:
        return f'<p class="missing">{html.escape(page.missing)}</p>{remedy(page)}'
    if page.stale:
        return '<button class="side-button" data-action="try">Try it as it is</button>'
    if page.advice and page.advice[0].adds:
        return (
            '<button class="main-button" data-action="collect">Add more photos</button>'
            '<button class="side-button" data-action="try">Next: try it</button>'
        )
    return '<button class="main-button" data-action="try">Next: try it</button>'
