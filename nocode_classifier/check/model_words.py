"""What there is to say of a model, as plain sentences: for its card, its report, a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nocode_classifier.check.model_check import Confused
from nocode_classifier.learn.figures import Figures
from nocode_classifier.project.credits.credits import Credit

CLASSES_NAMED = 12
"""Of more classes a sentence tells only how many there are."""

NOT_MEASURED = "It has not been measured."

STALE = "Photos or classes have changed since it was trained; this is about it as it was trained."

LIMITS = (
    "It says which of its classes a photo shows, one answer a photo. It does not find where things "
    "are, count them, or read text, and it sees a photo at no more than some hundred pixels a "
    "side.",
    "The figures hold for photos like those it learned from. On other photos (another light, "
    "another background, another camera) it may do worse, and no figure from those photos can "
    "tell.",
    "“Not sure” means that an answer is too close to call, or that a photo is unlike all it has "
    "seen.",
    "Don't let it decide alone where a wrong answer hurts someone: which mushroom can be eaten, "
    "what a spot on the skin is, who a person is.",
)
"""What nobody should expect of any model that this app makes."""


def what_it_does(card: Mapping[str, Any], class_names: Sequence[str] = ()) -> str:
    """What it tells apart, and what it was made of.

    Args:
        card: what is in the model's `card.json`.
        class_names: what its classes are called today, if not as on the card.
    """
    names = [*class_names] or [entry["name"] for entry in card["classes"]]
    *others, last = names
    listed = f"says: {', '.join(others)} or {last}" if others else f"says: {last}"
    if len(names) > CLASSES_NAMED:
        listed = f"says which of {len(names):,} classes it shows"
    photos = sum(int(entry.get("photos") or 0) for entry in card["classes"])
    made = f" It learned from {photos:,} photos" if photos else " It was made"
    return (
        f"A small image classifier. It looks at a photo and {listed}; or that it is not sure."
        f"{made} with nocode-classifier, without a line of code."
    )


def how_good(figures: Figures, method: str) -> Iterator[str]:
    """How often it was right, and how that was measured.

    Args:
        method: in words that go on after "Measured by"; may be empty.
    """
    yield figures.in_words(digits=1) or NOT_MEASURED
    if figures.overall is not None and method:
        yield f"Measured by {method}."


def method_of(card: Mapping[str, Any]) -> str:
    """How the figures on a card were measured; "" if it does not say."""
    return str((card.get("accuracy") or {}).get("method") or "")


def confused_words(pair: Confused) -> str:
    """Which class was taken for which, and how often."""
    return f"'{pair.true}' was taken for '{pair.answered}' {pair.count:,} of {pair.photos:,} times."


def line_in_use(sure: Mapping[str, Any]) -> Mapping[str, Any]:
    """The operating point in use, of those on a card."""
    choices = sure.get("choices")
    return choices[sure["chosen"]] if choices else sure


def sure_words(sure: Mapping[str, Any]) -> Iterator[str]:
    """From where on an answer is sure, and what that means.

    Args:
        sure: as on the model's card.
    """
    line = line_in_use(sure)
    yield (
        f"An answer is sure if its class has a probability of at least "
        f"{line['probability']:.0%} and the photo resembles those it learned from (by at least "
        f"{line['familiarity']:.2f}, where 1 is the same). About all other photos it says “not "
        "sure”."
    )
    if line.get("share") is None:
        yield "How often that is right has not been measured."
        return
    counts = ""
    if line.get("answered") is not None:
        counts = (
            f" (of {line['photos']:,} photos it had not seen it answered {line['answered']:,}, "
            f"and {line['right']:,} of these rightly)"
        )
    yield (
        f"So it answers {100 * line['share']:.0f} of 100 photos, and is right on "
        f"{100 * line['accuracy']:.0f} of 100 of these{counts}."
    )


def made_with(card: Mapping[str, Any]) -> Iterator[str]:
    """The network it stands on, when it was made, and with which version of the app."""
    if card.get("backbone"):
        licence = f" ({card['licence']})" if card.get("licence") else ""
        names = [part.partition("@")[0] for part in str(card["backbone"]).split("+")]
        networks = "network" if len(names) == 1 else "networks"
        yield f"It stands on the pretrained {networks} {' and '.join(names)}{licence}."
    made = f"on {day} " if (day := day_of(card)) else ""
    version = card.get("app_version") or ""
    yield f"Made {made}with nocode-classifier {version}".rstrip() + "."


def day_of(card: Mapping[str, Any]) -> str:
    """The day on which it was made, "2026-11-30"; "" if its card does not say."""
    return str(card.get("made_at") or "")[:10]


def credits_words(found: Sequence[Credit]) -> str:
    """How many photos are the work of others, and under which licences.

    Args:
        found: on the web, at least one.
    """
    licences = Counter(credit.licence or "licence not known" for credit in found)
    counted = ", ".join(f"{name}: {count:,}" for name, count in licences.most_common())
    work = f"{len(found):,} of the photos that it learned from are the work"
    if len(found) == 1:
        work = "One photo that it learned from is the work"
    return (
        f"{work} of others ({counted}). The licences are what the places claim where the photos "
        "were found:"
    )
