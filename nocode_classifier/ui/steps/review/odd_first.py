"""Looking for odd photos before anybody looks through all of them."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import part


def odd_first() -> gr.HTML:
    """Make it. The value is `{offered, looking}`: whether there is something to look for, and how
    far that is, as `finding` of `ui/finding.py` gives it; None to show nothing.

    Events:
        action: `action` is "find".
    """
    return part(
        "steps/review/odd_first.js",
        events=("action",),
        styles=("kit/looking.css",),
        elem_classes="step-page",
    )
