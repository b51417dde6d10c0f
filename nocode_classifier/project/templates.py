"""Ready-made beginnings for a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nocode_classifier.errors import InputError


@dataclass(frozen=True, slots=True)
class Template:
    """A project to begin with.

    Attributes:
        key: how the command line and the page call it.
        name: what the project is called at first.
        description: one sentence for the card on the page.
        hints: remarks shown with an answer, by class name.
    """

    key: str
    name: str
    class_names: tuple[str, ...]
    description: str
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


TEMPLATES: tuple[Template, ...] = (
    Template(
        key="hot-dog",
        name="Hot dog or not",
        class_names=("hot dog", "not hot dog"),
        description="The classic: is it a hot dog? Good for a first try with photos of food.",
        hints={
            "hot dog": ("A hot dog. Mustard?",),
            "not hot dog": ("Something else to eat, or nothing to eat at all.",),
        },
    ),
    Template(
        key="bears",
        name="Teddy, grizzly or black bear",
        class_names=("teddy bear", "grizzly bear", "black bear"),
        description="Three bears, one of them harmless. Good for seeing what gets mixed up.",
        hints={
            "teddy bear": ("Safe to hug.",),
            "grizzly bear": (
                "Brown, with a hump over the shoulders. Keep your distance and back away slowly.",
            ),
            "black bear": ("No hump, tall ears. Stay calm, look big and back away slowly.",),
        },
    ),
    Template(
        key="art-text-plant",
        name="Art, text or plant",
        class_names=("art", "text", "plant"),
        description="Sort what a phone is full of: pictures, pages and greenery.",
        hints={
            "art": ("A painting, drawing or sculpture.",),
            "text": ("A page, a sign or a screen with words to read.",),
            "plant": ("A flower, a leaf, a tree or a vegetable.",),
        },
    ),
)


def template(key: str) -> Template:
    """The template of this key.

    Raises:
        InputError: there is none; the sentence lists those that there are.
    """
    for each in TEMPLATES:
        if each.key == key:
            return each
    known = ", ".join(each.key for each in TEMPLATES)
    raise InputError(f"There is no template '{key}'. Choose one of: {known}.")
