"""Greys in wide numbers, as scanners and microscopes write them, in 8 bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from nocode_classifier.predict.refusals import BELOW_ZERO, UnreadKind
from nocode_classifier.predict.tiff import BITS, FORMAT, PHOTOMETRIC

BAND = 1 << 20
"""Pixels that are converted at a time, so that only they are held twice."""


@dataclass(frozen=True, slots=True)
class WideGrey:
    """How numbers of 12, 16 or 32 bits become 8.

    Attributes:
        top: what is white.
        is_inverted: zero is white instead.
        is_unsigned: Pillow read whole numbers without a sign as if they had one.
        hidden: the number that is see-through.
    """

    top: float
    is_inverted: bool
    is_unsigned: bool
    hidden: int | None

    def to_8_bits(self, image: Image.Image) -> Image.Image:
        """Turn a part of the photo into mode L."""
        values = _values(image, is_unsigned=self.is_unsigned)
        share = np.nan_to_num(values / self.top, nan=0.0, posinf=1.0, neginf=0.0).clip(0, 1)
        grey = ((1 - share if self.is_inverted else share) * 255).round().astype(np.uint8)
        if self.hidden is not None:
            grey[values == self.hidden] = 255
        return Image.fromarray(grey)


def wide_grey(image: Image.Image) -> WideGrey | None:
    """How to make 8 bits of a photo's numbers; None where they are 8 bits already.

    Raises:
        PhotoError: some are below zero, so that nobody knows what is black.
    """
    if image.mode[0] not in "IF":
        return None
    tags = getattr(image, "tag_v2", {})
    bits, numbers = tags.get(BITS, (16,))[0], tags.get(FORMAT, (1,))[0]
    is_unsigned = image.mode == "I" and bits == 32 and numbers == 1
    hidden = image.info.get("transparency")
    return WideGrey(
        _top_of(image, bits, is_unsigned=is_unsigned),
        tags.get(PHOTOMETRIC) == 0,
        is_unsigned,
        hidden if isinstance(hidden, int) else None,
    )


def _top_of(image: Image.Image, bits: int, *, is_unsigned: bool) -> float:
    """What is white: the most such numbers can hold, or of very wide ones the most there is."""
    if image.mode.startswith("I;16"):
        return 4095.0 if bits == 12 else 65535.0
    low, high = 0.0, 0.0
    rows = max(BAND // image.width, 1)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        values = _values(band, is_unsigned=is_unsigned)
        values = values[np.isfinite(values)]
        low, high = min(low, values.min(initial=0.0)), max(high, values.max(initial=0.0))
    if image.mode == "F":
        return max(high, 1.0)
    if low < 0:
        raise UnreadKind(BELOW_ZERO)
    return next((each for each in (255.0, 65535.0) if high <= each), high)


def _values(image: Image.Image, *, is_unsigned: bool) -> npt.NDArray[np.float32]:
    numbers = np.asarray(image)
    return (numbers.view(np.uint32) if is_unsigned else numbers).astype(np.float32)
