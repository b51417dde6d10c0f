"""The model's held-out answers in a `.nocode` file: how they are written, and read without trust.

Classes have the names that the model knows them by; probabilities lie in an entry of their own, one
photo after another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nocode_classifier.project.archive.features import cut
from nocode_classifier.project.archive.json_fields import Fields, damaged
from nocode_classifier.project.archive.layout import MOST_PHOTOS, PROBABILITIES
from nocode_classifier.project.archive.reader import ArchiveReader
from nocode_classifier.project.names import LONGEST
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.project.tables.usable_models import FAMILIARITY

_FLOAT = np.dtype("<f4")


def held_out_part(
    answers: Sequence[HeldOutAnswer], new_hash: Mapping[str, str], classes: int
) -> tuple[dict[str, Any], list[bytes]]:
    """What a file says of the answers, and the parts of the entry with their probabilities.

    Args:
        answers: the model's.
        new_hash: of the photos in the file, by the old one; for photos that became one, one answer.
        classes: how many the model knows, 0 if that is not known.

    Returns:
        Fields of the model, and bytes; none unless every answer has all its probabilities.
    """
    found: dict[str, HeldOutAnswer] = {}
    for answer in answers:
        if sha256 := new_hash.get(answer.sha256):
            found.setdefault(sha256, replace(answer, sha256=sha256))
    parts = [answer.probabilities for answer in found.values()]
    whole = classes > 0 and {len(part) for part in parts} == {classes * _FLOAT.itemsize}
    rows = [_row(answer) for answer in found.values()]
    told = {"held_out": rows, "probabilities": PROBABILITIES if whole else None}
    return told, parts if whole else []


def _row(answer: HeldOutAnswer) -> dict[str, Any]:
    return {
        "sha256": answer.sha256,
        "true": answer.true,
        "predicted": answer.predicted,
        "p": answer.probability,
        "familiarity": answer.familiarity,
        "scene": answer.scene,
    }


def read_held_out_rows(archive: ArchiveReader, model: Fields, classes: int) -> list[HeldOutAnswer]:
    """The answers in a file; those of versions 1 to 3 have no probabilities.

    Args:
        archive: the file.
        model: what it says of the model.
        classes: how many that knows.

    Raises:
        InputError: something in them is not as it should be.
    """
    answers = [_read(row) for row in model.objects("held_out", MOST_PHOTOS)]
    if not model.has("probabilities"):
        return answers
    items = [(answer.sha256, classes * _FLOAT.itemsize) for answer in answers]
    parts = [part for _, part in cut(archive, PROBABILITIES, items)]
    if not all(np.isfinite(np.frombuffer(part, _FLOAT)).all() for part in parts):
        raise damaged(f"{PROBABILITIES} holds what is no number")
    return [replace(a, probabilities=part) for a, part in zip(answers, parts, strict=True)]


def _read(row: Fields) -> HeldOutAnswer:
    familiarity, scene = None, None
    if row.has("familiarity"):
        familiarity = row.number("familiarity", FAMILIARITY, least=-FAMILIARITY)
    if row.has("scene"):
        scene = row.whole("scene", MOST_PHOTOS)
    return HeldOutAnswer(
        sha256=row.text("sha256", 64),
        true=row.text("true", LONGEST),
        predicted=row.text("predicted", LONGEST),
        probability=row.share("p"),
        familiarity=familiarity,
        scene=scene,
    )


def read_class_ids(model: Fields, class_ids: Sequence[int]) -> list[int | None] | None:
    """The model's classes in its order, by their numbers in the project; None if it is not told.

    Args:
        model: what the file says of it.
        class_ids: of the file's classes.
    """
    if not model.has("classes"):
        return None
    return [
        None if place is None else class_ids[_place(place, len(class_ids))]
        for place in model.list_of("classes", MOST_PHOTOS)
    ]


def _place(value: object, classes: int) -> int:
    return Fields({"class": value}, "the model").whole("class", classes - 1)
