"""Colours as they are meant: profiles of cameras and phones turned into sRGB.

Source: ICC.1:2022; the conversion itself is Little CMS's, where Pillow was built with it.
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, features

MOST_BYTES = 4_000_000
"""Of a profile; those of printing presses have three million."""

SAME = 2
"""A profile that changes no colour by more than this, of 255, is one of sRGB's many spellings."""

_KEPT = 32
_known: dict[bytes, Any] = {}
_MODES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK", b"Lab ": "LAB"}


def as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a photo to sRGB by its profile.

    Args:
        image: RGB, L, CMYK or LAB.
        profile: ICC profile that was in the file. One that is broken or meant for pixels of
            another kind changes nothing.

    Returns:
        RGB; or the image itself where there is nothing to convert.
    """
    transform = _transform(profile, image.mode)
    if transform is None:
        return image
    from PIL import ImageCms

    converted = ImageCms.applyTransform(image, transform)
    return image if converted is None else converted


def mode_of(profile: bytes | None) -> str | None:
    """Of the pixels that a profile is meant for, as Pillow calls it; None if it can't be used."""
    if not profile or len(profile) > MOST_BYTES or profile[36:40] != b"acsp":
        return None
    return _MODES.get(profile[16:20])


def _transform(profile: bytes | None, mode: str) -> Any:
    """From a profile to sRGB; None where nothing changes. Building one takes milliseconds."""
    if mode != "LAB" and (not profile or mode_of(profile) != mode):
        return None
    key = hashlib.sha256((profile or b"") + mode.encode()).digest()
    if key not in _known:
        if len(_known) >= _KEPT:
            _known.clear()
        _known[key] = _build(profile, mode)
    return _known.get(key)


def _build(profile: bytes | None, mode: str) -> Any:
    if not features.check("littlecms2"):
        return None
    from PIL import ImageCms

    try:
        source = ImageCms.createProfile("LAB") if mode == "LAB" else BytesIO(profile or b"")
        target = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(source, target, mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return None if mode == "RGB" and _changes_nothing(transform) else transform


def _changes_nothing(transform: Any) -> bool:
    from PIL import ImageCms

    steps = np.arange(0, 256, 15, dtype=np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(len(steps), -1, 3)
    found = ImageCms.applyTransform(Image.fromarray(colours), transform)
    return found is not None and bool(np.abs(np.asarray(found, np.int16) - colours).max() <= SAME)
