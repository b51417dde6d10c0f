"""What to search the web for: words, variety, places, licence and how many."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


def finder(*, keep: Answering) -> gr.HTML:
    """Make the form of a search.

    The value is made of `project_id`, `label` (the chosen class as `class_value` or None),
    `settings` (`own`: phrases, [] for the name of the class; `on`: keys of suggestions; `sources`:
    keys; `licence`; `count`; `photos_only`), `most_words` (phrases at once), `suggestions` (`key`,
    `label`, `group`, `first`: shown before the others are unfolded), `sources` and `licences`
    (`key`, `label`, `about`), `contact`, `go_on` (the last search of the class was left before its
    end), `go_on_all` (one for several classes was), `lacking` (names of the classes with fewer
    photos than wished for), `busy` (a sentence while nothing can be begun, or None), `strong`
    (finding photos is what to do next) and `credits` (an address, or None).

    Events:
        kept: settings have been kept, so other things may look different.
        find: `{class_id, all, more, settings}`; `all` means all classes that have too few photos,
            `more` that this one has as many as were wished for.
        contact: `{contact}`.

    Args:
        keep: `{project_id, class_id, settings}` as they are now; answers `{}`.
    """
    return part(
        "steps/collect/search/finder.js",
        events=("kept", "find", "contact"),
        styles=("kit/parts.css", "steps/collect/search/finder.css"),
        answers={"keep": keep},
        elem_classes="way way-find finder-place",
    )
