"""Where a trained classifier is tried: a photo, the clipboard, the camera or a link."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


def tryout(*, answer: Answering) -> gr.HTML:
    """Make the place to try on.

    The value is made of `project_id`, `model` (changes with every training; "" without one),
    `missing` (what to do first, or ""), `note` (a sentence above the photo, or "") and `classes`
    (as `class_value`).

    Events:
        go: to the training step.

    Args:
        answer: `{project_id, path}` of an upload, `{project_id, photo}` with a data URL, or
            `{project_id, link}`; answers with `label`, `sure`, `headline`, `words`, `hint`,
            `bars`: list of `name` and `probability`, `map`: rows of numbers from 0 to 1, and
            `picture`: a data URL where the browser has no picture of its own, or None.
    """
    return part(
        "steps/try_out/tryout.js",
        events=("go",),
        styles=("kit/parts.css", "steps/try_out/tryout.css"),
        answers={"answer": answer},
    )
