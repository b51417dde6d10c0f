"""What may be wrong with classes as a whole, in photos that have names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from nocode_classifier.check.class_structure import (
    given_away,
    hardly_two,
    surroundings,
    two_groups,
)
from nocode_classifier.errors import AppError

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

PER_CLASS = 60
"""Photos of a class whose surroundings are looked at."""


class Notice(StrEnum):
    """What may be wrong with classes as a whole."""

    TWO_GROUPS = "two groups"
    HARDLY_TWO = "hardly two"
    GIVEN_AWAY = "given away"


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something about one class or two.

    Attributes:
        class_names: those it is about.
        photos: SHA-256 of some of them, such as those of the smaller of two groups.
    """

    kind: Notice
    class_names: tuple[str, ...]
    photos: tuple[str, ...] = ()


def notice_two_groups(
    class_names: Sequence[str], hashes: Sequence[str], features: FloatArray, labels: IntArray
) -> Iterator[Noticed]:
    """Classes that seem to be two.

    Args:
        class_names: by label.
        hashes: SHA-256 of each photo.
        features: means of channels, float32 [n, any].
        labels: int64 [n].
    """
    for label, name in enumerate(class_names):
        inside = np.flatnonzero(labels == label)
        first = two_groups(features[inside])
        if first is not None:
            smaller = inside[first if first.mean() <= 0.5 else ~first]
            yield Noticed(Notice.TWO_GROUPS, (name,), tuple(hashes[one] for one in smaller))


def notice_hardly_two(class_names: Sequence[str], confusion: IntArray) -> Iterator[Noticed]:
    """Pairs of classes that seem to be one; `confusion` as in `hardly_two`."""
    for one, other in hardly_two(confusion):
        yield Noticed(Notice.HARDLY_TWO, (class_names[one], class_names[other]))


def notice_given_away(
    class_names: Sequence[str],
    hashes: Sequence[str],
    labels: IntArray,
    scenes: IntArray,
    picture_of: Callable[[str], Path],
) -> Iterator[Noticed]:
    """Classes whose background gives them away.

    Args:
        class_names, hashes, labels: as for `notice_two_groups`.
        scenes: near duplicates share a number, int64 [n].
        picture_of: where a picture of a photo is, by its SHA-256; a small one will do.
    """
    some = _some_of_each(labels)
    with ThreadPoolExecutor() as threads:
        seen = list(threads.map(lambda one: _around(hashes[one], picture_of), some.tolist()))
    some = some[[number for number, one in enumerate(seen) if one is not None]]
    around = np.array([one for one in seen if one is not None], np.float32)
    for label in given_away(around, labels[some], scenes[some]):
        yield Noticed(Notice.GIVEN_AWAY, (class_names[label],))


def _around(sha256: str, picture_of: Callable[[str], Path]) -> FloatArray | None:
    with suppress(AppError, OSError), Image.open(picture_of(sha256)) as image:
        return surroundings(image)
    return None


def _some_of_each(labels: IntArray) -> IntArray:
    """The numbers of up to `PER_CLASS` photos of each class, spread over it."""
    places = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    chosen = [some[:: -(-len(some) // PER_CLASS)] for some in places]
    return np.concatenate(chosen) if chosen else np.zeros(0, np.int64)
