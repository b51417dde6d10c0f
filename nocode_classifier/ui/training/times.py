"""About how long a training takes, said beforehand."""

from __future__ import annotations

from nocode_classifier.learn.settings import Mode

SECONDS_A_PHOTO = 0.016
"""Measured with two cores: looking at a photo with the usual network, twice, decoding included."""


def seconds_of(mode: Mode, photos: int) -> float:
    """About how many seconds it takes."""
    quick = max(3.0, photos * SECONDS_A_PHOTO + 2)
    if mode is Mode.QUICK:
        return quick
    return quick + 10 + photos * (0.15 if mode is Mode.THOROUGH else 3.0)
