"""Colour profiles of every kind of curve, and damaged ones."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from PIL import ImageCms

from tests.odd_photos import ADOBE_RGB, DISPLAY_P3, SRGB, matrix_profile


def with_curve(curve: bytes, columns: Sequence[float] = DISPLAY_P3) -> bytes:
    """A profile whose three curves are this tag."""
    plain = matrix_profile(columns, 2.0)
    (count,) = struct.unpack_from(">I", plain, 128)
    entries = [struct.unpack_from(">4sII", plain, 132 + 12 * number) for number in range(count)]
    table = b"".join(
        struct.pack(">4sII", name, len(plain), len(curve))
        if name.endswith(b"TRC")
        else struct.pack(">4sII", name, start, size)
        for name, start, size in entries
    )
    size = struct.pack(">I", len(plain) + len(curve))
    return size + plain[4:132] + table + plain[132 + len(table) :] + curve


def parametric(kind: int, *given: float) -> bytes:
    numbers = (round(65536 * each) for each in given)
    return struct.pack(f">4sxxxxHxx{len(given)}i", b"para", kind, *numbers)


def table(count: int) -> bytes:
    values = (round(65535 * (at / (count - 1)) ** 1.9) for at in range(count))
    return struct.pack(f">4sxxxxI{count}H", b"curv", count, *values)


PROFILES: Mapping[str, bytes] = {
    "srgb": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "gamma": matrix_profile(ADOBE_RGB, 2.2),
    "other primaries": matrix_profile(SRGB[3:] + SRGB[:3], 1.0),
    "straight": with_curve(struct.pack(">4sxxxxI", b"curv", 0)),
    "table of 2": with_curve(table(2)),
    "table of 1024": with_curve(table(1024)),
    "type 0": with_curve(parametric(0, 1.8)),
    "type 1": with_curve(parametric(1, 2.2, 0.95, 0.05)),
    "type 2": with_curve(parametric(2, 2.2, 0.9, 0.05, 0.02)),
    "type 3": with_curve(parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)),
    "type 4": with_curve(parametric(4, 2.4, 0.9, 0.1, 0.1, 0.05, 0.01, 0.002)),
}

DAMAGED: Sequence[bytes] = (
    b"",
    b"no profile" * 20,
    PROFILES["gamma"][:200],
    PROFILES["gamma"][:-40],
    with_curve(b"none" + bytes(20)),
    with_curve(parametric(9, 1.0)),
    with_curve(parametric(1, 2.2, 0.0, 0.05)),
    with_curve(struct.pack(">4sxxxxI", b"curv", 9)),
    PROFILES["gamma"].replace(b"rXYZ", b"A2B0"),
)
