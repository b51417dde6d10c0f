"""Which photos are near copies: one picture, made smaller, compressed, cropped or brighter.

A likeness is a very small picture of a photo. Two photos are near copies if one of these pictures,
or most of it, lies exactly over the other (`alignment`), better than its mirror image does, and
in the same colours. Correlation without mean and contrast as the measure is that of Lewis, "Fast
Normalized Cross-Correlation" (Vision Interface, 1995).

Measured by `benchmarks/run.py --only likeness`.
"""

from __future__ import annotations

from collections.abc import Hashable
from io import BytesIO
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from nocode_classifier.project.near_copies.alignment import Fit, fit, lay, smooth
from nocode_classifier.project.near_copies.candidates import Outlines, Places

if TYPE_CHECKING:
    from PIL import Image

Key = TypeVar("Key", bound=Hashable)
FloatArray = npt.NDArray[np.float32]

SIDE = 32
COLOUR_SIDE = 8
LIKENESS_BYTES = SIDE * SIDE + 2 * COLOUR_SIDE * COLOUR_SIDE

ALIKE = 1.16
"""How well near copies fit each other at least; the same picture has 1.2."""
MIRRORED = 0.004
"""A mirror image that fits better by more than this shows that it was mirrored."""
MAYBE = 0.7
"""Least correlation of outlines for which a closer look is worth while."""
CANDIDATES = 4
"""So many photos are looked at closely. The right one was always among the first three."""
COLOURFUL = 8.0
"""Strength of colours, of 128, from which on they are compared; copies in grey are copies too."""
SAME_COLOURS = 0.6
FLAT = 2.0
"""Contrast, of 255, below which a photo is a plain area that has nothing to compare."""
SAME_AREA = 4.0
"""So much, of 255, may plain areas differ."""


def likeness_of(image: Image.Image) -> bytes:
    """What a photo looks like, small enough to keep: `LIKENESS_BYTES` bytes.

    Args:
        image: the photo, upright, RGB, of any size.

    Returns:
        Its brightness on a grid of 32 × 32, then its two colour channels on one of 8 × 8.
    """
    from PIL import Image

    small = image.resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0).convert("YCbCr")
    brightness, *colours = small.split()
    coarse = [each.resize((COLOUR_SIDE, COLOUR_SIDE), Image.Resampling.BOX) for each in colours]
    return b"".join(each.tobytes() for each in (brightness, *coarse))


def likeness_of_file(data: bytes) -> bytes:
    """The likeness of a stored thumbnail, as `likeness_of` gives it for the photo itself.

    Raises:
        OSError: the bytes are no picture.
    """
    from PIL import Image

    with Image.open(BytesIO(data)) as image:
        return likeness_of(image.convert("RGB"))


def is_likeness(data: bytes) -> bool:
    """Whether these bytes are a likeness of this form; an empty or older one is made anew."""
    return len(data) == LIKENESS_BYTES


def is_near_copy(one: bytes, other: bytes) -> bool:
    """Whether two photos are near copies of each other, told by their likenesses."""
    known = LikenessIndex[int]()
    known.add(0, one)
    return known.find(other) is not None


def mirrored(likeness: bytes) -> bytes:
    """The likeness of the photo's mirror image; nothing of nothing."""
    if not is_likeness(likeness):
        return b""
    values = np.frombuffer(likeness, np.uint8)
    brightness = values[: SIDE * SIDE].reshape(SIDE, SIDE)
    colours = values[SIDE * SIDE :].reshape(2, COLOUR_SIDE, COLOUR_SIDE)
    return brightness[:, ::-1].tobytes() + colours[..., ::-1].tobytes()


class LikenessIndex(Generic[Key]):
    """Photos by their likeness, to ask whether a near copy of another one is among them."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._likenesses: list[bytes] = []
        self._flat: list[int] = []
        self._outlines = Outlines()

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key, likeness: bytes) -> None:
        """Take in a photo; one without a likeness (empty, or of another form) is left out."""
        if is_likeness(likeness):
            if _is_flat(likeness):
                self._flat.append(len(self))
            self._keys.append(key)
            self._likenesses.append(likeness)
            self._outlines.add(_brightness(likeness))

    def find(self, likeness: bytes) -> Key | None:
        """The key of the photo that is most surely a near copy of this one; None if none is.

        Takes a few milliseconds among thousands.
        """
        if not self._keys or not is_likeness(likeness):
            return None
        flat = _is_flat(likeness)
        place = self._same_area(likeness) if flat else self._same_picture(likeness)
        return None if place is None else self._keys[place]

    def _same_picture(self, likeness: bytes) -> int | None:
        picture = _brightness(likeness)
        places, windows = self._outlines.search(picture, CANDIDATES, MAYBE)
        if not places.size:
            return None
        found = self._fit(picture, places, windows)
        for turn in np.argsort(-found.likeness):
            if found.likeness[turn] < ALIKE:
                return None
            place = int(places[turn])
            if self._fits_mirrored(picture, place) > found.likeness[turn] + MIRRORED:
                continue
            if _same_colours(likeness, self._likenesses[place], found.windows[turn]):
                return place
        return None

    def _fit(self, picture: FloatArray, places: Places, windows: FloatArray) -> Fit:
        others = np.stack([_brightness(self._likenesses[place]) for place in places])
        return fit(smooth(picture), smooth(others), windows)

    def _fits_mirrored(self, picture: FloatArray, place: int) -> float:
        mirrored = picture[:, ::-1]
        window = self._outlines.window(mirrored, place)
        return float(self._fit(mirrored, np.array([place]), window).likeness[0])

    def _same_area(self, likeness: bytes) -> int | None:
        """The first plain area of nearly the same colour."""
        for place in self._flat:
            difference = np.abs(_values(likeness) - _values(self._likenesses[place]))
            if difference.mean() <= SAME_AREA:
                return place
        return None


def _is_flat(likeness: bytes) -> bool:
    return bool(_brightness(likeness).std() < FLAT)


def _values(likeness: bytes) -> FloatArray:
    return np.frombuffer(likeness, np.uint8).astype(np.float32)


def _brightness(likeness: bytes) -> FloatArray:
    """Float32 [32, 32], 0 to 255."""
    return _values(likeness)[: SIDE * SIDE].reshape(SIDE, SIDE)


def _colours(likeness: bytes) -> FloatArray:
    """Blue and red against grey, float32 [2, 8, 8], -128 to 127."""
    return _values(likeness)[SIDE * SIDE :].reshape(2, COLOUR_SIDE, COLOUR_SIDE) - 128


def _same_colours(one: bytes, other: bytes, window: FloatArray) -> bool:
    """Whether the colours of two photos agree, or one of them hardly has any.

    Args:
        one, other: likenesses.
        window: what of the other is seen in the one, as in `alignment.fit`, float32 [4].
    """
    theirs, common, *_ = lay(_colours(other), np.stack([window, window]), edge=0)
    mine, theirs = common * _colours(one), common * theirs
    strengths = [np.sqrt((each**2).sum() / max(common[0].sum(), 1)) for each in (mine, theirs)]
    if min(strengths) < COLOURFUL:
        return True
    agreement = (mine * theirs).sum() / np.sqrt((mine**2).sum() * (theirs**2).sum())
    return bool(agreement >= SAME_COLOURS)
