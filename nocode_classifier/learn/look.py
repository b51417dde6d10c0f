"""Looking at photos through one network or several: made ready first, then shown what is new."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nocode_classifier.errors import InputError, WeightsUnavailable
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.prepare import extractor_key, is_prepared, prepare
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.backbones.speed import remember
from nocode_classifier.learn.features import (
    Extractor,
    FeatureStore,
    Refused,
    TrainingPhoto,
    features_of,
    raise_refusal,
)
from nocode_classifier.learn.graph import Blocks
from nocode_classifier.progress import Report, ShouldStop, ignore, never, part_of

FloatArray = npt.NDArray[np.float32]

PREPARING = 0.4
"""Share of the work that preparing a network takes, where it isn't ready."""


@dataclass(frozen=True, slots=True)
class Look:
    """What networks make of photos.

    Attributes:
        backbones: the networks.
        extractors: each of them, ready to look.
        features: of all photos that were not refused, those of each network in turn, [n, d].
        notes: why a network was not used, as sentences.
        seconds: that looking took.
    """

    backbones: tuple[Backbone, ...]
    extractors: tuple[Extractor, ...]
    features: FloatArray
    notes: tuple[str, ...]
    seconds: float

    @property
    def blocks(self) -> tuple[Blocks, ...]:
        """How the features of each network are laid out."""
        return tuple(extractor.blocks for extractor in self.extractors)


def look(
    photos: Sequence[TrainingPhoto],
    backbones: Sequence[Backbone],
    cache: Path,
    store: FeatureStore,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
    refused: Refused = raise_refusal,
) -> Look:
    """Make networks ready and look at the photos that are not known yet.

    A network whose weights can't be had is left out; if that is the only one, the one that came
    with the app stands in for it.

    Args:
        photos: n of them.
        backbones: at least one.
        cache: the user's cache folder.
        store: keeps features.
        refused: as for `features_of`; what one network refuses has no features at all.

    Raises:
        InputError: a photo was refused.
        Unavailable: the weights of the network that came with the app are missing.
        Cancelled: Stop was pressed.
    """
    until = PREPARING if any(not is_prepared(each, cache) for each in backbones) else 0.0
    ready, notes = _made_ready(backbones, cache, part_of(report, 0.0, until), should_stop)
    began = time.perf_counter()
    left_out: set[str] = set()
    parts = []
    for number, (backbone, extractor) in enumerate(ready):
        asked = [photo for photo in photos if photo.sha256 not in left_out]
        found = features_of(
            asked,
            extractor,
            store,
            report=part_of(report, *_share(number, len(ready), until, 1.0)),
            should_stop=should_stop,
            looked=partial(remember, backbone, cache),
            refused=partial(_left_out, left_out, refused),
        )
        parts.append(([p.sha256 for p in asked if p.sha256 not in left_out], found))
    features = np.concatenate(
        [found[[name not in left_out for name in names]] for names, found in parts], axis=1
    )
    used, extractors = zip(*ready, strict=True)
    return Look(used, extractors, features, notes, time.perf_counter() - began)


def _made_ready(
    backbones: Sequence[Backbone], cache: Path, report: Report, should_stop: ShouldStop
) -> tuple[list[tuple[Backbone, Extractor]], tuple[str, ...]]:
    """The networks that can be had, and why others can't."""
    ready, notes = [], []
    for number, backbone in enumerate(backbones):
        part = part_of(report, *_share(number, len(backbones), 0.0, 1.0))
        try:
            path = prepare(backbone, cache, report=part, should_stop=should_stop)
        except WeightsUnavailable as error:
            if backbone.key == DEFAULT.key:
                raise
            notes.append(str(error))
        else:
            ready.append((backbone, Extractor(path, extractor_key(backbone))))
    if not ready:
        path = prepare(DEFAULT, cache, report=report, should_stop=should_stop)
        ready = [(DEFAULT, Extractor(path, extractor_key(DEFAULT)))]
    if notes:
        notes[-1] += f" {' and '.join(each.label for each, _ in ready)} was used instead."
    return ready, tuple(notes)


def _left_out(
    left_out: set[str], refused: Refused, photo: TrainingPhoto, error: InputError
) -> None:
    left_out.add(photo.sha256)
    refused(photo, error)


def _share(number: int, count: int, start: float, end: float) -> tuple[float, float]:
    """The part of the bar that one of several has."""
    size = (end - start) / count
    return start + size * number, start + size * (number + 1)
