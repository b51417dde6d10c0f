"""The colours of classes: the same in the wizard, on the page that is served, and in exports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassColour:
    """The colour of a class: a fill, and the text colour that can be read on it."""

    fill: str
    text: str


_LIGHT, _DARK = "#ffffff", "#211a12"

CLASS_COLOURS: tuple[ClassColour, ...] = (
    ClassColour("#2f6bd8", _LIGHT),  # blue
    ClassColour("#f2902d", _DARK),  # orange
    ClassColour("#237f49", _LIGHT),  # green
    ClassColour("#c4336f", _LIGHT),  # raspberry
    ClassColour("#7550cc", _LIGHT),  # violet
    ClassColour("#f0c233", _DARK),  # yellow
    ClassColour("#0e7b88", _LIGHT),  # teal
    ClassColour("#c8402f", _LIGHT),  # brick
    ClassColour("#63bfee", _DARK),  # sky
    ClassColour("#86562f", _LIGHT),  # brown
    ClassColour("#a4c93a", _DARK),  # lime
    ClassColour("#a23cae", _LIGHT),  # orchid
    ClassColour("#5a6474", _LIGHT),  # slate
    ClassColour("#f2a7c3", _DARK),  # pink
    ClassColour("#66d0ad", _DARK),  # mint
    ClassColour("#28406f", _LIGHT),  # navy
)
"""Neighbours differ in lightness too, for people who see few colours. Text: 4.5 to 1 or better."""


def class_colour(index: int) -> ClassColour:
    """The colour of a class; they repeat after the last."""
    return CLASS_COLOURS[index % len(CLASS_COLOURS)]
