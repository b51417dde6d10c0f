"""Drawn pictures as different from each other as photos of different things are."""

from __future__ import annotations

import zlib
from io import BytesIO

import numpy as np
from PIL import Image


def scene(name: str, size: tuple[int, int] = (320, 240)) -> bytes:
    """A picture of soft blobs and fine texture as a JPEG; another name gives another picture."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    width, height = size
    coarse = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    soft = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    grain = random.normal(0, 14, (height, width, 1))
    pixels = np.clip(np.asarray(soft, np.float32) + grain, 0, 255).astype(np.uint8)
    target = BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=88)
    return target.getvalue()
