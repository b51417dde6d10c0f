"""The name of a class on its colour, the same everywhere."""

from __future__ import annotations

import html

from nocode_classifier.ui.theme import CLASS_COLOURS


def chip_value(name: str, colour: int) -> dict[str, str]:
    """A class chip for `chip` of "kit/dom.js"; `colour` as below."""
    return {"name": name, "style": f"class-{colour % len(CLASS_COLOURS)}"}


def chip(name: str, colour: int, *, note: str = "") -> str:
    """HTML of a class chip.

    Args:
        colour: index of the class's colour (`ClassLabel.colour`).
        note: a few characters after the name, such as a count.
    """
    small = f" <small>{html.escape(note)}</small>" if note else ""
    return (
        f'<span class="chip class-{colour % len(CLASS_COLOURS)}" title="{html.escape(name)}">'
        f'<span class="chip-name">{html.escape(name)}</span>{small}</span>'
    )
