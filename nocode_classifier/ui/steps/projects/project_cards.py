"""The list of projects; what its buttons do is in `ui/steps/projects/step.py`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

import gradio as gr

from nocode_classifier.project.records import ProjectInfo
from nocode_classifier.project.templates import TEMPLATES, Template
from nocode_classifier.ui.kit.chip import chip_value
from nocode_classifier.ui.kit.drawings import drawing
from nocode_classifier.ui.kit.part import part


def project_cards() -> gr.HTML:
    """Make the list: an invitation while there is no project, else the projects first.

    The value is made of `projects` and `binned` (both as `project_value`), `undo` (the one that was
    deleted a moment ago, or None) and `bin_open`.

    Events:
        action: `action` is "open", "rename" (`value`: the new name), "duplicate", "delete" or
            "restore" of a `project`; "create" (`value`: a name, or ""), "template" (`template`: its
            key), "bin" (open or close it) or "empty-bin".
    """
    drawings = ("welcome", "no-photos", *(template.key for template in TEMPLATES))
    return part(
        "steps/projects/project_cards.js",
        events=("action",),
        elem_classes="projects-page",
        constants={
            "templates": [_template_value(each) for each in TEMPLATES],
            "drawings": {name: drawing(name) for name in drawings},
        },
    )


def project_value(info: ProjectInfo) -> dict[str, Any]:
    """A project as the list shows it; `problem` is why it can't be opened, or ""."""
    return {
        "id": info.id,
        "name": info.name,
        "problem": info.problem or "",
        "classes": _chips((label.name, label.colour) for label in info.classes),
        "photos": info.photos,
        "trained": info.has_model,
        "cover": list(info.cover),
    }


def _template_value(template: Template) -> dict[str, Any]:
    return {
        "key": template.key,
        "name": template.name,
        "description": template.description,
        "classes": _chips(zip(template.class_names, count())),
    }


def _chips(classes: Iterable[tuple[str, int]]) -> list[dict[str, str]]:
    return [chip_value(name, colour) for name, colour in classes]
