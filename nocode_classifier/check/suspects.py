"""Photos worth a second look, told without a trained model: odd ones out, copies, blurry, dark…"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from nocode_classifier.check.duplicates import find_duplicates
from nocode_classifier.check.outliers import odd_ones
from nocode_classifier.check.quality_limits import quality_issues
from nocode_classifier.collect.photo_quality import PhotoQuality
from nocode_classifier.progress import ShouldStop, never

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


class Suspicion(StrEnum):
    """Why a photo is worth a second look."""

    UNREADABLE = "unreadable"
    MISLABELLED = "mislabelled"
    DUPLICATE = "duplicate"
    ODD = "odd"
    BLURRY = "blurry"
    DARK = "dark"
    BRIGHT = "bright"
    TINY = "tiny"
    SHAPE = "shape"
    PLACEHOLDER = "placeholder"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A photo worth a second look.

    Attributes:
        class_name: the class it was in then.
        score: on a scale of each kind's own, the higher the plainer.
        twin: SHA-256 of the photo it is nearly the same as; for duplicates.
        across: that one is in another class.
    """

    sha256: str
    class_name: str
    kind: Suspicion
    score: float
    twin: str | None = None
    across: bool = False


@dataclass(frozen=True, slots=True)
class ExaminedPhoto:
    """What is known of a photo.

    Attributes:
        likeness: from `likeness.likeness_of`; empty where it is not known.
        burst: shots of one burst share a name.
        quality: None where the photo can't be read any more.
    """

    sha256: str
    class_name: str
    likeness: bytes
    burst: str | None
    quality: PhotoQuality | None


def find_suspects(
    photos: Sequence[ExaminedPhoto],
    features: FloatArray,
    labels: IntArray,
    *,
    should_stop: ShouldStop = never,
) -> tuple[Suspect, ...]:
    """Find photos worth a second look, the plainest of each kind first.

    Args:
        photos: n of them.
        features: what a backbone saw in them, means of channels, float32 [n, any].
        labels: their classes, int64 [n].

    Raises:
        Cancelled: Stop was pressed.
    """
    found = [
        *_duplicates(photos, features, labels, should_stop),
        *_odd(photos, features, labels),
        *_badly_taken(photos, labels),
    ]
    return tuple(found)


def _duplicates(
    photos: Sequence[ExaminedPhoto], features: FloatArray, labels: IntArray, stop: ShouldStop
) -> Iterator[Suspect]:
    likenesses = [photo.likeness for photo in photos]
    bursts = [photo.burst for photo in photos]
    for pair in find_duplicates(features, likenesses, labels, bursts, should_stop=stop):
        one, other = photos[pair.one], photos[pair.other]
        # The later one is what may go; across classes either may be the wrong one.
        yield _suspect(other, Suspicion.DUPLICATE, 1 - pair.distance, one, across=pair.across)
        if pair.across:
            yield _suspect(one, Suspicion.DUPLICATE, 1 - pair.distance, other, across=True)


def _odd(
    photos: Sequence[ExaminedPhoto], features: FloatArray, labels: IntArray
) -> Iterator[Suspect]:
    for number, score in odd_ones(features, labels):
        yield _suspect(photos[number], Suspicion.ODD, score)


def _badly_taken(photos: Sequence[ExaminedPhoto], labels: IntArray) -> Iterator[Suspect]:
    found = []
    for label in np.unique(labels).tolist():
        of_class = [
            photo for photo, own in zip(photos, labels.tolist(), strict=True) if own == label
        ]
        known = [(photo, photo.quality) for photo in of_class if photo.quality is not None]
        issues = quality_issues([quality for _, quality in known])
        for (photo, _), kinds in zip(known, issues, strict=True):
            found += [_suspect(photo, Suspicion(kind), score) for kind, score in kinds.items()]
    yield from sorted(found, key=lambda suspect: -suspect.score)


def _suspect(
    photo: ExaminedPhoto,
    kind: Suspicion,
    score: float,
    twin: ExaminedPhoto | None = None,
    *,
    across: bool = False,
) -> Suspect:
    other = None if twin is None else twin.sha256
    return Suspect(photo.sha256, photo.class_name, kind, score, other, across)
