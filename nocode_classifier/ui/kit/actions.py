"""HTML whose buttons and fields call Python.

Anything inside with `data-action="rename"` triggers the component's `action` event; its `data-*`
attributes, and `value` for a field, arrive as the event's data. Buttons act on click, fields when
they are left or on Enter, forms on submit.
"""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from nocode_classifier.gradio_private import data_of
from nocode_classifier.ui.kit.part import part


def action_html(
    value: str = "",
    *,
    elem_classes: str,
    module: str = "kit/actions.js",
    styles: Sequence[str] = (),
) -> gr.HTML:
    """A `gr.HTML` with an `action` event; `action_of` reads what was asked for.

    Args:
        value: the HTML.
        elem_classes: for the style sheet of the page.
        module: one that does more, and calls the `start` of "kit/actions.js".
        styles: files of `ui`, as in `text_of`.
    """
    return part(
        module,
        events=("action",),
        styles=styles,
        value=value,
        template="${value}",
        elem_classes=elem_classes,
    )


def action_of(event: gr.EventData) -> dict[str, str]:
    """What an `action` event carries: `action`, the other `data-*` values, and `value`."""
    return {str(key): str(value) for key, value in data_of(event).items()}
