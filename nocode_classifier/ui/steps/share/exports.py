"""Files to take along."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import part


def exports_list() -> gr.HTML:
    """Make the list of exports.

    The value is made of `project_id`, `report` (its address), `busy` (a sentence while nothing can
    be begun, or None) and `items`, as `exporting.exports_value` makes them.

    Events:
        export: `{key}`.
        stop: the work.
    """
    return part(
        "steps/share/exports.js",
        events=("export", "stop"),
        styles=("kit/parts.css", "kit/panel.css", "steps/share/exports.css"),
        elem_classes="share-panel share-files",
    )
