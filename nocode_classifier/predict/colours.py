"""Colours as they are meant: profiles of cameras and phones turned into sRGB.

Source: ICC.1:2022. Profiles that are no curves and a matrix are converted by Little CMS, where
Pillow was built with it.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image, features

from nocode_classifier.predict.matrix_profiles import MatrixProfile, read_matrix_profile

Transform = Callable[[Image.Image], Image.Image]

MOST_BYTES = 4_000_000
"""Of a profile; those of printing presses have three million."""

SAME = 2
"""A profile that changes no colour by more than this, of 255, is one of sRGB's many spellings."""

_KEPT = 32
_known: dict[bytes, Transform | None] = {}
_COLUMNS: dict[int, tuple[float, ...]] = {
    9: (0.67348, 0.27904, -0.00193, 0.16566, 0.67534, 0.02998, 0.12505, 0.04561, 0.79686),
    12: (0.51512, 0.24120, -0.00105, 0.29198, 0.69225, 0.04189, 0.15710, 0.06657, 0.78407),
}
"""Red, green and blue as XYZ under D50."""
_LIKE_SRGB = frozenset({1, 6, 13, 14, 15})
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
    return image if transform is None else transform(image)


def profile_of(primaries: int, transfer: int) -> bytes | None:
    """An ICC profile for colours that a file only gives by their numbers in ITU-T H.273.

    Args:
        primaries: 9 is BT.2020, 12 is Display P3.
        transfer: those that differ from sRGB's by more than is seen (HDR) are left alone.

    Returns:
        The profile; None for sRGB's own colours, and for what is unknown.
    """
    columns = _COLUMNS.get(primaries)
    if columns is None or transfer not in _LIKE_SRGB:
        return None
    places = (columns[:3], columns[3:6], columns[6:])
    tags = {
        name + b"XYZ": struct.pack(">4sxxxx3i", b"XYZ ", *(round(65536 * each) for each in place))
        for name, place in zip((b"r", b"g", b"b"), places, strict=True)
    }
    curve = (round(65536 * each) for each in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
    tags |= dict.fromkeys(
        (b"rTRC", b"gTRC", b"bTRC"), struct.pack(">4sxxxxHxx5i", b"para", 3, *curve)
    )
    tags[b"wtpt"] = struct.pack(">4sxxxx3i", b"XYZ ", *(63190, 65536, 54061))
    start, table, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(value))
        body += value
    head = struct.pack(">I4xI12s12x4s28x3i", start + len(body), 0x04000000, b"mntrRGB XYZ ",
                       b"acsp", 63190, 65536, 54061).ljust(128, b"\0")  # fmt: skip
    return head + table + body


def mode_of(profile: bytes | None) -> str | None:
    """Of the pixels that a profile is meant for, as Pillow calls it; None if it can't be used."""
    if not profile or len(profile) > MOST_BYTES or profile[36:40] != b"acsp":
        return None
    return _MODES.get(profile[16:20])


def _transform(profile: bytes | None, mode: str) -> Transform | None:
    """From a profile to sRGB; None where nothing changes. Building one takes milliseconds."""
    if mode != "LAB" and (not profile or mode_of(profile) != mode):
        return None
    key = hashlib.sha256((profile or b"") + mode.encode()).digest()
    if key not in _known:
        if len(_known) >= _KEPT:
            _known.clear()
        _known[key] = _build(profile, mode)
    return _known.get(key)


def _build(profile: bytes | None, mode: str) -> Transform | None:
    matrix_profile = read_matrix_profile(profile) if profile and mode == "RGB" else None
    transform = _by_matrix(matrix_profile) if matrix_profile else _by_converter(profile, mode)
    if transform is None or (mode == "RGB" and _changes_nothing(transform)):
        return None
    return transform


def _by_matrix(profile: MatrixProfile) -> Transform:
    return lambda image: Image.fromarray(profile.to_srgb(np.asarray(image)))


def _by_converter(profile: bytes | None, mode: str) -> Transform | None:
    if not features.check("littlecms2"):
        return None
    from PIL import ImageCms

    try:
        source = ImageCms.createProfile("LAB") if mode == "LAB" else BytesIO(profile or b"")
        target = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(source, target, mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return lambda image: ImageCms.applyTransform(image, transform) or image


def _changes_nothing(transform: Transform) -> bool:
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    colours = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(len(steps), -1, 3)
    found = np.asarray(transform(Image.fromarray(colours)), np.int16)
    return bool(np.abs(found - colours).max() <= SAME)
