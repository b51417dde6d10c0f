"""A grid of photos to look through, choose, confirm, move, remove and put back."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part

REFUSED = "() => { document.dispatchEvent(new Event('decision-refused')); }"
"""For the page to run where a decision was refused: the grids show the photos as they are."""


def photo_grid(*, every_id: Answering, still_there: Answering) -> gr.HTML:
    """Make the grid. It shows one page of photos at a time, the one in its value.

    The value is made of `project_id`, `revision`, `view` ("all", "bin", "chosen", a class id or
    the name of a further view), `further` (views that are worth a look: `name`, `label`,
    `sentence`, `empty`, `count`), `chosen` (ids of the view "chosen"), `page`, `pages`,
    `page_size`, `total` (photos in this view), `kept_count`, `bin_count`, `undo` (what it would
    take back, or None), `learnt` (ids of the classes that the model knows), `classes` and
    `gone_classes` (as `class_value`), and `photos` (as `photo_value`). Thumbnails come from
    `/thumbnails/<project>/<sha256>`, large photos from `/photos/…`, and what the model looked at
    from `/heatmaps/…`.

    What was decided is seen before Python has carried it out; `REFUSED` takes that back.

    Which photos are chosen is kept by the browser, for a window and a project: over views, pages,
    steps and a reload.

    Events:
        look: `{view, page, photo_ids}`, another page is wanted; ids for the view "chosen" alone.
        decide: `{action, photo_ids, class_id}`; action is "move", "bin", "restore" or "confirm".
        undo: the last step is to be taken back.

    Args:
        every_id: `{project_id, view}` -> ids of all photos in a view.
        still_there: `{project_id, binned, photo_ids}` -> those that still are in use, or in the
            bin.
    """
    return part(
        "kit/photo_grid/grid.js",
        events=("look", "decide", "undo"),
        styles=("kit/parts.css", "kit/photo_grid/grid.css", "kit/photo_grid/lightbox.css"),
        answers={"every_id": every_id, "still_there": still_there},
    )
