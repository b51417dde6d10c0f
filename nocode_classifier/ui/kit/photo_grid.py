"""A grid of photos to look through, choose, move, remove and put back."""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.ui.kit.scripts import Answering, named, text_of


def photo_grid(*, every_id: Answering, still_there: Answering) -> gr.HTML:
    """Make the grid. It shows one page of photos at a time, the one in its value.

    The value is made of `project_id`, `revision`, `view` ("all", "doubtful", "bin" or a class id),
    `page`, `pages`, `page_size`, `total` (photos in this view), `kept_count`, `bin_count`,
    `doubtful_count`, `looks_like` (for the ids of doubtful photos, the class each looks like),
    `undo` (what it would take back, or None), `classes` and `gone_classes` (as `class_value`), and
    `photos` (`id`, `sha256`, `name`, `class_id`, `width`, `height`, `binned`, `origin`: whom it is
    from, in words, and `page`: where it was found; both None for photos of one's own). Thumbnails
    come from `/thumbnails/<project>/<sha256>`, large photos from `/photos/<project>/<sha256>`.

    Events:
        look: `{view, page}`, another page is wanted.
        decide: `{action, photo_ids, class_id}`; action is "move", "bin" or "restore".
        undo: the last step is to be taken back.

    Args:
        every_id: `{project_id, view}` -> ids of all photos in a view.
        still_there: `{project_id, view, photo_ids}` -> those that are still in the view.
    """
    value: dict[str, Any] | None = None
    return gr.HTML(
        value,
        html_template="<div></div>",
        css_template=text_of("kit/parts.css", "kit/photo_grid.css"),
        js_on_load=text_of(
            "kit/dom.js",
            "kit/selection.js",
            "kit/lightbox.js",
            "kit/photo_grid.js",
            "kit/photo_grid_input.js",
        ),
        apply_default_css=False,
        server_functions=[named("every_id", every_id), named("still_there", still_there)],
    )
