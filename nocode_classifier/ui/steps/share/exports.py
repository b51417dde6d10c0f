"""Files to take along."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.scripts import text_of


def exports_list() -> gr.HTML:
    """Make the list of exports.

    The value is made of `project_id`, `busy` (a sentence while nothing can be begun, or None) and
    `items`, as `ui.sharing.exports.exports_value` makes them.

    Events:
        export: `{key}`.
        stop: the work.
    """
    return gr.HTML(
        None,
        html_template="<div></div>",
        css_template=text_of("kit/parts.css", "kit/panel.css", "steps/share/exports.css"),
        js_on_load=text_of("kit/dom.js", "kit/panel.js", "steps/share/exports.js"),
        apply_default_css=False,
        elem_classes="share-panel share-files",
    )
