"""The name of a class on its colour, the same everywhere."""

from __future__ import annotations

from nocode_classifier.ui.theme import CLASS_COLOURS


def chip_value(name: str, colour: int) -> dict[str, str]:
    """A class chip for `chip` of "kit/dom.js"; `colour` is its index."""
    return {"name": name, "style": f"class-{colour % len(CLASS_COLOURS)}"}
