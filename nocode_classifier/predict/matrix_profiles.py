"""The colour profiles of cameras, phones and screens: three curves and a matrix.

Colour converters round in their own ways, which a network can tell. What is asked here and in a
page that runs by itself (`share/static/page/colours.js`) is therefore converted by the same few
steps, number by number. Source: ICC.1:2022, 8.3.3, 10.6 and 10.18; IEC 61966-2-1 for sRGB.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

SRGB_FROM_XYZ = (
    (3.13409566, -1.61740041, -0.49063776),
    (-0.97879269, 1.9162949, 0.03345363),
    (0.07197113, -0.22898711, 1.4053802),
)
"""From XYZ under D50 to sRGB in linear light."""

STEPS = 65535
"""Linear light is rounded to so many steps before it is coded again."""

BAND = 1 << 18
"""Pixels that are converted at a time."""

_PARAMETERS = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}


@dataclass(frozen=True, slots=True)
class MatrixProfile:
    """From a profile's RGB to sRGB.

    Attributes:
        curves: linear light for each value, of red, green and blue [3, 256].
        matrix: from there to sRGB in linear light [3, 3].
    """

    curves: FloatArray
    matrix: FloatArray

    def to_srgb(self, pixels: Pixels) -> Pixels:
        """Convert pixels [..., 3]."""
        flat = pixels.reshape(-1, 3)
        result = np.empty_like(flat)
        for start in range(0, len(flat), BAND):
            band = flat[start : start + BAND]
            light = [curve[band[:, channel]] for channel, curve in enumerate(self.curves)]
            for channel, row in enumerate(self.matrix):
                # Summed in this order: another one might round differently.
                value = row[0] * light[0] + row[1] * light[1] + row[2] * light[2]
                steps = (value.clip(0, 1) * STEPS + 0.5).astype(np.uint16)
                result[start : start + BAND, channel] = _CODED[steps]
        return result.reshape(pixels.shape)


def read_matrix_profile(profile: bytes) -> MatrixProfile | None:
    """Read a profile; None where it is of another kind, or damaged."""
    try:
        if profile[36:40] + profile[16:24] != b"acspRGB XYZ ":
            return None
        (count,) = struct.unpack_from(">I", profile, 128)
        places = {}
        for number in range(min(count, 100)):
            name, start, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
            places[name] = profile[start : start + size]
        if b"A2B0" in places:  # tables that say more than the matrix
            return None
        columns = [struct.unpack_from(">3i", places[name + b"XYZ"], 8) for name in _CHANNELS]
        curves = [_curve(places[name + b"TRC"]) for name in _CHANNELS]
        return MatrixProfile(np.array(curves), _matrix(columns))
    except (KeyError, struct.error, ArithmeticError, ValueError):
        return None


_CHANNELS = (b"r", b"g", b"b")


def _matrix(columns: Sequence[Sequence[int]]) -> FloatArray:
    """`SRGB_FROM_XYZ` times the columns, which are in 65536ths."""
    return np.array(
        [
            [row[0] * x / 65536 + row[1] * y / 65536 + row[2] * z / 65536 for x, y, z in columns]
            for row in SRGB_FROM_XYZ
        ]
    )


def _curve(tag: bytes) -> list[float]:
    """Linear light for the values 0 to 255."""
    values = [value / 255 for value in range(256)]
    if tag[:4] == b"para":
        (kind,) = struct.unpack_from(">H", tag, 8)
        given = struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)
        return [_parametric(kind, [each / 65536 for each in given], value) for value in values]
    if tag[:4] != b"curv":
        raise ValueError(tag[:4])
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return values
    if count == 1:
        gamma = struct.unpack_from(">H", tag, 12)[0] / 256
        return [math.pow(value, gamma) for value in values]
    table = struct.unpack_from(f">{count}H", tag, 12)
    return [_between(table, value * (count - 1)) / 65535 for value in values]


def _between(table: Sequence[int], at: float) -> float:
    low = min(int(at), len(table) - 2)
    return table[low] + (table[low + 1] - table[low]) * (at - low)


def _parametric(kind: int, given: Sequence[float], value: float) -> float:
    """Function types 0 to 4 as one: (a·x + b)^g + e from d on, c·x + f below."""
    g, a, b, c, d, e, f = (*given, 0, 0, 0, 0, 0, 0)[:7]
    if kind == 0:
        a, d = 1, -1
    elif kind in (1, 2):
        # Type 2 adds the same everywhere.
        c, d, e, f = 0, -b / a, c, c
    if value >= d:
        return math.pow(max(a * value + b, 0), g) + e
    return c * value + f


def _coded() -> Pixels:
    """sRGB for each step of linear light."""
    light = np.arange(STEPS + 1) / STEPS
    curved = 1.055 * np.power(light, 1 / 2.4) - 0.055
    coded = np.where(light <= 0.0031308, 12.92 * light, curved)
    return (coded * 255 + 0.5).astype(np.uint8)


_CODED = _coded()
