"""The page that tells strangers what a model is: how good it is, and whose photos it learnt from.

After "Model Cards for Model Reporting" (Mitchell et al., 2019, https://arxiv.org/abs/1810.03993),
in Markdown, from `card.json` and the credits of the project.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nocode_classifier.learn.accuracy import Accuracy
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
        _what_it_does(card),
        "## How good it is",
        *_how_good(card),
        "## What it tells apart",
        _classes(card),
        "## Limits",
        _LIMITS,
        "## Licence and credits",
        *_licence(card),
        *_credits(credits),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_LIMITS = """\
- It says which of its classes a photo shows, one answer a photo. It does not find where things are,
  count them, or read text, and it sees a photo at no more than some hundred pixels a side.
- The figures hold for photos like those it learnt from. On other photos (another light, another
  background, another camera) it may do worse, and no figure from those photos can tell.
- "Not sure" means that an answer is too close to call, or that a photo is unlike all it has seen.
- Don't let it decide alone where a wrong answer hurts someone: which mushroom can be eaten, what a
  spot on the skin is, who a person is."""


def _what_it_does(card: Mapping[str, Any]) -> str:
    names = [escaped(entry["name"]) for entry in card["classes"]]
    listed = f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
    photos = sum(int(entry.get("photos") or 0) for entry in card["classes"])
    learnt = f" It was learnt from {photos:,} photos" if photos else " It was made"
    return (
        f"A small image classifier. It looks at a photo and says: {listed}; or that it is not sure."
        f"{learnt} with nocode-classifier, without a line of code."
    )


def _how_good(card: Mapping[str, Any]) -> Iterator[str]:
    accuracy, figures = card.get("accuracy"), figures_of(card)
    if figures.weakest is not None:
        least = figures.measured[figures.weakest]
        yield f"Weakest class, {escaped(figures.weakest)}: {_right(least)}."
    if figures.overall is not None:
        yield f"{'All classes: r' if figures.weakest else 'R'}{_right(figures.overall)[1:]}."
    if figures.reason or not accuracy:
        yield escaped(figures.reason or "It has not been measured.")
    if not accuracy:
        return
    if accuracy.get("method"):
        yield f"Measured by {escaped(accuracy['method'])}."
    yield from _mix_ups(card.get("confusion") or {})


def _right(found: Accuracy) -> str:
    return (
        f"right on **{found.correct:,} of {found.photos:,}** photos that it had not seen: "
        f"{found.value:.1%}, 95 % interval {found.low:.1%} to {found.high:.1%}"
    )


def _mix_ups(confusion: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """A table: a line for each true class, a column for each answer."""
    if not 1 < len(confusion) <= CLASSES_IN_TABLE:
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


def _licence(card: Mapping[str, Any]) -> Iterator[str]:
    backbone, licence = escaped(card.get("backbone", "")), escaped(card.get("licence", ""))
    if backbone:
        yield (
            f"It stands on the pretrained network {backbone}"
            + (f" ({licence})." if licence else ".")
        )
    made = str(card.get("made_at") or "")[:10]
    version = escaped(card.get("app_version") or "")
    yield f"Made {f'on {made} ' if made else ''}with nocode-classifier {version}".rstrip() + "."


def _credits(credits: Sequence[Credit]) -> Iterator[str]:
    found = [credit for credit in credits if is_from_elsewhere(credit)]
    if not found:
        return
    licences = Counter(credit.licence or "licence not known" for credit in found)
    counted = ", ".join(f"{escaped(name)}: {count:,}" for name, count in licences.most_common())
    yield (
        f"{_work(len(found))} of others ({counted}). "
        "The licences are what the places claim where the photos were found:"
    )
    yield "\n".join(_credit_line(credit) for credit in found[:CREDITS_SHOWN])
    if len(found) > CREDITS_SHOWN:
        yield f"… and {len(found) - CREDITS_SHOWN:,} more."


def is_from_elsewhere(credit: Credit) -> bool:
    """Whether a photo was found on the web. What a person's own files are called is private."""
    return bool(credit.page or credit.address)


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


def _work(count: int) -> str:
    if count == 1:
        return "One photo that it learnt from is the work"
    return f"{count:,} of the photos that it learnt from are the work"


def escaped(text: object) -> str:
    """A text that someone typed, on one line, so that Markdown and HTML take it as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))
