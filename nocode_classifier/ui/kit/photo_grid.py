"""A grid of photos to look through, choose, move, remove and put back."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


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
    return part(
        "kit/photo_grid.js",
        events=("look", "decide", "undo"),
        styles=("kit/parts.css", "kit/photo_grid.css"),
        answers={"every_id": every_id, "still_there": still_there},
    )
