"""Whether there is enough to learn from. Light, so that a page can ask at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nocode_classifier.errors import NotReady
from nocode_classifier.learn.figures import joined

FEWEST_CLASSES = 2
FEWEST_PHOTOS = 2

PLENTY = 30
"""Photos of a class from which on more help less. From 8 to 16 of each, mistakes on unseen photos
fell from 11 to 6 % (digits in sign language); from 16 to 32, from 13 to 9 % (hot dogs)."""


def check_enough(class_names: Sequence[str], counts: Mapping[str, int]) -> None:
    """Make sure there is something to learn from.

    Args:
        counts: photos by class name.

    Raises:
        NotReady: with a sentence that says what to add.
    """
    if len(class_names) < FEWEST_CLASSES:
        raise NotReady("Name at least two things to tell apart, then add photos of each.")
    needed = [
        f"{FEWEST_PHOTOS - counts.get(name, 0)} more of '{name}'"
        for name in class_names
        if counts.get(name, 0) < FEWEST_PHOTOS
    ]
    if needed:
        raise NotReady(
            f"Every class needs at least {FEWEST_PHOTOS} photos to learn from. "
            f"Add {joined(needed)}."
        )
