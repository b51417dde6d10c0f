"""Keeps the hints in a model's card those of today: a remark is no reason to train again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from nocode_classifier.placing import write_whole
from nocode_classifier.project.records import ClassLabel

CARD = "card.json"


def put_hints(model: Path, labels: Iterable[ClassLabel]) -> None:
    """Write the hints of the classes into the card of a model, by the classes' names.

    A class that the model does not know is passed over, and a card that can't be understood is
    left as it is: whoever loads the model says so.
    """
    hints = {label.name: list(label.hints) for label in labels}
    path = model / CARD
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
        card: dict[str, Any] = json.loads(path.read_bytes())
        entries = [{**one, "hints": hints.get(one["name"], [])} for one in card["classes"]]
        if entries == card["classes"]:
            return
        data = json.dumps({**card, "classes": entries}, ensure_ascii=False, indent=2).encode()
        # Never rewritten in place: a copy of the project may share the file.
        write_whole(path, data, durable=True)
