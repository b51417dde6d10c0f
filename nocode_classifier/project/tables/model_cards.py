"""The card of a project's model: what the project says today is written into it.

Whoever reads a model has nothing but its folder: another process, an export, another computer.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nocode_classifier.placing import write_whole
from nocode_classifier.predict.predictor import ModelError, read_card
from nocode_classifier.project.tables.classes import all_classes
from nocode_classifier.project.tables.usable_models import CARD


def refresh_card(
    connection: sqlite3.Connection, model: Path, class_ids: Sequence[int | None]
) -> None:
    """Write the hints of the classes and the caution into the card of a model.

    A class that the model does not know is passed over, and a card that can't be understood is left
    as it is: whoever loads the model says so.

    Args:
        class_ids: as for `names_today`: a class that was renamed since keeps its hints.
    """
    hints = {label.name: list(label.hints) for label in all_classes(connection)}
    caution = read_caution(connection)
    path = model / CARD
    with suppress(
        *(FileNotFoundError, ValueError, LookupError),
        *(TypeError, AttributeError, RecursionError),
    ):
        card: dict[str, Any] = json.loads(path.read_bytes())
        names = names_today(connection, model, class_ids)
        entries = [{**one, "hints": hints.get(names[one["name"]], [])} for one in card["classes"]]
        today = {**card, "classes": entries, "sure": _sure(card["sure"], caution)}
        if today == card:
            return
        data = json.dumps(today, ensure_ascii=False, indent=2).encode()
        # Never rewritten in place: a copy of the project may share the file.
        write_whole(path, data, durable=True)


def _sure(sure: Mapping[str, Any], caution: float | None) -> dict[str, Any]:
    """From where on answers are sure, by the operating point that is nearest to the caution."""
    choices = sure.get("choices")
    if not choices:
        return dict(sure)
    usual = sure.get("default", sure["chosen"])
    chosen = usual if caution is None else _nearest(choices, caution)
    return {**sure, **choices[chosen], "chosen": chosen, "default": usual}


def _nearest(choices: Sequence[Mapping[str, Any]], caution: float) -> int:
    """Of two that are as near, the more careful."""
    places = reversed(range(len(choices)))
    return min(places, key=lambda place: abs(choices[place]["probability"] - caution))


def read_caution(connection: sqlite3.Connection) -> float | None:
    """The least probability that somebody chose; None for that of each model itself."""
    caution: float | None = connection.execute("SELECT caution FROM project").fetchone()[0]
    return caution


def write_caution(connection: sqlite3.Connection, probability: float | None) -> None:
    """Remember it for the models to come."""
    connection.execute("UPDATE project SET caution = ?", (probability,))


def probabilities_of(model: Path) -> list[float]:
    """The least probabilities of the operating points that its card offers."""
    choices = _card(model).get("sure", {}).get("choices") or []
    return [float(choice["probability"]) for choice in choices]


def class_names_of(model: Path) -> list[str]:
    """What its classes were called at training, in its order; none if its card can't be read."""
    return [entry["name"] for entry in _card(model).get("classes", [])]


def class_ids_of(connection: sqlite3.Connection, model: Path) -> list[int | None]:
    """The project's classes in the order of the model's; None for one that it does not have."""
    ids = {label.name: label.id for label in all_classes(connection)}
    return [ids.get(name) for name in class_names_of(model)]


def names_today(
    connection: sqlite3.Connection, model: Path, class_ids: Sequence[int | None]
) -> dict[str, str]:
    """What the classes of a model are called today, by their names at training, in its order.

    Args:
        class_ids: as the model's row has them; a class that is not among them keeps its name.
    """
    today: dict[int | None, str] = {label.id: label.name for label in all_classes(connection)}
    names = class_names_of(model)
    ids = dict(zip(names, class_ids, strict=False))
    return {name: today.get(ids.get(name), name) for name in names}


def _card(model: Path) -> dict[str, Any]:
    with suppress(ModelError):
        return read_card(model)
    return {}
