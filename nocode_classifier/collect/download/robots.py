"""What a server says about the use of its pictures by programs that learn.

The header X-Robots-Tag has the form that search engines documented (Google Search Central, "Robots
meta tag specifications"), with the words that DeviantArt introduced in 2022 for artificial
intelligence: noai, and noimageai for pictures alone. A line may begin with the name of the one it
is meant for; what follows that name holds for it until another is named.
"""

from __future__ import annotations

from collections.abc import Iterable

from nocode_classifier.collect.download.identity import PRODUCT

FORBIDDING = frozenset({"noai", "noimageai"})
FOR_US = frozenset({"*", PRODUCT})

_WITH_VALUE = frozenset(
    {
        *("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"),
        *("indexifembedded", "cdn-cache-control", "content-usage"),
    }
)
"""Rules with a colon of their own, which does not follow a robot's name."""


def forbids_ai(lines: Iterable[str]) -> bool:
    """Whether one of the X-Robots-Tag lines of an answer forbids us to use it for AI."""
    return any(_forbids(line) for line in lines)


def _forbids(line: str) -> bool:
    meant = True
    for part in line.lower().split(","):
        name, colon, rest = part.partition(":")
        rule = part.strip()
        if colon and name.strip() not in _WITH_VALUE:
            meant = name.strip() in FOR_US
            rule = rest.strip()
        if meant and rule in FORBIDDING:
            return True
    return False
