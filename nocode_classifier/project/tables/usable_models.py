"""Whether a model folder of a project holds a model that the app can show and ask."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.predict.predictor import ModelError, read_card
from nocode_classifier.project.archive.json_fields import Fields, damaged
from nocode_classifier.project.archive.layout import MOST_PHOTOS

GRAPH, CARD = "model.onnx", "card.json"

MOST_CHOICES = 100
FAMILIARITY = 2.0
"""A mean of cosines is no further from 0, also after rounding."""


def is_usable(folder: Path) -> bool:
    """Whether both files are there, and the card says what it should."""
    try:
        graph, card = (folder / GRAPH).stat(), (folder / CARD).stat()
    except OSError:
        return False
    return graph.st_size > 0 and _is_card(folder, card.st_mtime_ns, card.st_size, card.st_ino)


@functools.lru_cache(maxsize=256)
def _is_card(folder: Path, *_version: int) -> bool:
    try:
        check_card(read_card(folder))
    except (ModelError, InputError):
        return False
    return True


def check_card(card: dict[str, Any]) -> None:
    """Check what people are shown of a card, beyond what is needed to answer.

    Raises:
        InputError: something is missing, or of another kind than it should be.
    """
    fields = Fields(card, CARD)
    for entry in fields.objects("classes", MOST_PHOTOS):
        entry.whole("photos", MOST_PHOTOS)
    _check_sure(Fields(card["sure"], "sure"))
    if "accuracy" not in card:
        raise damaged("'accuracy' is missing")
    if fields.has("accuracy"):  # else it could not be measured
        accuracy = Fields(card["accuracy"], "accuracy")
        _check_figures(accuracy, shares=("value", "low", "high"), counts=("correct", "photos"))
    table = fields.by_name("confusion")
    for name in (entry["name"] for entry in card["classes"]):
        row = table.get(name) or Fields(None, name)
        _check_figures(row, counts=(name, *row.values))
    if fields.has("notes"):
        fields.texts("notes", 100, 10_000)


def _check_sure(sure: Fields) -> None:
    _check_figures(sure, shares=("share", "accuracy"))
    if not sure.has("choices"):  # made by an earlier version of the app
        return
    choices = sure.objects("choices", MOST_CHOICES)
    for choice in choices:
        _check_figures(choice, shares=("share", "accuracy"), counts=("photos", "right"))
        choice.share("probability")
        choice.number("familiarity", FAMILIARITY, least=-FAMILIARITY)
    for key in ("chosen", "default") if sure.has("default") else ("chosen",):
        if choices:
            sure.whole(key, len(choices) - 1)


def _check_figures(fields: Fields, shares: Iterable[str] = (), counts: Iterable[str] = ()) -> None:
    for key in shares:
        if fields.has(key) or key not in fields.values:
            fields.share(key)
    for key in counts:
        fields.whole(key, MOST_PHOTOS)
