"""Which photos are nearly the same: accuracy must not be measured on a copy of a training photo.

Measured on altered copies of this project's photos (half size, strong JPEG compression, 25 %
brighter, up to 5 % cropped, mirrored): nine in ten copies are within these limits, and of all pairs
of different hot dogs, plants and clothes none is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL import Image

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

SAME_BITS = 4
CLOSE_BITS = 16
CLOSE_COSINE = 0.95
SAME_COSINE = 0.97
ROWS_AT_ONCE = 512


def perceptual_hash(image: Image.Image) -> str:
    """The 64-bit pHash of a photo as 16 hex digits; photos that look alike differ in few bits.

    Source: Krawetz, "Looks Like It" (hackerfactor.com, 2011), as imagehash computes it.
    """
    import imagehash

    return str(imagehash.phash(image))


def group_near_duplicates(
    hashes: Sequence[str],
    features: FloatArray,
    bursts: Sequence[str | None],
    labels: IntArray,
) -> IntArray:
    """Put near duplicates, and the shots of one burst, into groups, each within a class.

    Two that are nearly the same and yet of two classes show just what is to be learnt: a part with
    its screw and one without, under the same camera.

    Args:
        hashes: perceptual hash of each photo, 16 hex digits.
        features: of the photos, float32 [n, any]; only their directions count.
        bursts: shots of one burst share a name; None for a photo by itself.
        labels: class of each photo, int64 [n].

    Returns:
        Group of each photo, int64 [n], numbered from 0.
    """
    leads_to = _joined(np.arange(len(hashes)), _burst_pairs(bursts, labels))
    # A portion at a time: of thousands of photos that are all alike there are too many pairs.
    for pairs in _near_pairs(hashes, features, labels):
        leads_to = _joined(leads_to, pairs)
    return np.unique(leads_to, return_inverse=True)[1].astype(np.int64)


def _joined(leads_to: IntArray, pairs: IntArray) -> IntArray:
    """Join what pairs connect: the first photo of the part that each is in, int64 [n].

    Every photo leads to an earlier one of its part until all lead to the first (after Shiloach and
    Vishkin, "An O(log n) parallel connectivity algorithm", Journal of Algorithms 3, 1982). SciPy
    can do it too, but importing that takes longer than all the rest of this.

    Args:
        leads_to: as it was before these pairs.
        pairs: of photos, int64 [pairs, 2].
    """
    while True:
        one, other = leads_to[pairs].T
        if (one == other).all():
            return leads_to
        np.minimum.at(leads_to, np.maximum(one, other), np.minimum(one, other))
        leads_to = leads_to[leads_to]


def _near_pairs(
    hashes: Sequence[str], features: FloatArray, labels: IntArray
) -> Iterator[IntArray]:
    """Pairs of different photos of a class that are nearly the same, int64 [pairs, 2]."""
    bits = np.array([int(digits, 16) for digits in hashes], np.uint64)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    directions = features / np.maximum(lengths, 1e-6)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        for start in range(0, len(members), ROWS_AT_ONCE):
            rows, others = members[start : start + ROWS_AT_ONCE], members[start:]
            distance = np.bitwise_count(bits[rows, None] ^ bits[None, others])
            cosine = directions[rows] @ directions[others].T
            near = (distance <= SAME_BITS) | (cosine >= SAME_COSINE)
            near |= (distance <= CLOSE_BITS) & (cosine >= CLOSE_COSINE)
            first, second = np.nonzero(np.triu(near, k=1))
            yield np.stack([rows[first], others[second]], axis=1)


def _burst_pairs(bursts: Sequence[str | None], labels: IntArray) -> IntArray:
    """Each shot of a burst with the burst's first of its class, int64 [pairs, 2]."""
    first: dict[tuple[str, int], int] = {}
    pairs = [
        (first.setdefault((burst, label), index), index)
        for index, (burst, label) in enumerate(zip(bursts, labels.tolist(), strict=True))
        if burst is not None
    ]
    return np.array(pairs, np.int64).reshape(-1, 2)
