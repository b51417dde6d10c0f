"""Which photos are near copies: one picture, made smaller, compressed, cropped or brighter."""

from __future__ import annotations

from collections.abc import Hashable
from io import BytesIO
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL import Image

Key = TypeVar("Key", bound=Hashable)
FloatArray = npt.NDArray[np.float32]

SIDE = 32
COLOUR_SIDE = 8
LIKENESS_BYTES = SIDE * SIDE + 2 * COLOUR_SIDE * COLOUR_SIDE
ALIKE = 0.97


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
    known = LookAlikes[int]()
    known.add(0, one)
    return known.find(other) is not None


class LookAlikes(Generic[Key]):
    """Photos by their likeness, to ask whether a near copy of another one is among them."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._pictures = np.zeros((0, SIDE * SIDE), np.float32)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key, likeness: bytes) -> None:
        """Take in a photo; one without a likeness (empty, or of another form) is left out."""
        if is_likeness(likeness):
            self._keys.append(key)
            self._pictures = np.vstack([self._pictures, _picture(likeness)])

    def find(self, likeness: bytes) -> Key | None:
        """The key of the photo that is most surely a near copy of this one; None if none is."""
        if not self._keys or not is_likeness(likeness):
            return None
        correlation = self._pictures @ _picture(likeness)
        best = int(correlation.argmax())
        return self._keys[best] if correlation[best] >= ALIKE else None


def _picture(likeness: bytes) -> FloatArray:
    """Brightness without its mean and contrast, float32 [1024] of length 1."""
    values = np.frombuffer(likeness, np.uint8, SIDE * SIDE).astype(np.float32)
    values -= values.mean()
    length = np.linalg.norm(values)
    scaled: FloatArray = values / max(float(length), 1.0)
    return scaled
