"""The reference of strangers: pictures that show what hardly anybody wants to tell apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

REFERENCE = Path(__file__).resolve().parent / "reference.npz"
"""One array a network, by its extractor's key: int8 [pictures, length]. Only directions matter, so
each row is scaled to the full range of its type; made by `assets/make_strangers.py`."""


def strangers_seen_by(extractor: str) -> npt.NDArray[np.float32] | None:
    """What a network makes of the pictures, or None if it was not asked.

    Args:
        extractor: its key; features of another one, also of the same network at another size or
            tuned, can't be compared.

    Returns:
        The features that familiarity is measured on, float32 [pictures, length], of any length.
    """
    with np.load(REFERENCE) as arrays:
        if extractor not in arrays:
            return None
        seen: npt.NDArray[np.float32] = arrays[extractor].astype(np.float32)
    return seen
