"""How many passes over the photos suit a training, where nobody chose."""

from __future__ import annotations

from nocode_classifier.learn.settings import Mode

PASSES = 1600
FEWEST, MOST = 3, 8
"""Thorough looks at so many photos in every round, within these bounds."""

FULL = ((120, 12), (600, 8))
FULL_MANY = 6
"""Passes of full for up to so many photos, and for more: fewer photos bear, and need, more."""


def usual_epochs(mode: Mode, photos: int) -> int:
    """Passes over so many photos, those held out included."""
    if mode is Mode.FULL:
        return next((passes for most, passes in FULL if photos <= most), FULL_MANY)
    return min(max(round(PASSES / max(photos, 1)), FEWEST), MOST)
