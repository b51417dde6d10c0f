"""Finding pictures that may be near copies of one among thousands, before they are compared well.

All are compared at once, as very small pictures and through a bank of windows: either picture may
be the other one with some of its edges cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

SIDE = 12
SPANS = ((0.0, 1.0), (0.1, 1.0), (0.0, 0.9), (0.05, 0.95), (0.1, 0.9))
"""From where to where a window reaches along one axis; a window is any two of them."""
LEAST = np.float32(1e-3)
BLOCK = 36
"""Pictures that are compared at once. Products this small are done by one thread: where all cores
are busy, as while photos arrive, waiting for a second one takes far longer than the work itself."""


@dataclass(frozen=True, slots=True)
class _Bank:
    """The windows.

    Attributes:
        inside: how much of each small pixel lies in a window, float32 [windows, `SIDE`²].
        cut: matrices that bring a window of a picture to `SIDE` pixels, by axis [spans, `SIDE`, n].
        fill: matrices that bring a whole picture into a window, likewise.
        starts: for `alignment.fit`: first those for `cut`, then those for `fill`.
    """

    inside: FloatArray
    cut: FloatArray
    fill: FloatArray
    starts: FloatArray


class Outlines:
    """Many pictures, made ready for being searched.

    Each is kept as `_outlines` gives it, in blocks.
    """

    def __init__(self) -> None:
        self._count = 0
        self._values = np.zeros((1, SIDE * SIDE, BLOCK), np.float32)
        self._contrasts = np.ones((1, len(SPANS) ** 2, BLOCK), np.float32)

    def add(self, picture: FloatArray) -> None:
        """Take in a picture, float32 [side, side]."""
        block, column = divmod(self._count, BLOCK)
        if block == len(self._values):
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
            self._contrasts = np.concatenate([self._contrasts, np.ones_like(self._contrasts)])
        self._values[block, :, column], self._contrasts[block, :, column] = _outlines(picture)
        self._count += 1

    def search(self, picture: FloatArray, most: int, least: float) -> tuple[Places, FloatArray]:
        """Find those that are most like a picture.

        Args:
            picture: float32 [side, side].
            most: so many of them at most.
            least: correlation with each of them.

        Returns:
            Their places in the order of adding [n], and the window through which each is most like
            it, as `alignment.fit` wants it to begin, float32 [n, 4].
        """
        blocks = slice(-(-self._count // BLOCK))
        correlation = _patterns(picture) @ self._values[blocks]
        correlation[:, -self._contrasts.shape[1] :] /= self._contrasts[blocks]
        best = correlation.max(axis=1).ravel()[: self._count]
        places = np.argsort(-best)[:most]
        places = places[best[places] >= least]
        through = correlation[places // BLOCK, :, places % BLOCK].argmax(axis=1)
        return places, _bank(picture.shape[0]).starts[through]


def most_alike(pictures: FloatArray, others: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Compare pictures as `Outlines.search` does, pair by pair.

    Args:
        pictures, others: float32 [m, side, side].

    Returns:
        The correlation of each pair through the window through which they are most alike [m], and
        these windows, [m, 4].
    """
    values, contrasts = _outlines(others)
    correlation = (_patterns(pictures) @ values[:, :, None])[:, :, 0]
    correlation[:, -contrasts.shape[1] :] /= contrasts
    through = correlation.argmax(axis=1)
    best = np.take_along_axis(correlation, through[:, None], axis=1)[:, 0]
    return best, _bank(pictures.shape[-1]).starts[through]


def _outlines(pictures: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pictures, float32 [..., side, side], made ready for being compared.

    Returns:
        Each whole on `SIDE` × `SIDE` with mean 0 and length 1, [..., `SIDE`²], and the contrast
        that is left in each window of it, [..., windows].
    """
    bank = _bank(pictures.shape[-1])
    whole = bank.cut[0] @ pictures @ bank.cut[0].T
    whole = whole.reshape(*whole.shape[:-2], -1)
    values = _scaled(whole, np.ones_like(whole))
    inside = bank.inside.T
    variation = values**2 @ inside - (values @ inside) ** 2 / inside.sum(axis=0)
    return values, np.sqrt(variation.clip(LEAST**2, None))


def _patterns(pictures: FloatArray) -> FloatArray:
    """What outlines are multiplied with for their correlation with pictures [..., side, side]
    through every window, float32 [..., 2 * windows, `SIDE`²]; of the second half it is to be
    divided by their contrasts."""
    bank = _bank(pictures.shape[-1])
    cut, fill = _in_windows(bank.cut, pictures), _in_windows(bank.fill, pictures)
    patterns = [_scaled(cut, np.ones_like(cut)), _scaled(fill, bank.inside) * bank.inside]
    return np.concatenate(patterns, axis=-2)


def _in_windows(matrices: FloatArray, pictures: FloatArray) -> FloatArray:
    """Pictures through all pairs of an axis' matrices, float32 [..., windows, `SIDE`²]."""
    every = matrices.reshape(-1, matrices.shape[-1])
    both = np.matmul(every @ pictures, every.T)
    spans = both.reshape(*both.shape[:-2], len(matrices), SIDE, len(matrices), SIDE)
    windows: FloatArray = spans.swapaxes(-3, -2).reshape(*both.shape[:-2], -1, SIDE * SIDE)
    return windows


def _scaled(pictures: FloatArray, where: FloatArray) -> FloatArray:
    """Pictures with mean 0 and length 1 within the parts that count."""
    mean = (where * pictures).sum(axis=-1, keepdims=True) / where.sum(axis=-1, keepdims=True)
    centred = pictures - mean
    length = np.sqrt((where * centred**2).sum(axis=-1, keepdims=True))
    scaled: FloatArray = centred / np.maximum(length, LEAST)
    return scaled


@cache
def _bank(side: int) -> _Bank:
    """All windows for pictures of `side` pixels; windows go through the spans down, then across."""
    edges = np.linspace(0, 1, SIDE + 1)
    windows = tuple(product(SPANS, SPANS))
    covered = [np.diff(edges.clip(*span)) * SIDE for span in SPANS]
    inside = [np.outer(down, across).ravel() for down, across in product(covered, covered)]
    cut = [_averages(begin + edges * (end - begin), side) for begin, end in SPANS]
    fill = [_averages((edges - begin) / (end - begin), side) for begin, end in SPANS]
    starts = [(*_inverse(across), *_inverse(down)) for down, across in windows]
    starts += [(x[1] - x[0], x[0], y[1] - y[0], y[0]) for y, x in windows]
    return _Bank(
        np.array(inside, np.float32),
        np.array(cut, np.float32),
        np.array(fill, np.float32),
        np.array(starts, np.float32),
    )


def _averages(edges: FloatArray | npt.NDArray[np.float64], side: int) -> npt.NDArray[np.float64]:
    """Matrix that averages the pixels between edges, 0 to 1; 0 where there are none."""
    pixels = np.arange(side)
    reach = edges.clip(0, 1) * side
    shares = np.diff((reach[:, None] - pixels).clip(0, 1), axis=0)
    averages: npt.NDArray[np.float64] = shares / np.maximum(shares.sum(1, keepdims=True), 1e-9)
    return averages


def _inverse(span: tuple[float, float]) -> tuple[float, float]:
    """Scale and shift that bring the span to 0 and 1."""
    begin, end = span
    return 1 / (end - begin), -begin / (end - begin)
