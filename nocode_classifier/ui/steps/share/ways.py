"""The head of the Share step: the ways there are, as three big choices."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import part


def share_ways() -> gr.HTML:
    """Make the choices. Which one is chosen is known to the style sheet (ui/steps/share/share.css).

    The value is made of `project_id`, `missing` (what to do first, or ""), `note` (a sentence, or
    ""), and for each of `link`, `publish` and `files` what is going on there ("busy", "open",
    "there") or nothing.

    Events:
        go: to the training step.
    """
    return part(
        "steps/share/ways.js",
        events=("go",),
        styles=("kit/parts.css", "steps/share/ways.css"),
    )
