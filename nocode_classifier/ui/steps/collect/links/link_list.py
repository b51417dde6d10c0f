"""Photos by a list of their addresses, pasted or from a file."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.scripts import Answering, named, text_of


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
    return gr.HTML(
        None,
        html_template="<div></div>",
        css_template=text_of(
            "kit/parts.css", "steps/collect/search/finder.css", "steps/collect/links/link_list.css"
        ),
        js_on_load=text_of("kit/dom.js", "steps/collect/links/link_list.js"),
        apply_default_css=False,
        server_functions=[named("understand", understand)],
        elem_classes="way way-links links-place",
    )
