"""A link under which others try the classifier on this computer."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import part


def demo_link() -> gr.HTML:
    """Make the place where a link is opened and closed.

    The value is made of `project_id`, `open` (`way`, `address`, `qr`: SVG, `ends_at`: ISO time or
    None, `changed`: it shows an earlier model) or None, `work` (`stage`, `fraction`, `left`,
    `stopping`) or None, `way` ("public" or "local": of the work or the last link), `problem` (why
    there is no link, or "") and `busy` (a sentence while nothing can be begun, or None).

    Events:
        open: `{way}`.
        close: the link that is open.
        stop: the work.
    """
    return part(
        "steps/share/demo_link.js",
        events=("open", "close", "stop"),
        styles=("kit/parts.css", "kit/panel.css", "steps/share/demo_link.css"),
        elem_classes="share-panel share-link",
    )
