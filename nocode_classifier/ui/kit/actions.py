"""HTML whose buttons call Python, for what has nothing of its own to remember.

A button with `data-action="stop"` triggers the component's `action` event; its `data-*` attributes
arrive as the event's data.
"""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from nocode_classifier.gradio_private import data_of
from nocode_classifier.ui.kit.part import part


def action_html(*, elem_classes: str, styles: Sequence[str] = ()) -> gr.HTML:
    """Some HTML with an `action` event; `action_of` reads what was asked for.

    Args:
        elem_classes: for the style sheet of the page.
        styles: files of `ui`, as in `text_of`.
    """
    return part(
        "kit/actions.js",
        events=("action",),
        styles=styles,
        value="",
        template="${value}",
        elem_classes=elem_classes,
    )


def action_of(event: gr.EventData) -> dict[str, str]:
    """What an `action` event carries, as texts: `action` and whatever belongs to it."""
    return {str(key): str(value) for key, value in data_of(event).items()}
