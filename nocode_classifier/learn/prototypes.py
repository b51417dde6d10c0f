""" "None of these": how much a photo resembles the photos a model was trained on.

Some prototypes stand for all training photos; the mean cosine to the three nearest is a photo's
*familiarity*, measured on the last tap's means. With eight sets of photos, the others' photos as
strangers and the line of `sure.py`, 98.3 % of the strangers are refused; on the quarters or the
means of all taps 95 to 96 %, with as many of one's own kept. Fifty prototypes refuse 97.8 %, all
photos as prototypes 98.3 %, and more rounds of k-means change nothing. Projecting to the span of
the user's photos first ruins it: what gives a stranger away lies outside.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

PROTOTYPES = 150
PER_CLASS = 5
ROUNDS = 3
MOST = 2000
"""Prototypes of more photos are those of so many of them, drawn at random."""

NEAREST = 3


def fit_prototypes(vectors: FloatArray, classes: int) -> FloatArray:
    """Spherical k-means (Dhillon and Modha, Machine Learning 42, 2001) with a fixed start.

    Args:
        vectors: one a photo, float32 [n, length].
        classes: with many, more prototypes are taken.

    Returns:
        float32 [prototypes, length], each of length 1; at most one for every two photos.
    """
    chance = np.random.default_rng(0)
    if len(vectors) > MOST:
        vectors = vectors[chance.choice(len(vectors), MOST, replace=False)]
    directions = normalise(vectors)
    count = max(1, min(len(directions) // 2, max(PROTOTYPES, PER_CLASS * classes)))
    centres = directions[chance.choice(len(directions), count, replace=False)]
    for _ in range(ROUNDS):
        nearest = (directions @ centres.T).argmax(axis=1)
        members = nearest == np.arange(count)[:, None]
        sums = members.astype(np.float32) @ directions
        empty = ~members.any(axis=1)
        sums[empty] = centres[empty]
        centres = normalise(sums)
    return centres


def familiarity(vectors: FloatArray, prototypes: FloatArray) -> FloatArray:
    """Mean cosine to the `NEAREST` prototypes, float32 [n], at most 1."""
    cosines = np.sort(normalise(vectors) @ prototypes.T, axis=1)
    nearest: FloatArray = cosines[:, -NEAREST:].mean(axis=1)
    return nearest


def held_out_familiarity(vectors: FloatArray, folds: IntArray, classes: int) -> FloatArray:
    """Familiarity of each photo to prototypes made without its fold, float32 [n]."""
    result = np.zeros(len(vectors), np.float32)
    for fold in np.unique(folds):
        inside = folds == fold
        result[inside] = familiarity(vectors[inside], fit_prototypes(vectors[~inside], classes))
    return result


def normalise(vectors: FloatArray) -> FloatArray:
    """Each row divided by its length."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: FloatArray = vectors / np.maximum(lengths, 1e-6)
    return result
