"""What kind of picture something is: a photo, or a logo, a drawing, a placeholder.

What is drawn has areas of exactly one colour, and few colours; light and lenses make every surface
of a photo vary a little. After Athitsos, Swain and Frankel, "Distinguishing Photographs and
Graphics on the World Wide Web" (IEEE Workshop on Content-Based Access of Image and Video Libraries,
1997). The limits are set so that photos pass: of things cut out on white, and of small ones before
an empty sky too. Some drawings with much shading pass with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE = 128
"""About so many pixels of the shorter side are looked at."""
SAME = 1
"""Values that differ by so much, of 255, are called the same."""
SHADING = (4, 40)
"""Differences between neighbours, above the first up to the second, that are soft changes."""
ELSEWHERE = 24
"""From so much difference on, a place does not have the colour of the ground."""

LEAST_GROUND = 0.2
LEAST_FLAT = 0.2
LEAST_FEW = 0.2
SHADED_COUNTS = 0.3
PLAIN_GROUND = 0.6

Values = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ImageStatistics:
    """Figures about a picture, all from 0 to 1.

    Attributes:
        ground: share of the picture that has exactly its most frequent colour.
        flat: share of the picture around which all is of one colour.
        few: share of the rest, without the ground, that its four most frequent colours take.
        shaded: share of the rest around which colours change softly.
    """

    ground: float
    flat: float
    few: float
    shaded: float


def look_at(image: Image.Image) -> ImageStatistics:
    """Look at an upright RGB picture of at least 3 × 3 pixels."""
    factor = min(image.size) // SIDE
    small = np.asarray(image.reduce(factor) if factor > 1 else image)
    # By channel: NumPy is several times slower where the last axis is that short.
    values = np.ascontiguousarray(small.transpose(2, 0, 1))
    change, inside = _change(values), values[:, 1:-1, 1:-1]
    colours = _colour_numbers(inside)
    ground = np.median(inside[:, colours == np.bincount(colours.ravel()).argmax()], axis=1)
    distance = np.abs(inside - ground.astype(np.int16)[:, None, None]).max(axis=0)
    rest = distance > ELSEWHERE
    counts = np.sort(np.bincount(colours[rest])) if rest.any() else np.ones(1)
    shading = (change > SHADING[0]) & (change <= SHADING[1])
    return ImageStatistics(
        ground=float((distance <= SAME).mean()),
        flat=float((change <= SAME).mean()),
        few=float(counts[-4:].sum() / counts.sum()),
        shaded=float(shading[rest].mean()) if rest.any() else 0.0,
    )


def is_graphic(looks: ImageStatistics) -> bool:
    """Whether it is a logo, clip art, an icon, a diagram or a placeholder on flat ground."""
    return (
        looks.ground >= LEAST_GROUND
        and looks.flat >= LEAST_FLAT
        and looks.few - SHADED_COUNTS * looks.shaded >= LEAST_FEW
    )


def is_plain(looks: ImageStatistics) -> bool:
    """Whether there is so little on it that it may say "no image available"."""
    return is_graphic(looks) and looks.ground >= PLAIN_GROUND


def _change(values: Values) -> Values:
    """Largest difference in a channel among the nine pixels around each, [h - 2, w - 2]."""
    high = np.maximum(np.maximum(values[:, :-2], values[:, 1:-1]), values[:, 2:])
    high = np.maximum(np.maximum(high[..., :-2], high[..., 1:-1]), high[..., 2:])
    low = np.minimum(np.minimum(values[:, :-2], values[:, 1:-1]), values[:, 2:])
    low = np.minimum(np.minimum(low[..., :-2], low[..., 1:-1]), low[..., 2:])
    change: Values = (high - low).max(axis=0)
    return change


def _colour_numbers(values: Values) -> npt.NDArray[np.uint16]:
    """Which of 4,096 colours each pixel of [3, h, w] has, [h, w]."""
    red, green, blue = values.astype(np.uint16) >> 4
    numbers: npt.NDArray[np.uint16] = red << 8 | green << 4 | blue
    return numbers
