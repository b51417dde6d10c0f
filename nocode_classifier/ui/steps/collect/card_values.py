"""What the cards of the classes show while photos are collected."""

from __future__ import annotations

from typing import Any

from nocode_classifier.learn.enough import FEWEST_PHOTOS, PLENTY
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.ui.kit.scripts import class_value

LATEST = 12
"""Thumbnails on a class card."""


def card_value(project: Project, label: ClassLabel, count: int) -> dict[str, Any]:
    """What the card of a class shows."""
    newest = project.photos(label.id, offset=max(0, count - LATEST), limit=LATEST)
    return {
        **class_value(label, count),
        "latest": [photo.sha256 for photo in reversed(newest)],
        "missing": missing_sentence(count),
        "enough": count >= PLENTY,
    }


def missing_sentence(count: int) -> str | None:
    """What a class still needs, or None."""
    if count >= PLENTY:
        return None
    more = f"{FEWEST_PHOTOS - count} more photo" if count else f"{FEWEST_PHOTOS} photos"
    least = "Enough to start" if count >= FEWEST_PHOTOS else f"At least {more}"
    return f"{least}; {PLENTY} or more work much better"
