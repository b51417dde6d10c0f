"""The page that tells strangers what a model is: how good it is, and whose photos it learnt from.

After "Model Cards for Model Reporting" (Mitchell et al., 2019, https://arxiv.org/abs/1810.03993),
in Markdown, from `card.json` and the credits of the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nocode_classifier.check.model_words import (
    LIMITS,
    credits_words,
    how_good,
    made_with,
    method_of,
    sure_words,
    what_it_does,
)
from nocode_classifier.learn.figures import figures_of
from nocode_classifier.project.credits.credits import Credit

CLASSES_IN_TABLE = 12
"""With more classes a table of mix-ups is no longer readable."""

CREDITS_SHOWN = 500
"""More credits than these are counted, not listed; the whole list is in the project."""

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$!])")


def model_card(card: Mapping[str, Any], title: str, credits: Sequence[Credit] = ()) -> str:
    """The text for people, in Markdown.

    Args:
        card: what is in the model's `card.json`.
        title: what the classifier is called.
        credits: of the photos it was learnt from, as far as they are known.
    """
    parts = [
        f"# {escaped(title)}",
        escaped(what_it_does(card)),
        "## How good it is",
        *map(escaped, how_good(figures_of(card), method_of(card))),
        *_mix_ups(card),
        "## What it tells apart",
        _classes(card),
        "## What “sure” means",
        *map(escaped, sure_words(card["sure"])),
        "## Limits",
        "\n".join(f"- {sentence}" for sentence in LIMITS),
        "## Licence and credits",
        *map(escaped, made_with(card)),
        *_credits(credits),
    ]
    return "\n\n".join(parts) + "\n"


def _mix_ups(card: Mapping[str, Any]) -> Iterator[str]:
    """A table: a line for each true class, a column for each answer."""
    confusion = card.get("confusion") or {}
    if not card.get("accuracy") or not 1 < len(confusion) <= CLASSES_IN_TABLE:
        return
    names = list(confusion)
    head = ["shown ↓ answered →", *(escaped(name) for name in names)]
    rows = [
        [escaped(name), *(str(confusion[name].get(other, 0)) for other in names)] for name in names
    ]
    lines = [head, ["---"] + ["---:"] * len(names), *rows]
    yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _classes(card: Mapping[str, Any]) -> str:
    lines = []
    for entry in card["classes"]:
        photos = f" ({int(entry['photos']):,} photos)" if entry.get("photos") else ""
        lines.append(f"- **{escaped(entry['name'])}**{photos}")
        lines += [f"  - {escaped(hint)}" for hint in entry.get("hints") or []]
    return "\n".join(lines)


def _credits(credits: Sequence[Credit]) -> Iterator[str]:
    found = [credit for credit in credits if credit.is_from_the_web]
    if not found:
        return
    yield escaped(credits_words(found))
    yield "\n".join(_credit_line(credit) for credit in found[:CREDITS_SHOWN])
    if len(found) > CREDITS_SHOWN:
        yield f"… and {len(found) - CREDITS_SHOWN:,} more."


def _credit_line(credit: Credit) -> str:
    place = credit.page or credit.address or ""
    line = f"- {_link(credit.title or 'A photo', place)}"
    line += f" by {escaped(credit.creator)}" if credit.creator else ""
    if credit.licence:
        line += f", {_link(credit.licence, credit.licence_address or '')}"
    return line + f" ({escaped(credit.source)})"


def _link(text: str, address: str) -> str:
    # Only addresses that can't end the link or run a script.
    if not re.fullmatch(r"https?://[^\s()<>\"\\]+", address):
        return escaped(text)
    return f"[{escaped(text)}]({address})"


def escaped(text: object) -> str:
    """A text that someone typed, on one line, so that Markdown and HTML take it as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))
