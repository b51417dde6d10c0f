"""The classifying head: shrunken linear discriminant analysis, in closed form.

Classes share one covariance, estimated with the shrinkage of Ledoit and Wolf ("A well-conditioned
estimator for large-dimensional covariance matrices", Journal of Multivariate Analysis 88, 2004).
All classes count alike whatever their number of photos, so a small class is not drowned by a big
one. Nothing is random: the same features give the same head.

It is fitted on the coordinates of photos (see `coordinates`), so that the heads which leave out a
part of the photos each are quick to fit, one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.heads.coordinates import WHOLE, Coordinates, PhotoSpace, landmarks_of

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Head:
    """Scores are features @ weights.T + bias; differences of scores are log odds.

    Attributes:
        weights: float32 [classes, d].
        bias: float32 [classes]; minus infinity for a class without a photo.
        patterns: float32 [classes, d]: which features are typical of a class. Weights can't show
            that: they also cancel what classes have in common (Haufe et al., "On the
            interpretation of weight vectors of linear models in multivariate neuroimaging",
            NeuroImage 87, 2014); here the pattern is the class mean, in standardised units.
    """

    weights: FloatArray
    bias: FloatArray
    patterns: FloatArray

    def scores(self, features: FloatArray) -> FloatArray:
        """Scores float32 [photos, classes] of features float32 [photos, d]."""
        return features @ self.weights.T + self.bias


def fit_head(features: FloatArray, labels: IntArray, classes: int) -> Head:
    """Fit the head.

    Args:
        features: float32 [n, d].
        labels: class of each photo, int64 [n], 0 to classes - 1; a class may have none.
        classes: how many there are.
    """
    space = PhotoSpace.of(features, labels)
    return fit_in_space(space, labels, classes, WHOLE)


def fit_in_space(
    space: PhotoSpace, labels: IntArray, classes: int, columns: Sequence[slice]
) -> Head:
    """Fit a head that sees some blocks of features; the others weigh nothing.

    Args:
        space: of all photos, n.
        labels, classes: as for `fit_head`.
    """
    photos = space.seen(columns)
    inside = fit_inside(photos, labels, classes, np.ones(len(labels), bool))
    combined, present = inside.weights @ photos.axes, np.unique(labels)
    means = means_by_class(space.features, labels, classes)[present]
    weights, patterns = np.zeros((2, classes, space.features.shape[1]), np.float32)
    bias = inside.bias
    for scale in space.scales:
        if scale.columns not in columns:
            continue
        landmarks = landmarks_of(space.features, scale, space.bundles)
        weights[:, scale.columns] = combined @ landmarks / scale.spread
        bias = bias - weights[:, scale.columns] @ scale.centre
        patterns[present, scale.columns] = scale.standardise(means) / scale.spread
    return Head(weights, bias, patterns)


def fit_inside(photos: Coordinates, labels: IntArray, classes: int, learnt: Flags) -> Head:
    """The head that sees coordinates instead of features, fitted on some of the photos.

    Args:
        photos: all of them, n.
        labels, classes: as for `fit_head`.
        learnt: the photos it is fitted on, bool [n].
    """
    own, values = labels[learnt], photos.values[learnt]
    means = means_by_class(values, own, classes)
    counts = np.bincount(own, minlength=classes).astype(np.float32)[:, None]
    # The scatter of all photos is known; those left out are fewer than those learnt from.
    others = photos.values[~learnt]
    scatter = photos.scatter - others.T @ others - (counts * means).T @ means
    lengths = np.square(means).sum(axis=1)
    toward = (values @ means.T)[np.arange(len(own)), own]
    squares = np.maximum(photos.squares[learnt] - 2 * toward + lengths[own], 0)
    weights = _solve(scatter.astype(float), means, squares.astype(float), photos.size)
    bias = np.full(classes, -np.inf, np.float32)
    present = np.unique(own)
    bias[present] = -0.5 * (weights * means).sum(axis=1)[present]
    return Head(weights, bias, means)


def means_by_class(features: FloatArray, labels: IntArray, classes: int) -> FloatArray:
    """Mean of each class, float32 [classes, d]; noughts where it has no photo."""
    means = np.zeros((classes, features.shape[1]), np.float32)
    for index in np.unique(labels):
        means[index] = features[labels == index].mean(axis=0)
    return means


def _solve(
    scatter: npt.NDArray[np.float64],
    means: FloatArray,
    squares: npt.NDArray[np.float64],
    size: int,
) -> FloatArray:
    """Inverse shrunken covariance of residuals, times the class means: [classes, coordinates].

    Args:
        scatter: of the residuals, [coordinates, coordinates].
        squares: the squared length of each residual, [n].
        size: how many features there are.
    """
    count = len(squares)
    variance = squares.sum() / (count * size)
    if variance <= 0:
        return means
    shrinkage = min(max(_ledoit_wolf(scatter, squares, variance, size), 1e-3), 1 - 1e-3)
    scatter[np.diag_indices_from(scatter)] += count * shrinkage * variance / (1 - shrinkage)
    solved = np.linalg.solve(scatter, means.T.astype(float)).T * count / (1 - shrinkage)
    return np.asarray(solved, np.float32)


def _ledoit_wolf(
    scatter: npt.NDArray[np.float64],
    squares: npt.NDArray[np.float64],
    variance: float,
    size: int,
) -> float:
    """Shrinkage towards a multiple of the identity, 0 to 1, for residuals as in `_solve`."""
    count = len(squares)
    norm = np.square(scatter).sum() / count**2
    noise = (np.square(squares).sum() / count - norm) / (size * count)
    distance = (norm - size * variance**2) / size
    return float(min(noise, distance) / distance) if distance > 0 else 1.0
