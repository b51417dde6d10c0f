"""The head that fine-tuning begins with: the quick way's, made ready for small steps."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from nocode_classifier.learn.heads.calibration import TEMPERATURES, try_temperatures
from nocode_classifier.learn.heads.head import Head, fit_head

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

STEP = 2.0
"""Inputs are scaled so that a step of Adam moves scores no further for thousands of features than
it does behind fastai's own heads: then one learning rate suits the head and the network. With 8,
the head overfits its photos before the network has learnt anything."""

EVERY_FIFTH = 5
UNLIKELY = 20.0
"""A class without a photo starts so far below the others, instead of infinitely far."""


class StartingHead(nn.Module):
    """Standardised features to scores, linear; the standards stay, the weights are learnt."""

    centre: torch.Tensor
    scale: torch.Tensor

    def __init__(self, features: FloatArray, head: Head) -> None:
        """Answer just as `head` does, whose features look like these, float32 [n, d]."""
        super().__init__()
        classes, length = head.weights.shape
        centre, spread = features.mean(axis=0), features.std(axis=0)
        scale = (spread + 0.1 * np.median(spread) + 1e-6) * math.sqrt(length) / STEP
        self.register_buffer("centre", torch.from_numpy(centre))
        self.register_buffer("scale", torch.from_numpy(scale.astype(np.float32)))
        self.linear = nn.Linear(length, classes)
        known = np.isfinite(head.bias)
        bias = np.where(known, head.bias, head.bias[known].min() - UNLIKELY)
        bias = (bias + head.weights @ centre).astype(np.float32)
        with torch.no_grad():
            self.linear.weight.copy_(torch.from_numpy(head.weights * scale))
            self.linear.bias.copy_(torch.from_numpy(bias))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Scores [n, classes] of features [n, d]."""
        scores: torch.Tensor = self.linear((features - self.centre) / self.scale)
        return scores


def fit_starting_head(features: FloatArray, labels: IntArray, classes: int) -> StartingHead:
    """Fit the quick way's head and calibrate it on a fifth of the photos left out.

    Without calibration it would be far too sure of the photos it was fitted on, and a loss of
    nearly nothing teaches a network nothing.

    Args:
        features: float32 [n, d], of the photos to learn from alone.
        labels: int64 [n].
        classes: how many there are.
    """
    left_out = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        left_out[np.flatnonzero(labels == label)[EVERY_FIFTH - 1 :: EVERY_FIFTH]] = True
    temperature = _usual_temperature(features.shape[1])
    if left_out.any():
        trial = fit_head(features[~left_out], labels[~left_out], classes)
        losses = try_temperatures(trial.scores(features[left_out]), labels[left_out]).losses
        temperature = float(TEMPERATURES[int(losses.sum(axis=1).argmin())])
    head = fit_head(features, labels, classes)
    calm = np.float32(1 / temperature)
    return StartingHead(features, Head(head.weights * calm, head.bias * calm, head.patterns))


def _usual_temperature(length: int) -> float:
    """For too few photos to leave any out."""
    return max(1.0, length / 50)
