"""How to train: one button, and more choices for those who ask."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


def train_chooser(*, keep: Answering) -> gr.HTML:
    """Make the choice.

    The value is that of `ui.training.choosing.chooser_value`, or None to show nothing.

    Events:
        train: `{choice}`: start.
        measure: `{key}`: how fast a network is here.
        propose: find out how photos should be varied.
        stop: the measuring, or finding out.

    Args:
        keep: `{project_id, choice}` as it is now; answers with `times`.
    """
    return part(
        "steps/train/chooser.js",
        events=("train", "measure", "propose", "stop"),
        styles=("kit/parts.css", "kit/panel.css", "steps/train/chooser.css"),
        answers={"keep": keep},
        elem_classes="train-chooser",
    )
