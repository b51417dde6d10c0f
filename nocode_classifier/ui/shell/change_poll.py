"""What tells a page that there is something new."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.ui.kit.part import part

NOTHING_OPEN: dict[str, Any] = {"project_id": None, "mark": ""}
"""Before anything was heard."""


def news() -> gr.HTML:
    """Make it; there is nothing to see.

    The value is made of `project_id` (of what the page shows, or None) and its `mark`.

    Events:
        news: for the project and the step that the header names `/news` says another mark, or the
            value is of another project. Again at every question as long as that is so.
    """
    return part(
        "shell/change_poll.js",
        events=("news",),
        value=NOTHING_OPEN,
        template="",
        elem_classes="news-place",
    )
