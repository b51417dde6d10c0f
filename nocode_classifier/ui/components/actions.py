"""HTML whose buttons and fields call Python.

Anything inside with `data-action="rename"` triggers the component's `action` event; its `data-*`
attributes, and `value` for a field, arrive as the event's data. Buttons act on click, fields when
they are left or on Enter, forms on submit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

_FOLDER = Path(__file__).parent


def action_html(value: str = "", *, more_script: str | None = None, **options: Any) -> gr.HTML:
    """A `gr.HTML` with an `action` event; `action_of` reads what was asked for.

    Args:
        more_script: name of a file beside this one that runs in the same function afterwards.
    """
    scripts = [name for name in ("actions.js", more_script) if name]
    return gr.HTML(
        value,
        js_on_load="\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in scripts),
        apply_default_css=False,
        **options,
    )


def action_of(event: gr.EventData) -> dict[str, str]:
    """What an `action` event carries: `action`, the other `data-*` values, and `value`."""
    return {str(key): str(value) for key, value in event._data.items()}
