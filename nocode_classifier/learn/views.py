"""The two views of a photo that the network looks at, made with Pillow instead of in the graph.

Exports copy this file, so it imports nothing else of the project.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

EIGHTHS = 7
"""Side of the centre view in eighths of the photo's short side, as ImageNet models are tested."""


def views_of(photo: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """The whole photo squeezed square, and the square in its middle.

    Args:
        photo: uint8 [height, width, 3], RGB.
        side: of both views, pixels.

    Returns:
        uint8 [2, side, side, 3]; a few in ten thousand values are one off those of the graph.
    """
    height, width = photo.shape[:2]
    square = max(min(height, width) * EIGHTHS // 8, 1)
    top, left = (height - square) // 2, (width - square) // 2
    whole = Image.fromarray(photo)
    centre = whole.crop((left, top, left + square, top + square))
    pictures = [view.resize((side, side), Image.Resampling.BICUBIC) for view in (whole, centre)]
    return np.stack([np.asarray(picture) for picture in pictures])
