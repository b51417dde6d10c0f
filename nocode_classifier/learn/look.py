"""Looking at photos through one network or several: made ready first, then shown what is new."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nocode_classifier.errors import WeightsUnavailable
from nocode_classifier.learn.backbones.backbone import DEFAULT, Backbone
from nocode_classifier.learn.backbones.prepare import extractor_key, is_prepared, prepare
from nocode_classifier.learn.backbones.speed import remember
from nocode_classifier.learn.features import Extractor, FeatureStore, TrainingPhoto, features_of
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
        features: of all photos, those of each network in turn, float32 [n, d].
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
) -> Look:
    """Make networks ready and look at the photos that are not known yet.

    A network whose weights can't be had is left out; if that is the only one, the one that came
    with the app stands in for it.

    Args:
        photos: n of them.
        backbones: at least one.
        cache: the user's cache folder.
        store: keeps features.

    Raises:
        InputError: a photo can't be read any more.
        Unavailable: the weights of the network that came with the app are missing.
        Cancelled: Stop was pressed.
    """
    ready, notes = [], []
    until = PREPARING if any(not is_prepared(each, cache) for each in backbones) else 0.0
    for number, backbone in enumerate(backbones):
        start, end = (until * place / len(backbones) for place in (number, number + 1))
        try:
            path = prepare(
                backbone, cache, report=part_of(report, start, end), should_stop=should_stop
            )
        except WeightsUnavailable as error:
            if backbone.key == DEFAULT.key:
                raise
            notes.append(str(error))
        else:
            ready.append((backbone, Extractor(path, extractor_key(backbone))))
    if not ready:
        ready = [(DEFAULT, Extractor(prepare(DEFAULT, cache), extractor_key(DEFAULT)))]
    if notes:
        notes[-1] += f" {' and '.join(each.label for each, _ in ready)} was used instead."
    began = time.perf_counter()
    parts = [
        features_of(
            photos,
            extractor,
            store,
            report=part_of(report, *_share(number, len(ready), until)),
            should_stop=should_stop,
            looked=partial(remember, backbone, cache),
        )
        for number, (backbone, extractor) in enumerate(ready)
    ]
    features = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    used, extractors = zip(*ready, strict=True)
    return Look(used, extractors, features, tuple(notes), time.perf_counter() - began)


def _share(number: int, count: int, start: float) -> tuple[float, float]:
    size = (1 - start) / count
    return start + size * number, start + size * (number + 1)
