"""What tells a page that there is something new."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.ui.kit.scripts import text_of

NOTHING_OPEN: dict[str, Any] = {"project_id": None, "mark": ""}


def news() -> gr.HTML:
    """Make it; there is nothing to see.

    The value is made of `project_id` (of what the page shows, or None) and its `mark`.

    Events:
        news: for the project that the header names `/news/{project_id}` says another mark, or the
            value is of another project. Again every second as long as that is so.
    """
    return gr.HTML(
        NOTHING_OPEN,
        html_template="",
        js_on_load=text_of("shell/change_poll.js"),
        apply_default_css=False,
        elem_classes="news-place",
    )
