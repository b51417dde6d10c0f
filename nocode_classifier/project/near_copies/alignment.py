"""Laying small pictures over others as well as it goes, and judging how alike they are then.

The window that one picture shows of the other (where it begins and ends, across and down) is
improved step by step as in Evangelidis and Psarakis, "Parametric Image Alignment Using Enhanced
Correlation Coefficient Maximization" (IEEE TPAMI 30, 2008): brightness and contrast don't count.
Places that differ most count less while fitting, and not at all in the end, so that a watermark or
a frame does little harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

STEPS = 4
LONGEST_STEP = 0.05
SCALES = (0.75, 1.34)
SHIFTS = (-0.3, 0.3)
LEFT_OUT = 0.1
"""Share of the common part, its most different places, that is not compared in the end."""
EDGE = 1.5
"""Pixels at the edge of the other picture that are not compared: blurred with what lies beyond."""
DETAIL_COUNTS = 0.2
ROUGHLY = 6
"""Times of blurring that leave what is not detail."""
TINY = np.float32(1e-6)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the pictures of `m` pairs fit each other.

    Attributes:
        likeness: 1 + `DETAIL_COUNTS` where they are the same, float32 [m].
        windows: as in `fit`, improved, float32 [m, 4].
    """

    likeness: FloatArray
    windows: FloatArray


@dataclass(frozen=True, slots=True)
class _Overlay:
    """Pictures brought onto the places of others; all float32 [m, side, side] but the last.

    Attributes:
        values: of the pictures that were brought there, without their mean.
        wanted: of those that they were brought to, without their mean over the same part.
        common: 1 where both are seen.
        rows, columns: sampling matrices.
        gain: contrast of the wanted picture in terms of the other's, [m].
    """

    values: FloatArray
    wanted: FloatArray
    common: FloatArray
    rows: FloatArray
    columns: FloatArray
    gain: FloatArray

    @property
    def difference(self) -> FloatArray:
        remaining: FloatArray = self.wanted - self.gain[:, None, None] * self.values
        return remaining


def smooth(pictures: FloatArray) -> FloatArray:
    """Blur pictures by a pixel, so that in-between values can be told; float32 [m, side, side]."""
    blur = _blur(pictures.shape[-1], 1)
    smoothed: FloatArray = np.matmul(blur @ pictures, blur.T)
    return smoothed


def fit(ones: FloatArray, others: FloatArray, windows: FloatArray) -> Fit:
    """Fit pictures to others, pair by pair.

    Args:
        ones, others: smooth pictures, float32 [m, side, side].
        windows: for each pair where to begin, float32 [m, 4]: a place `x` of the one, 0 to 1, is at
            `w[0] * x + w[1]` in the other, and `y` at `w[2] * y + w[3]`.

    Returns:
        How well each pair fits where it fits best.
    """
    across, down = _slope(others), _slope(others.transpose(0, 2, 1)).transpose(0, 2, 1)
    windows = windows.copy()
    for _ in range(STEPS):
        overlay = _overlay(ones, others, windows)
        windows += _step(overlay, across, down)
        windows[:, ::2] = windows[:, ::2].clip(*SCALES)
        windows[:, 1::2] = windows[:, 1::2].clip(*SHIFTS)
    return Fit(_judge(_overlay(ones, others, windows)), windows)


def lay(
    pictures: FloatArray, windows: FloatArray, edge: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Bring pictures onto the places of another one, by linear interpolation.

    Args:
        pictures: float32 [m, side, side].
        windows: as in `fit`.
        edge: pixels at the edge of the pictures that don't count.

    Returns:
        The pictures; 1 where there is something of them; and the matrices that bring rows and
        columns there: `rows @ picture @ columns.T`. All float32 [m, side, side].
    """
    columns, inside_x = _sampling(windows[:, :2], pictures.shape[-1], edge)
    rows, inside_y = _sampling(windows[:, 2:], pictures.shape[-1], edge)
    laid = np.matmul(rows @ pictures, columns.transpose(0, 2, 1))
    return laid, inside_y[:, :, None] * inside_x[:, None, :], rows, columns


def _sampling(axis: FloatArray, side: int, edge: float) -> tuple[FloatArray, FloatArray]:
    """For one axis of windows [m, 2]: matrices [m, side, side], and 1 for what is inside."""
    places = (np.arange(side, dtype=np.float32) + 0.5) / side
    there = (axis[:, :1] * places + axis[:, 1:]) * side
    inside = ((there >= edge) & (there <= side - edge)).astype(np.float32)
    pixel = (there - 0.5).clip(0, side - 1)
    distance = np.abs(pixel[:, :, None] - np.arange(side, dtype=np.float32))
    weights: FloatArray = (1 - distance).clip(0, None)
    return weights, inside


def _overlay(ones: FloatArray, others: FloatArray, windows: FloatArray) -> _Overlay:
    values, common, rows, columns = lay(others, windows, EDGE)
    common[:, [0, -1], :] = common[:, :, [0, -1]] = 0
    values, wanted = _centre(values, common), _centre(ones, common)
    gain = _sum(common * values * wanted) / (_sum(common * values**2) + TINY)
    return _Overlay(values, wanted, common, rows, columns, gain)


def _step(overlay: _Overlay, across: FloatArray, down: FloatArray) -> FloatArray:
    """One Gauss-Newton step of the windows, with contrast and brightness as further unknowns."""
    count, side = overlay.gain.size, across.shape[-1]
    places = (np.arange(side, dtype=np.float32) + 0.5) / side
    turned = overlay.columns.transpose(0, 2, 1)
    per_width = overlay.gain[:, None, None] * side
    moved_x = (overlay.rows @ across @ turned) * per_width
    moved_y = (overlay.rows @ down @ turned) * per_width
    changes = np.stack(
        [
            moved_x * places,
            moved_x,
            moved_y * places[:, None],
            moved_y,
            overlay.values,
            np.ones_like(moved_x),
        ],
        axis=1,
    ).reshape(count, 6, -1)
    weighed = changes * _trust(overlay).reshape(count, 1, -1)
    normal = weighed @ changes.transpose(0, 2, 1)
    wanted = weighed @ overlay.difference.reshape(count, -1, 1)
    diagonal = np.einsum("mii->mi", normal)
    diagonal *= np.float32(1.01)
    diagonal += np.float32(1e-3)
    step: FloatArray = np.linalg.solve(normal, wanted)[:, :4, 0]
    return step.clip(-LONGEST_STEP, LONGEST_STEP)


def _trust(overlay: _Overlay) -> FloatArray:
    """Cauchy weights: places that differ far more than most tell little about the window."""
    difference = overlay.difference
    usual = _sum(overlay.common * difference**2) / (_sum(overlay.common) + TINY)
    excess = difference**2 / (np.float32(1.5) * usual[:, None, None] + TINY)
    trust: FloatArray = np.divide(overlay.common, 1 + excess)
    return trust


def _judge(overlay: _Overlay) -> FloatArray:
    """Correlation without the most different places, and of the details alone; float32 [m]."""
    count = len(overlay.gain)
    far = np.where(overlay.common > 0, np.abs(overlay.difference), -1).reshape(count, -1)
    left_out = (LEFT_OUT * _sum(overlay.common)).astype(np.intp)
    limits = np.sort(far)[np.arange(count), far.shape[1] - 1 - left_out]
    close = overlay.common * (far <= limits[:, None]).reshape(overlay.common.shape)
    details = _correlation(
        _details(overlay.values, overlay.common),
        _details(overlay.wanted, overlay.common),
        overlay.common,
    )
    judged: FloatArray = (
        _correlation(overlay.values, overlay.wanted, close) + DETAIL_COUNTS * details
    )
    return judged


def _correlation(one: FloatArray, other: FloatArray, where: FloatArray) -> FloatArray:
    one, other = _centre(one, where), _centre(other, where)
    both = _sum(where * one**2) * _sum(where * other**2)
    correlation: FloatArray = _sum(where * one * other) / np.sqrt(both + TINY)
    return correlation


def _details(pictures: FloatArray, where: FloatArray) -> FloatArray:
    """Pictures without what is left after much blurring."""
    blur = _blur(where.shape[-1], ROUGHLY)
    rough = np.matmul(blur @ (where * pictures), blur.T)
    details: FloatArray = np.subtract(pictures, rough / (np.matmul(blur @ where, blur.T) + TINY))
    return details


def _centre(pictures: FloatArray, where: FloatArray) -> FloatArray:
    mean = _sum(where * pictures) / (_sum(where) + TINY)
    centred: FloatArray = pictures - mean[:, None, None]
    return centred


def _sum(values: FloatArray) -> FloatArray:
    total: FloatArray = values.sum(axis=(1, 2))
    return total


def _slope(pictures: FloatArray) -> FloatArray:
    """How pictures change from column to column, by central differences."""
    padded = np.pad(pictures, ((0, 0), (0, 0), (1, 1)), mode="edge")
    slope: FloatArray = np.multiply(padded[:, :, 2:] - padded[:, :, :-2], np.float32(0.5))
    return slope


@cache
def _blur(side: int, times: int) -> FloatArray:
    """Weights that blur one axis so many times with 1 2 1; the edge is repeated."""
    blur = np.zeros((side, side), np.float32)
    for move, weight in ((-1, 0.25), (0, 0.5), (1, 0.25)):
        np.add.at(blur, (np.arange(side), (np.arange(side) + move).clip(0, side - 1)), weight)
    return np.linalg.matrix_power(blur, times)
