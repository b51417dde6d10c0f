"""What `check` found, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from nocode_classifier.check.checked import CheckedModel
from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.check.model_words import (
    STALE,
    confused_words,
    how_good,
    line_in_use,
    sure_words,
)
from nocode_classifier.check.suspects import Suspicion
from nocode_classifier.check.suspicion_words import suspicion_sentences
from nocode_classifier.cli.figures import class_lines, figures_data, mix_up_lines
from nocode_classifier.project.records import HeldOutAnswer

PHOTOS_SHOWN = 10
"""Of each kind; programs get all."""

SURE = ("probability", "familiarity", "share", "accuracy", "photos", "answered", "right")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out.

    Attributes:
        photos: how many it is about.
        paths: of photos, by what the answers call them; others are called by their paths.
        names: for people, where they know photos by other names than their paths.
    """

    checked: CheckedModel
    photos: int
    paths: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)


def check_data(found: Found) -> dict[str, Any]:
    """Everything, as `--json` prints it."""
    checked, check = found.checked, found.checked.check
    figures = figures_data(check.figures)
    for each in check.by_class():
        figures["by_class"][each.name] |= {"precision": each.precision, "recall": each.recall}
    line = line_in_use(check.sure)
    return {
        "photos": found.photos,
        "classes": list(check.class_names),
        **figures,
        "confusion": _confusion(check),
        "most_confused": [
            {
                "class": pair.true,
                "answered": pair.answered,
                "count": pair.count,
                "photos": pair.photos,
            }
            for pair in check.most_confused()
        ],
        "wrong": [
            {
                "photo": _place(found, answer.sha256),
                "class": answer.true,
                "answered": answer.predicted,
                "probability": answer.probability,
            }
            for answer in _wrong(check)
        ],
        "suspicious": [
            {
                "photo": _place(found, suspect.sha256),
                "kind": suspect.kind.value,
                "twin": suspect.twin and _place(found, suspect.twin),
            }
            for suspect in checked.suspects
        ],
        "advice": [{"sentence": each.sentence, "gain": each.gain} for each in checked.advice or ()],
        "sure": {key: line.get(key) for key in SURE},
    }


def check_lines(found: Found) -> list[str]:
    """The same, as far as people want to read it."""
    return [
        *_figures(found.checked),
        *_wrong_photos(found),
        *_suspicious_photos(found),
        *_advice(found),
    ]


def _figures(checked: CheckedModel) -> Iterator[str]:
    check = checked.check
    yield from how_good(check.figures, checked.method)
    yield from class_lines(check.figures, {each.name: each.precision for each in check.by_class()})
    if check.stale:
        yield STALE
    if check.change:
        yield check.change.sentence
    if check.answers:
        yield from mix_up_lines(_confusion(check))
    yield ""
    yield from (confused_words(pair) for pair in check.most_confused())
    yield from sure_words(check.sure)


def _wrong_photos(found: Found) -> Iterator[str]:
    wrong = [
        f"{_name(found, answer.sha256)}: {answer.true}, answered {answer.predicted} "
        f"({answer.probability:.0%})"
        for answer in _wrong(found.checked.check)
    ]
    if wrong:
        yield from ("", "Answered wrongly, those furthest off first:", *_some(wrong))


def _suspicious_photos(found: Found) -> Iterator[str]:
    order = [*Suspicion]
    suspects = sorted(found.checked.suspects, key=lambda suspect: order.index(suspect.kind))
    for kind, members in groupby(suspects, key=lambda suspect: suspect.kind):
        same = [*members]
        yield ""
        yield from suspicion_sentences(kind for _ in same)
        yield from _some(
            _name(found, each.sha256) + (f" and {_name(found, each.twin)}" if each.twin else "")
            for each in same
        )


def _advice(found: Found) -> Iterator[str]:
    checked = found.checked
    yield ""
    yield from checked.advice_sentences
    if checked.findings and checked.findings.curve:
        yield checked.findings.curve.sentence


def _wrong(check: ModelCheck) -> list[HeldOutAnswer]:
    return [answer for answer in check.by_loss() if answer.predicted != answer.true]


def _confusion(check: ModelCheck) -> dict[str, dict[str, int]]:
    names = check.class_names
    rows = zip(names, check.confusion.tolist(), strict=True)
    return {name: dict(zip(names, row, strict=True)) for name, row in rows}


def _place(found: Found, sha256: str) -> str:
    """Where a photo is; one that was removed from a project meanwhile goes by its hash."""
    return found.paths.get(sha256, sha256)


def _name(found: Found, sha256: str) -> str:
    return found.names.get(sha256) or _place(found, sha256)


def _some(lines: Iterable[str]) -> Iterator[str]:
    listed = [*lines]
    yield from (f"  {line}" for line in listed[:PHOTOS_SHOWN])
    if len(listed) > PHOTOS_SHOWN:
        yield f"  and {len(listed) - PHOTOS_SHOWN:,} more"
