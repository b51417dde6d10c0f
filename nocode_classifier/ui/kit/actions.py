"""What the `action` events of the parts carry."""

from __future__ import annotations

import gradio as gr

from nocode_classifier.gradio_private import data_of


def action_of(event: gr.EventData) -> dict[str, str]:
    """What an `action` event carries, as texts: `action` and whatever belongs to it."""
    return {str(key): str(value) for key, value in data_of(event).items()}
