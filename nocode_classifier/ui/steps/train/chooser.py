"""How to train: Quick or Thorough, and more choices for those who ask."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.scripts import Answering, named, text_of


def train_chooser(*, keep: Answering) -> gr.HTML:
    """Make the choice.

    The value is that of `ui.training.choosing.chooser_value`, or None to show nothing.

    Events:
        train: `{choice}`: start.
        measure: `{key}`: how fast a network is here.
        propose: find out how photos should be varied.
        stop: the measuring, or finding out.

    Args:
        keep: `{project_id, choice}` as it is now; answers with `ways`.
    """
    return gr.HTML(
        None,
        html_template="<div></div>",
        css_template=text_of("kit/parts.css", "kit/panel.css", "steps/train/chooser.css"),
        js_on_load=text_of(
            "kit/dom.js",
            "kit/keeping.js",
            "kit/panel.js",
            "steps/train/networks.js",
            "steps/train/variations.js",
            "steps/train/chooser.js",
        ),
        apply_default_css=False,
        server_functions=[named("keep", keep)],
        elem_classes="train-chooser",
    )
