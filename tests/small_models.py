"""Model folders that can be shown but not asked, for tests that only keep them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nocode_classifier.project.project import Project


def card_of(*names: str, **changes: Any) -> dict[str, Any]:
    """A card with all that the page shows."""
    return {
        "format_version": 1,
        "classes": [{"name": name, "hints": [], "photos": 3} for name in names],
        "backbone": "efficientnet-lite0",
        "accuracy": {"value": 0.75, "low": 0.3, "high": 0.95, "correct": 3, "photos": 4},
        "confusion": {name: dict.fromkeys(names, 1) for name in names},
        "sure": {"probability": 0.5, "familiarity": 0.5, "share": 1.0, "accuracy": 1.0},
        **changes,
    }


def write_model(folder: Path, card: object = None, graph: str = "graph") -> None:
    """Fill a folder."""
    (folder / "model.onnx").write_text(graph)
    (folder / "card.json").write_text(json.dumps(card_of("cats", "dogs") if card is None else card))


def adopt_model(project: Project, card: object = None) -> Path:
    """Let a project have such a model."""
    with project.models.new_folder() as folder:
        write_model(folder, card)
        return project.models.adopt(folder, [], revision_hash=project.models.fingerprint())
