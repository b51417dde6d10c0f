"""What the cards of the classes show while photos are collected."""

from __future__ import annotations

from typing import Any

from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.ui.components.scripts import class_value

LATEST = 12
"""Thumbnails on a class card."""
LEAST, BETTER = 2, 30
"""Photos of a class: needed to train at all, and enough for a classifier to be proud of."""


def card_value(project: Project, label: ClassLabel, count: int) -> dict[str, Any]:
    """What the card of a class shows."""
    newest = project.photos(label.id, offset=max(0, count - LATEST), limit=LATEST)
    return {
        **class_value(label, count),
        "latest": [photo.sha256 for photo in reversed(newest)],
        "missing": missing_sentence(count),
        "enough": count >= BETTER,
    }


def missing_sentence(count: int) -> str | None:
    """What a class still needs, or None."""
    if count < LEAST:
        return f"Add at least {LEAST - count}{' more' if count else ''}, better {BETTER} or more"
    return f"Enough to start; better {BETTER} or more" if count < BETTER else None
