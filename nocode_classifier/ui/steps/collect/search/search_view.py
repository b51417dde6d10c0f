"""How far the search for photos is, the photos as they arrive, and what became of it."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import part


def search_view() -> gr.HTML:
    """Make the place that shows a running search, and the last one until it is put away.

    The value is None while there is nothing to show, else made of `project_id`, `id` (of the job),
    `kind` ("find" or "fetch"), `running`, `stopping`, `stage` (a phrase), `rows` (one a class:
    `label` as `class_value`, `there`, `wanted` or None, `found`, `kept`, `left_out`, `reasons`:
    list of `count` and `words`), `newest` (`sha256` and `name` of photos, newest first) and
    `outcome` (None while it runs, else `sentence`, `tone`: "good", "warn" or "calm", `notes`: more
    sentences, `of`: the class of the offers, `words` and `places`: offers of `key` and `label`,
    `own`: photos of one's own would help).

    Events:
        stop: keep what came and end.
        dismiss: what became of it has been read.
        widen: `{class_id, kind, key}`, an offer to search with; kind is "words" or "place".
    """
    return part(
        "steps/collect/search/search_view.js",
        events=("stop", "dismiss", "widen"),
        styles=("kit/parts.css", "steps/collect/search/search_view.css"),
        elem_classes="way way-find way-links search-place",
    )
