"""What kind of picture something is, told by its colours: a photo, a logo, a placeholder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image


@dataclass(frozen=True, slots=True)
class Looks:
    """Figures about a picture.

    Attributes:
        flat: share of the picture that has its most frequent colour, 0 to 1.
    """

    flat: float


def look_at(image: Image.Image) -> Looks:
    """Look at an upright RGB picture."""
    small = np.asarray(image.resize((64, 64), Image.Resampling.NEAREST)) >> 3
    _, counts = np.unique(small.reshape(-1, 3), axis=0, return_counts=True)
    return Looks(float(counts.max() / counts.sum()))


def is_graphic(looks: Looks) -> bool:
    """Whether it is a logo or a drawing on flat ground."""
    return looks.flat > 0.6


def is_plain(looks: Looks) -> bool:
    """Whether it may be a placeholder."""
    return looks.flat > 0.5
