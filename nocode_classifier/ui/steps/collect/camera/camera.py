"""The camera in the page: tap for one photo, hold for a burst."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


def camera(*, keep_shot: Answering) -> gr.HTML:
    """Make the camera; it stays off until it is asked for.

    The value is made of `project_id`, `classes` (as `class_value`), `chosen` and `turn` (as
    in `dropzone`).

    Events:
        taken: a tap or a held-down burst is over and all its shots have been answered.
        choose: as in `dropzone`.

    Args:
        keep_shot: `{project_id, class_id, burst, number, photo}` with the photo as a JPEG data
            URL; answers `{}` or `{refused: sentence}`. All shots of one press share `burst`.
    """
    return part(
        "steps/collect/camera/camera.js",
        events=("taken", "choose"),
        styles=("kit/parts.css", "steps/collect/camera/camera.css"),
        answers={"keep_shot": keep_shot},
        elem_classes="way way-camera camera-place",
    )
