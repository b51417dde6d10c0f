"""The scripts and style sheets of the page's parts, kept in files of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nocode_classifier.errors import AppError
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.ui.theme import class_colour

_FOLDER = Path(__file__).parent.parent

Answering = Callable[[dict[str, Any]], Any]
"""A function that a component's script calls with one object, and that answers with JSON."""


def text_of(*names: str) -> str:
    """These files of `ui`, such as "kit/dom.js", one after the other: they share one scope."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


def named(name: str, answer: Answering) -> Answering:
    """Offer `answer` to a script as `server.<name>(…)`.

    What the core refuses arrives there as `{refused: sentence}`, since Gradio would turn an
    error in such a function into a bare "500".
    """

    def call(asked: dict[str, Any]) -> Any:
        try:
            return answer(asked)
        except AppError as error:
            return {"refused": str(error)}

    call.__name__ = name
    return call


def class_value(label: ClassLabel, count: int = 0) -> dict[str, Any]:
    """A class as the scripts know it."""
    colour = class_colour(label.colour)
    return {
        "id": label.id,
        "name": label.name,
        "colour": colour.fill,
        "ink": colour.text,
        "count": count,
    }
