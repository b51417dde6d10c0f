"""Which augmentation suits the photos: asked of the photos themselves.

Copies of a sample are mirrored, or turned, and answered by heads that have seen neither the photo
nor a near copy of it. Where such copies are taken for another class more often than the photos
are, left and right (or upright) matter, and a network should not be taught otherwise. The heads
are those that see where things are.

Measured on 200 photos of each set, right answers that the copies lost: mirrored hand signs 23 %,
hot dogs 2 %, art, text and plants none; turned by up to 10 degrees none, 2.5 %, none; cut by up to
15 % on every side 1 %, 3 %, none; lit by up to 20 % none, 0.5 %, none. So cutting and light are
never asked about.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nocode_classifier.learn.augment import augmented
from nocode_classifier.learn.features import Extractor, TrainingPhoto
from nocode_classifier.learn.folds import make_folds
from nocode_classifier.learn.heads.head import Head, fit_head
from nocode_classifier.learn.settings import Augmentation
from nocode_classifier.progress import ShouldStop, check_stop, never

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Pixels = npt.NDArray[np.uint8]

SAMPLE = 80
"""Photos of which copies are looked at: two or three seconds of two cores."""

LEARNT_FROM = 800
"""Photos the heads are fitted on: more would only take longer."""

HEADS = 5

TOO_MANY = 0.04
"""From this share of answers on that only the copy gets wrong, that part is proposed to be off."""

FEWEST = 2
"""A single photo says nothing."""

SEED = 0


class Change(Protocol):
    """Makes a changed copy of a photo."""

    def __call__(self, photo: Pixels, /, *, rng: np.random.Generator) -> Pixels:
        """The copy, uint8 [h, w, 3]."""
        ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the app would choose, and why.

    Attributes:
        augmentation: proposed.
        sentence: the reason, for the page.
    """

    augmentation: Augmentation
    sentence: str


def propose_augmentation(
    photos: Sequence[TrainingPhoto],
    labels: IntArray,
    classes: int,
    extractor: Extractor,
    features: FloatArray,
    groups: IntArray,
    *,
    should_stop: ShouldStop = never,
) -> Proposal:
    """Propose how the photos may be varied while a network learns from them.

    Args:
        photos: n of them.
        labels: class of each, int64 [n].
        classes: how many there are.
        extractor: made the features.
        features: float32 [n, d].
        groups: as for `make_folds`, int64 [n].

    Raises:
        InputError: a photo can't be read any more.
        Cancelled: Stop was pressed.
    """
    usual, folds = Augmentation(), make_folds(labels, groups, HEADS)
    judges = _Judges.fit(features, labels, folds, classes)
    trial = _Trial(photos, labels, folds, features, extractor, judges, should_stop)
    turning = Augmentation(mirror=False, turn=usual.turn, zoom=0, light=0)
    mirrored = trial.lost(_mirrored)
    turned = trial.lost(partial(augmented, augmentation=turning))
    return _in_words(usual, mirrored, turned)


def spread_over_classes(labels: IntArray, count: int) -> IntArray:
    """Indices of about `count` photos, equally many of each class where there are, ascending.

    The same input gives the same photos, spread from each class's first to its last.
    """
    numbers = np.unique(labels)
    each = max(1, count // max(1, len(numbers)))
    members = [np.flatnonzero(labels == number) for number in numbers]
    chosen = [
        one[np.linspace(0, len(one) - 1, min(each, len(one))).round().astype(np.int64)]
        for one in members
    ]
    return np.sort(np.concatenate(chosen)) if chosen else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Judges:
    """A head for each fold that has seen nothing of it."""

    heads: dict[int, Head]

    @classmethod
    def fit(cls, features: FloatArray, labels: IntArray, folds: IntArray, classes: int) -> _Judges:
        known = spread_over_classes(labels, LEARNT_FROM)
        features, labels, folds = features[known], labels[known], folds[known]
        return cls(
            {
                fold: fit_head(features[folds != fold], labels[folds != fold], classes)
                for fold in range(HEADS)
                if (folds != fold).any()
            }
        )

    def answer(self, features: FloatArray, fold: int) -> int:
        """Class of a photo of that fold, from its features float32 [d]."""
        return int(self.heads[fold].scores(features[None]).argmax())


@dataclass(frozen=True, slots=True)
class _Trial:
    """Answers to a sample of photos and to changed copies of them."""

    photos: Sequence[TrainingPhoto]
    labels: IntArray
    folds: IntArray
    features: FloatArray
    extractor: Extractor
    judges: _Judges
    should_stop: ShouldStop

    def lost(self, change: Change) -> float:
        """Share of right answers lost by the change; 0 if that may be chance."""
        sample = spread_over_classes(self.labels, SAMPLE).tolist()
        with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="copies") as pool:
            found = list(pool.map(partial(self._compare, change), sample))
        lost = sum(found)
        return lost / len(sample) if lost >= FEWEST and lost / len(sample) >= TOO_MANY else 0.0

    def _compare(self, change: Change, index: int) -> int:
        """1 if the change spoils a right answer, -1 if it mends a wrong one, else 0."""
        check_stop(self.should_stop)
        fold, label = int(self.folds[index]), self.labels[index]
        pixels = self.extractor.read_training_photo(self.photos[index])
        copy = change(pixels, rng=np.random.default_rng([SEED, index]))
        before = self.judges.answer(self.features[index], fold) == label
        after = self.judges.answer(self.extractor.look_at(copy), fold) == label
        return int(before) - int(after)


def _mirrored(photo: Pixels, *, rng: np.random.Generator) -> Pixels:  # noqa: ARG001
    return np.ascontiguousarray(photo[:, ::-1])


def _in_words(usual: Augmentation, mirrored: float, turned: float) -> Proposal:
    """What was found, as a proposal with its reason."""
    proposed = replace(usual, mirror=mirrored == 0, turn=0.0 if turned else usual.turn)
    taken = "of your photos were taken for another class {:.0%} more often"
    if mirrored and turned:
        sentence = (
            f"Mirroring and turning are off: mirrored copies {taken.format(mirrored)}, "
            f"turned ones {turned:.0%}."
        )
    elif mirrored:
        sentence = f"Mirroring is off: mirrored copies {taken.format(mirrored)}."
    elif turned:
        sentence = f"Turning is off: turned copies {taken.format(turned)}."
    else:
        sentence = "Mirrored and slightly turned copies of your photos were recognised as well."
    return Proposal(proposed, sentence)
