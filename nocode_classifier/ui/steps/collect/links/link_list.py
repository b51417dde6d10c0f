"""Photos by a list of their addresses, pasted or from a file."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


def link_list(*, understand: Answering) -> gr.HTML:
    """Make the place for a list of addresses.

    The value is made of `project_id`, `label` (the chosen class as `class_value`, or None) and
    `busy` (a sentence while nothing can be fetched, or None).

    Events:
        fetch: `{project_id, class_id, text}`.

    Args:
        understand: `{project_id, class_id, text}`; answers with `count` (of addresses), `sentence`
            and `unnamed` (whether some go to the chosen class).
    """
    return part(
        "steps/collect/links/link_list.js",
        events=("fetch",),
        styles=(
            "kit/parts.css",
            "steps/collect/search/finder.css",
            "steps/collect/links/link_list.css",
        ),
        answers={"understand": understand},
        elem_classes="way way-links links-place",
    )
