"""Where a photo is taken down, and the take-downs that stand."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import part


def takedown() -> gr.HTML:
    """Make the place, folded away until someone needs it.

    The value is made of `takedowns` (a list of `id`, `given`, `day`, `note`; newest first),
    `report` (what became of the last one, a list of sentences) and `tries` (grows with every one).

    Events:
        take: `{named, note}` with an address or a hash, or `{path, name, note}` of an upload.
        lift: `{id}`.
        forget: the report has been read.
    """
    return part(
        "steps/projects/takedown.js",
        events=("take", "lift", "forget"),
        styles=("kit/parts.css", "steps/projects/takedown.css"),
        elem_classes="takedown-place",
    )
