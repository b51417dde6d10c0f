"""The two views of a photo that the network looks at, made with Pillow instead of in the graph."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

EIGHTHS = 7
"""Side of the centre view in eighths of the photo's short side, as in `graph.CENTRE`."""


def views_of(photo: npt.NDArray[np.uint8], side: int) -> tuple[Image.Image, Image.Image]:
    """The whole photo squeezed square, and the square in its middle.

    Args:
        photo: uint8 [height, width, 3], RGB.
        side: of both views, pixels.
    """
    height, width = photo.shape[:2]
    square = max(min(height, width) * EIGHTHS // 8, 1)
    top, left = (height - square) // 2, (width - square) // 2
    whole = Image.fromarray(photo)
    centre = whole.crop((left, top, left + square, top + square))
    bilinear = Image.Resampling.BILINEAR
    return whole.resize((side, side), bilinear), centre.resize((side, side), bilinear)
