"""Varied copies of photos, for a network to learn from: mirrored, turned, cut, lighter or darker.

Where turning would look past a photo's edge it sees the photo reflected there, never black corners:
a network soon learns from those which photos were turned (fastai's augmentation reflects likewise).
Pillow and numpy only, because the page shows samples of it, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from nocode_classifier.learn.settings import Augmentation

Photo = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]

GAP = 4
"""Pixels between the pictures of a sheet."""

REACH = 1.0
"""Bilinear interpolation looks so many pixels beyond a point. Bicubic takes three times as long (6
instead of 2.5 ms for a copy of 258 x 258), and photos are copied in every epoch."""


def augmented(photo: Photo, augmentation: Augmentation, rng: np.random.Generator) -> Photo:
    """A varied copy of a photo, of the same size.

    The same number of random values is drawn whatever the augmentation, so that changing one part
    of it leaves the others as they were.

    Args:
        photo: uint8 [h, w, 3], left as it is.
        augmentation: how much it may vary.
        rng: decides; the same state gives the same copy.

    Returns:
        uint8 [h, w, 3].
    """
    mirror, turn, left, top, right, bottom, brightness, contrast = rng.random(8)
    if augmentation.mirror and mirror < 0.5:
        photo = photo[:, ::-1]
    sides = np.array([left, top, right, bottom]) * augmentation.zoom
    photo = _moved(photo, math.radians(augmentation.turn) * (2 * turn - 1), sides)
    return _lit(
        photo,
        1 + augmentation.light * (2 * brightness - 1),
        1 + augmentation.light * (2 * contrast - 1),
    )


def sheet(
    photos: Sequence[Photo],
    augmentation: Augmentation,
    *,
    columns: int = 6,
    side: int = 112,
    seed: int = 0,
) -> Image.Image:
    """Samples of augmented photos side by side.

    Args:
        photos: uint8 [h, w, 3] each; at least one.
        augmentation: how much they vary.
        columns: pictures in a row; the first is the photo as it is.
        side: of each square picture, pixels.
        seed: another one gives other samples.

    Returns:
        An RGBA image with a row a photo and see-through gaps.
    """
    rng = np.random.default_rng(seed)
    pitch = side + GAP
    size = (columns * pitch - GAP, len(photos) * pitch - GAP)
    result = Image.new("RGBA", size, (0, 0, 0, 0))
    for row, photo in enumerate(photos):
        copies = [photo, *(augmented(photo, augmentation, rng) for _ in range(columns - 1))]
        for column, copy in enumerate(copies):
            picture = ImageOps.fit(Image.fromarray(copy), (side, side), Image.Resampling.BICUBIC)
            result.paste(picture, (column * pitch, row * pitch))
    return result


def _moved(photo: Photo, angle: float, sides: Points) -> Photo:
    """Turn about the centre, then cut shares away on the left, top, right and bottom; one step."""
    height, width = photo.shape[:2]
    if angle == 0 and not sides.any():
        return np.ascontiguousarray(photo)
    left, top, right, bottom = sides * (width, height, width, height)
    scale_x, scale_y = (width - left - right) / width, (height - top - bottom) / height
    cosine, sine = math.cos(angle), math.sin(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    middle = np.array([width, height]) / 2
    matrix = turn * (scale_x, scale_y)
    offset = turn @ (np.array([left, top]) - middle) + middle
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ matrix.T + offset
    before = np.ceil(np.maximum(REACH - corners.min(axis=0), 0)).astype(int)
    after = np.ceil(np.maximum(corners.max(axis=0) + REACH - (width, height), 0)).astype(int)
    wide = np.pad(photo, [(before[1], after[1]), (before[0], after[0]), (0, 0)], mode="symmetric")
    x, y = offset + before
    # Pillow asks from where each pixel of the result is taken.
    data = (matrix[0, 0], matrix[0, 1], x, matrix[1, 0], matrix[1, 1], y)
    moved = Image.fromarray(wide).transform(
        (width, height), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR
    )
    return np.asarray(moved)


def _lit(photo: Photo, brightness: float, contrast: float) -> Photo:
    """Multiply all values, then spread them about their mean."""
    if brightness == contrast == 1:
        return photo
    values = np.arange(256) * brightness
    mean = float(photo.mean()) * brightness
    table = ((values - mean) * contrast + mean).round().clip(0, 255).astype(np.uint8)
    return table[photo]
