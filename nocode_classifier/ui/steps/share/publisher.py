"""Publishing a page at Hugging Face."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.part import Answering, part


def publisher(*, sign_in: Answering) -> gr.HTML:
    """Make the place to publish, from signing in to the page that is there.

    The value is that of `ui.sharing.publishing.publish_value`.

    Events:
        browser: `{keep}`: sign in on a page of Hugging Face.
        signed: someone has signed in.
        leave: `{forget}`: sign out.
        look: `{owner, name, visibility, kind, with_photos}`: make it ready, to be looked at.
        back: to the form.
        publish: what was looked at.
        stop: the work.

    Args:
        sign_in: `{token, keep}` or `{stored}`; answers with `name`.
    """
    return part(
        "steps/share/publisher.js",
        events=("browser", "signed", "leave", "look", "back", "publish", "stop"),
        styles=("kit/parts.css", "kit/panel.css", "steps/share/publisher.css"),
        answers={"sign_in": sign_in},
        elem_classes="share-panel share-publish",
    )
