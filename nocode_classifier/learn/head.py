"""The classifying head: shrunken linear discriminant analysis, in closed form.

Classes share one covariance, estimated with the shrinkage of Ledoit and Wolf ("A well-conditioned
estimator for large-dimensional covariance matrices", Journal of Multivariate Analysis 88, 2004).
All classes count alike whatever their number of photos, so a small class is not drowned by a big
one. Nothing is random: the same features give the same head.

With n photos and d features, n < d as a rule. The covariance is then never formed: by Woodbury's
identity everything needed lies in the n x n products of the photos with each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

FLOOR = 0.25
"""Features that hardly vary are scaled as if they varied by this share of the median feature."""


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
    centre = features.mean(axis=0)
    spread = features.std(axis=0)
    scale = np.sqrt(spread**2 + (FLOOR * np.median(spread)) ** 2) + np.float32(1e-6)
    values = (features - centre) / scale
    present = np.unique(labels)
    means = np.zeros((classes, features.shape[1]), np.float32)
    for index in present:
        means[index] = values[labels == index].mean(axis=0)
    weights = _solve(values - means[labels], means)
    bias = np.full(classes, -np.inf, np.float32)
    bias[present] = -0.5 * (weights * means).sum(axis=1)[present]
    weights = (weights / scale).astype(np.float32)
    patterns = (means / scale).astype(np.float32)
    return Head(weights, (bias - weights @ centre).astype(np.float32), patterns)


def _solve(residuals: FloatArray, means: FloatArray) -> FloatArray:
    """Inverse shrunken covariance of the residuals, times the class means: [classes, d]."""
    count, size = residuals.shape
    gram = (residuals @ residuals.T if count <= size else residuals.T @ residuals).astype(float)
    variance = np.trace(gram) / (count * size)
    if variance <= 0:
        return means
    shrinkage = _ledoit_wolf(residuals, gram, variance)
    shrinkage = min(max(shrinkage, 1e-3), 1 - 1e-3)
    ridge = count * shrinkage * variance / (1 - shrinkage)
    gram[np.diag_indices_from(gram)] += ridge
    if count > size:
        solved = np.linalg.solve(gram, means.T.astype(float)).T * count / (1 - shrinkage)
        return np.asarray(solved, np.float32)
    inner = np.linalg.solve(gram, (residuals @ means.T).astype(float)).astype(np.float32)
    return np.asarray((means - inner.T @ residuals) / (shrinkage * variance), np.float32)


def _ledoit_wolf(residuals: FloatArray, gram: npt.NDArray[np.float64], variance: float) -> float:
    """Shrinkage towards a multiple of the identity, 0 to 1, for centred residuals [n, d].

    `gram` may be either product of the residuals with themselves: only its squared norm counts.
    """
    count, size = residuals.shape
    squares = np.square(residuals).sum(axis=1, dtype=float)
    norm = np.square(gram).sum() / count**2
    noise = (np.square(squares).sum() / count - norm) / (size * count)
    distance = (norm - size * variance**2) / size
    return float(min(noise, distance) / distance) if distance > 0 else 1.0
