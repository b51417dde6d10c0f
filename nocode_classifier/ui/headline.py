"""How good a model is, at a glance: the figure, its interval, a verdict, and where it is weak."""

from __future__ import annotations

from typing import Any

from nocode_classifier.learn.accuracy import Accuracy
from nocode_classifier.learn.figures import GOOD, Figures

BETTER_THAN_CHANCE = 1.2
"""Times as often right as guessing, from which on it is more than that."""

VERDICTS = (
    (0.95, "Excellent"),
    (GOOD, "Good"),
    (0.7, "Useful, with room to grow"),
    (0.0, "A start: more photos will help"),
)


def headline_value(figures: Figures) -> dict[str, Any]:
    """What `kit/headline.js` shows: a title and sentences, and the figure where there is one.

    Where the classes are uneven the figure is that of the weakest.
    """
    overall, weakest = figures.overall, figures.weakest
    if overall is None:
        title = "It has learned, but can't be measured yet"
        return {"title": title, "figure": None, "sentences": [figures.reason]}
    shown = overall if weakest is None else figures.measured[weakest]
    sentences = [_weak(figures), _overall(overall, after=weakest is not None), figures.reason]
    if weakest is None:
        sentences[:2] = reversed(sentences[:2])
    return {
        "title": verdict(figures),
        "figure": {
            "number": f"{shown.value:.0%}",
            "what": "right" if weakest is None else f"right on “{weakest}”",
            "between": f"between {shown.low:.0%} and {shown.high:.0%}",
            "value": shown.value,
            "low": shown.low,
            "high": shown.high,
        },
        "sentences": [sentence for sentence in sentences if sentence],
    }


def verdict(figures: Figures) -> str:
    """A judgement that no class falls behind: luck with few photos earns no praise."""
    if figures.level <= BETTER_THAN_CHANCE / max(len(figures.by_class), 2):
        return "Hardly better than guessing yet"
    return next(word for least, word in VERDICTS if figures.worth >= least)


def _overall(found: Accuracy, *, after: bool) -> str:
    return (
        f"{'Over all classes: right' if after else 'Right'} on {found.correct:,} of "
        f"{found.photos:,} photos it had not seen; likely between {100 * found.low:.0f} and "
        f"{100 * found.high:.0f} in 100 on new photos like these."
    )


def _weak(figures: Figures) -> str:
    """The class that falls behind; "" where none does."""
    for name, found in figures.measured.items():
        if figures.weakest == name or (figures.overall and found.high < figures.overall.value):
            return (
                f"Its weakest class is “{name}”: right on {found.correct:,} of {found.photos:,} "
                "photos."
            )
        break
    return ""
