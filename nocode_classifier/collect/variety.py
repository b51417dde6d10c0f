"""Search words that bring other photos than the plain name of a class does.

A class whose photos all look alike is learned by its looks: bears in snow against bears in grass.
Each suggestion is a phrase that finds the same thing elsewhere, nearer, or at another time; a
person switches on those that make sense.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way to vary a search.

    Attributes:
        key: its name; never changes.
        label: what the switch says.
        words: the whole phrase to search with.
        group: what it varies; suggestions of a group belong side by side.
    """

    key: str
    label: str
    words: str
    group: str


@dataclass(frozen=True, slots=True)
class ParsedPhrases:
    """Phrases as what a person wrote and what was switched on."""

    own: tuple[str, ...]
    switched_on: tuple[str, ...]


_DISTANCE, _PLACE, _LIGHT, _SEASON, _NUMBER = "Distance", "Place", "Light", "Season", "How many"

_ADDITIONS = (
    ("close-up", "Close-up", "close-up", _DISTANCE),
    ("from-afar", "From afar", "from a distance", _DISTANCE),
    ("from-the-side", "From the side", "from the side", _DISTANCE),
    ("from-above", "From above", "from above", _DISTANCE),
    ("indoors", "Indoors", "indoors", _PLACE),
    ("outdoors", "Outdoors", "outdoors", _PLACE),
    ("in-the-wild", "In the wild", "in the wild", _PLACE),
    ("in-use", "In use", "in use", _PLACE),
    ("at-home", "At home", "at home", _PLACE),
    ("by-day", "In daylight", "in daylight", _LIGHT),
    ("at-night", "At night", "at night", _LIGHT),
    ("in-the-rain", "In the rain", "in the rain", _LIGHT),
    ("in-spring", "In spring", "in spring", _SEASON),
    ("in-summer", "In summer", "in summer", _SEASON),
    ("in-autumn", "In autumn", "in autumn", _SEASON),
    ("in-snow", "In snow", "in snow", _SEASON),
    ("single", "Only one", "single", _NUMBER),
    ("several", "Several", "group", _NUMBER),
)

_CIRCUMSTANCE = re.compile(
    r"\s+(?:in|on|at|with|from|near|by|during|under|over|behind|through|close[- ]?up|closeup|"
    r"indoors|outdoors|single|group|portrait|photos?|pictures?|images?)(?:\s.*)?$",
    re.IGNORECASE,
)


def suggestions(class_name: str) -> tuple[Suggestion, ...]:
    """What could be searched for besides the name of a class, in groups."""
    name = " ".join(class_name.split())
    return tuple(
        Suggestion(key, label, f"{name} {addition}", group)
        for key, label, addition, group in _ADDITIONS
    )


def phrases(own: Sequence[str], switched_on: Collection[str]) -> tuple[str, ...]:
    """Everything to search with: what a person wrote, then each of it with each addition.

    Args:
        own: phrases; where none were written, the name of the class.
        switched_on: keys of suggestions; unknown ones are left out.
    """
    written = [phrase for each in own if (phrase := " ".join(each.split()))]
    varied = [
        f"{phrase} {addition}"
        for key, _, addition, _ in _ADDITIONS
        if key in switched_on
        for phrase in written
    ]
    return tuple(dict.fromkeys((*written, *varied)))


def parse_phrases(searched: Sequence[str]) -> ParsedPhrases:
    """What was written and switched on to get these phrases.

    Gives back what `phrases` was given, as long as every written phrase was varied alike; where a
    phrase was taken out or added since, what doesn't fit counts as written.
    """
    for count in range(len(searched) + 1):
        own = tuple(searched[:count])
        keys = _switched_on(own, searched[count:])
        if phrases(own, keys) == tuple(searched):
            return ParsedPhrases(own, keys)
    return ParsedPhrases(tuple(searched), ())


def _switched_on(own: Sequence[str], varied: Sequence[str]) -> tuple[str, ...]:
    there = set(varied)
    return tuple(
        key
        for key, _, addition, _ in _ADDITIONS
        if any(f"{phrase} {addition}" in there for phrase in own)
    )


def subject(phrase: str) -> str:
    """What a phrase is about, without where and how it is seen: "bear in the wild" is "bear"."""
    return _CIRCUMSTANCE.sub("", " ".join(phrase.split()))
