"""The confusion matrix: what photos of each class were taken for."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.ui.kit.part import part


def confusion_matrix() -> gr.HTML:
    """Make it; the value is `confusion_value`, or None to show nothing.

    Events:
        action: `action` is "look", `view` names the photos of a cell.
    """
    return part(
        "steps/check/confusion.js",
        events=("action",),
        styles=("kit/parts.css", "steps/check/confusion.css"),
        elem_classes="step-page check-confusion",
    )


def confusion_value(check: ModelCheck) -> dict[str, Any] | None:
    """The counts and the pairs confused most; None where no photo was held out."""
    if not check.answers:
        return None
    ids = dict(zip(check.class_names, check.class_ids, strict=True))
    return {
        "names": list(check.class_names),
        "ids": list(check.class_ids),
        "counts": check.confusion.tolist(),
        "pairs": [
            {
                "true": pair.true,
                "answered": pair.answered,
                "count": pair.count,
                "photos": pair.photos,
                "view": cell_view(ids[pair.true], ids[pair.answered]),
            }
            for pair in check.most_confused()
        ],
    }


def cell_view(true: int | None, answered: int | None) -> str | None:
    """The view of the photos of a cell; None where the project has lost one of the classes."""
    return None if true is None or answered is None else f"cell:{true}:{answered}"
