"""Which photos of a class are blurry, dark, too bright, tiny, of an odd shape, a drawing or text.

A class may be just that: drawings, pages of text, photos of the night. So a limit holds only where
at least a quarter of the class is ordinary; elsewhere a photo must stand out from its class, beyond
the outer fence of Tukey, "Exploratory Data Analysis" (1977).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nocode_classifier.collect.graphic_detection import (
    LEAST_FEW,
    LEAST_FLAT,
    LEAST_GROUND,
    SHADED_COUNTS,
)
from nocode_classifier.collect.photo_quality import PhotoQuality

NETWORK_SIDE = 224
"""Pixels that networks look at, more or less: what is much smaller has to be blown up."""
EMPTY_GROUND = 0.75
"""A picture with so much ground has nothing on it but a word or a sign."""
DRAWN_COLOURS = 0.55
DRAWN_SHADING = 0.46
"""A drawing has at least so few colours, and at most so much shading: what was cut out of a photo
has more, with fur above all."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """From where on something is wrong with a photo.

    Attributes:
        score: the higher the worse.
        ordinary: most that the best quarter of an ordinary class has.
        limit: from here on a photo of an ordinary class is named.
        apart: by at least so much a photo of another class is worse than three quarters of it.
    """

    score: Callable[[PhotoQuality], float]
    ordinary: float
    limit: float
    apart: float


def _darkness(quality: PhotoQuality) -> float:
    """Neither much that is half dark nor a few lamps in the night make a photo light."""
    return 1 - min(quality.luminance_99, 2 * quality.luminance_95)


def _smallness(quality: PhotoQuality) -> float:
    return NETWORK_SIDE / max(min(quality.width, quality.height), 1)


def _longness(quality: PhotoQuality) -> float:
    shorter, longer = sorted((quality.width, quality.height))
    return longer / max(shorter, 1)


def _emptiness(quality: PhotoQuality) -> float:
    """At least 1 where it is a drawing, or a flat ground with hardly anything on it."""
    looks = quality.looks
    few = looks.few - SHADED_COUNTS * looks.shaded
    graphic = min(looks.ground / LEAST_GROUND, looks.flat / LEAST_FLAT, few / LEAST_FEW)
    drawn = min(looks.few / DRAWN_COLOURS, DRAWN_SHADING / max(looks.shaded, 0.01))
    return min(graphic, max(looks.ground / EMPTY_GROUND, drawn))


LIMITS: Mapping[str, _Limit] = {
    "blurry": _Limit(lambda quality: quality.blur, 1.8, 2.4, 1.0),
    "dark": _Limit(_darkness, 0.7, 0.75, 0.1),
    "bright": _Limit(lambda quality: quality.luminance_5, 0.75, 0.8, 0.1),
    "tiny": _Limit(_smallness, 1.5, 2.25, 1.0),
    "shape": _Limit(_longness, 2.2, 2.75, 1.0),
    "placeholder": _Limit(_emptiness, 0.8, 1.0, 1.0),
    "text": _Limit(lambda quality: quality.text, 0.1, 0.28, 0.25),
}
"""What is judged, by the name of its view."""


def quality_issues(photos: Sequence[PhotoQuality]) -> list[dict[str, float]]:
    """What is wrong with each photo of a class, judged among the others.

    Args:
        photos: all of one class, or of a pile without classes.

    Returns:
        For each photo the kinds, keys of `LIMITS`, with how far it is beyond the limit: 0 is just
        there, and the larger the worse, on a scale of each kind's own.
    """
    found: list[dict[str, float]] = [{} for _ in photos]
    if not photos:
        return found
    for kind, limit in LIMITS.items():
        scores = np.array([limit.score(quality) for quality in photos])
        best, worst = np.quantile(scores, (0.25, 0.75))
        line = limit.limit
        if best > limit.ordinary:
            line = max(line, worst + max(3 * (worst - best), limit.apart))
        for number in np.flatnonzero(scores >= line).tolist():
            found[number][kind] = float(scores[number] - line)
    return found
