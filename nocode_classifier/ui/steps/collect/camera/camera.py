"""The camera in the page: tap for one photo, hold for a burst."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.scripts import Answering, named, text_of


def camera(*, keep_shot: Answering) -> gr.HTML:
    """Make the camera; it stays off until it is asked for.

    The value is made of `project_id`, `classes` (as `class_value`) and `chosen`.

    Events:
        taken: a tap or a held-down burst is over and all its shots have been answered.
        choose: `{class_id}`.

    Args:
        keep_shot: `{project_id, class_id, burst, number, photo}` with the photo as a JPEG data
            URL; answers `{}` or `{refused: sentence}`. All shots of one press share `burst`.
    """
    return gr.HTML(
        None,
        html_template="<div></div>",
        css_template=text_of("kit/parts.css", "steps/collect/camera/camera.css"),
        js_on_load=text_of(
            "kit/dom.js", "steps/collect/files/chosen_class.js", "steps/collect/camera/camera.js"
        ),
        apply_default_css=False,
        server_functions=[named("keep_shot", keep_shot)],
        elem_classes="way way-camera camera-place",
    )
