"""HTML whose buttons and fields call Python.

Anything inside with `data-action="rename"` triggers the component's `action` event; its `data-*`
attributes, and `value` for a field, arrive as the event's data. Buttons act on click, fields when
they are left or on Enter, forms on submit.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from nocode_classifier.ui.kit.scripts import text_of


def action_html(value: str = "", *, more_script: str | None = None, **options: Any) -> gr.HTML:
    """A `gr.HTML` with an `action` event; `action_of` reads what was asked for.

    Args:
        more_script: a file, as in `text_of`, that runs in the same function afterwards.
    """
    scripts = [name for name in ("kit/actions.js", more_script) if name]
    return gr.HTML(
        value,
        js_on_load=text_of(*scripts),
        apply_default_css=False,
        **options,
    )


def action_of(event: gr.EventData) -> dict[str, str]:
    """What an `action` event carries: `action`, the other `data-*` values, and `value`."""
    return {str(key): str(value) for key, value in event._data.items()}
