"""Publishing a page at Hugging Face."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.ui.kit.scripts import Answering, named, text_of


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
    return gr.HTML(
        None,
        html_template="<div></div>",
        css_template=text_of("kit/parts.css", "kit/panel.css", "steps/share/publisher.css"),
        js_on_load=text_of(
            "kit/dom.js",
            "kit/panel.js",
            "steps/share/publisher_account.js",
            "steps/share/publisher_form.js",
            "steps/share/publisher_parts.js",
            "steps/share/publisher.js",
        ),
        apply_default_css=False,
        elem_classes="share-panel share-publish",
        server_functions=[named("sign_in", sign_in)],
    )
