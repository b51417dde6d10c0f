"""Photos that show what a model gets right and wrong, as pictures that are part of a page."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.project.records import HeldOutAnswer

Picture = Callable[[str], bytes | None]
"""Finds the small picture (WebP) of a photo by its SHA-256; None where there is none any more."""

MOST_WRONG = 24
MOST_RIGHT, RIGHT_OF_A_CLASS = 24, 4
"""A few of each class; of very many classes one each."""

SIDE = 240
"""Pixels a picture is wide and high at most."""

MOST_BYTES = 1_500_000
"""All pictures together, as text; the page must be light enough to be sent."""


@dataclass(frozen=True, slots=True)
class Example:
    """A photo that the model had not seen, and what it answered.

    Attributes:
        picture: a data address.
        probability: of the answer.
    """

    picture: str
    true: str
    answered: str
    probability: float


def examples_of(check: ModelCheck, picture: Picture | None) -> tuple[list[Example], list[Example]]:
    """Wrong answers, those that were furthest off first, and of each class the surest right ones.

    Args:
        check: whose answers.
        picture: finds the pictures; without it there are no examples.
    """
    if picture is None:
        return [], []
    ordered = check.by_loss()
    wrong = [answer for answer in ordered if answer.predicted != answer.true]
    space = _Space(picture, MOST_BYTES)
    return (
        [*space.examples(wrong, MOST_WRONG)],
        [*space.examples(_surest(check, ordered[::-1]), max(MOST_RIGHT, len(check.class_names)))],
    )


def _surest(check: ModelCheck, surest_first: Iterable[HeldOutAnswer]) -> list[HeldOutAnswer]:
    """A few right answers of each class, class by class."""
    each = max(min(RIGHT_OF_A_CLASS, MOST_RIGHT // len(check.class_names)), 1)
    taken: Counter[str] = Counter()
    chosen = []
    for answer in surest_first:
        if answer.predicted == answer.true and taken[answer.true] < each:
            taken[answer.true] += 1
            chosen.append(answer)
    return sorted(chosen, key=lambda answer: check.class_names.index(answer.true))


class _Space:
    """Takes pictures for as long as there is room for them on the page."""

    def __init__(self, picture: Picture, room: int) -> None:
        self._picture = picture
        self._room = room

    def examples(self, answers: Iterable[HeldOutAnswer], most: int) -> Iterator[Example]:
        """As many of these as there are pictures of, and room for."""
        for answer in answers:
            if most == 0 or self._room <= 0:
                return
            data = self._picture(answer.sha256)
            small = None if data is None else _smaller(data)
            if small is not None:
                address = f"data:image/webp;base64,{b64encode(small).decode()}"
                self._room -= len(address)
                most -= 1
                yield Example(address, answer.true, answer.predicted, answer.probability)


def _smaller(picture: bytes) -> bytes | None:
    """The picture as it is shown; None where it is damaged."""
    from PIL import Image

    out = BytesIO()
    with suppress(OSError), Image.open(BytesIO(picture)) as image:
        image.thumbnail((SIDE, SIDE))
        image.save(out, "WEBP", quality=75)
    return out.getvalue() or None
