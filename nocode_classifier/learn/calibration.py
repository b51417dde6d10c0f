"""Makes probabilities mean what they say: of the answers given 80 %, four in five are right."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

TEMPERATURES = np.geomspace(0.05, 5000.0, 120)
"""Scores of thousands of correlated features add up to far too much; hundreds are usual."""


def calibration_losses(scores: FloatArray, labels: IntArray) -> npt.NDArray[np.float64]:
    """What each photo adds to the loss at each of `TEMPERATURES`: float64 [temperatures, n].

    The best temperature for any set of photos is the row with the lowest sum over them. One number
    divides all scores, so the order of the classes never changes (Guo et al., "On Calibration of
    Modern Neural Networks", ICML 2017). The loss is the negative log probability, each class
    counting alike. Targets are drawn in by one photo a class (Platt, "Probabilistic outputs for
    support vector machines", 1999), so that a handful of photos, all answered right, do not claim
    certainty.

    Args:
        scores: of photos the head had not seen, float32 [n, classes].
        labels: int64 [n].
    """
    classes = scores.shape[1]
    counts = np.bincount(labels, minlength=classes).astype(float)[labels]
    certainty = (counts + 1) / (counts + 2)
    table = np.empty((len(TEMPERATURES), len(labels)))
    for row, temperature in zip(table, TEMPERATURES, strict=True):
        logs = np.log(np.maximum(probabilities(scores, float(temperature)), 1e-12))
        own = logs[np.arange(len(labels)), labels]
        others = (logs.sum(axis=1) - own) / max(classes - 1, 1)
        row[:] = -(certainty * own + (1 - certainty) * others) / counts
    return table


def probabilities(scores: FloatArray, temperature: float) -> npt.NDArray[np.float64]:
    """Softmax of scores [n, classes] at a temperature."""
    scaled = scores.astype(float) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    result: npt.NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return result
