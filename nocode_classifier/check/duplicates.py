"""Which photos are nearly the same: accuracy must not be measured on a copy of a training photo.

Measured on altered copies of this project's photos (half size, strong JPEG compression, 25 %
brighter, up to 5 % cropped, mirrored): nine in ten copies are within these limits, and of all pairs
of different hot dogs, plants and clothes none is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

SAME_BITS = 4
CLOSE_BITS = 16
CLOSE_COSINE = 0.95
SAME_COSINE = 0.97
ROWS_AT_ONCE = 512


def group_near_duplicates(
    hashes: Sequence[str], features: FloatArray, bursts: Sequence[str | None]
) -> IntArray:
    """Put near duplicates, and the shots of one burst, into groups.

    Args:
        hashes: perceptual hash of each photo, 16 hex digits.
        features: of the photos, float32 [n, any]; only their directions count.
        bursts: shots of one burst share a name; None for a photo by itself.

    Returns:
        Group of each photo, int64 [n], numbered from 0.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    firsts, seconds = _near_pairs(hashes, features)
    burst_firsts, burst_seconds = _burst_pairs(bursts)
    rows = np.concatenate([firsts, burst_firsts])
    columns = np.concatenate([seconds, burst_seconds])
    links = coo_array((np.ones(len(rows), bool), (rows, columns)), shape=(len(hashes),) * 2)
    _, groups = connected_components(links, directed=False)
    return np.asarray(groups, np.int64)


def _near_pairs(hashes: Sequence[str], features: FloatArray) -> tuple[IntArray, IntArray]:
    bits = np.array([int(digits, 16) for digits in hashes], np.uint64)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    directions = features / np.maximum(lengths, 1e-6)
    firsts, seconds = [], []
    for start in range(0, len(bits), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        distance = np.bitwise_count(bits[rows, None] ^ bits[None, :])
        cosine = directions[rows] @ directions.T
        near = (distance <= SAME_BITS) | (cosine >= SAME_COSINE)
        near |= (distance <= CLOSE_BITS) & (cosine >= CLOSE_COSINE)
        first, second = np.nonzero(near)
        firsts.append(first + start)
        seconds.append(second)
    return np.concatenate(firsts), np.concatenate(seconds)


def _burst_pairs(bursts: Sequence[str | None]) -> tuple[IntArray, IntArray]:
    """Each shot of a burst with the burst's first."""
    first: dict[str, int] = {}
    pairs = [
        (first.setdefault(burst, index), index)
        for index, burst in enumerate(bursts)
        if burst is not None
    ]
    array = np.array(pairs, np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]
