"""Where photos come in: by dropping, choosing or pasting files, folders and archives."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


def dropzone(*, discard: Answering) -> gr.HTML:
    """Make the class cards, the switch between the ways to add photos, and the place to drop on.

    The value is made of `project_id`, `classes` (as `class_value`, with `latest`: hashes of the
    newest photos, `missing`: what it still needs, or None, and `enough`), `chosen` (id of the
    class photos go to), `turn` (of the press that chose it), `busy` (a sentence while nothing can
    be added), `limits` (`photo_bytes`, `archive_bytes`) and `report` (`sentence`, `tone`: "good",
    "warn" or "calm", `refusals`: list of `name` and `reason`, `more`: how many are not listed) or
    None.

    Events:
        bring: one drop has been uploaded: `{project_id, class_id, on_card, source, run, files:
            [{path, relative}], refused: [{name, reason}]}`. Those that waited for each other to be
            uploaded share a `run`.
        choose: a class was pressed: `{id, turn}`; turns count up.
        dismiss: the report has been read.

    Args:
        discard: `{paths}`, uploads that are not wanted any more.
    """
    return part(
        "steps/collect/files/dropzone.js",
        events=("bring", "choose", "dismiss"),
        styles=("kit/parts.css", "steps/collect/files/dropzone.css"),
        answers={"discard": discard},
    )
