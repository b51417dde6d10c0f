"""How long each network takes on this computer: measured here, not guessed.

Measured while many photos are looked at, all cores busy, as in training; so a photo's decoding is
in it. Real trainings put their own figures in place of those of the drawn photos used here.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.prepare import (
    convert,
    extractor_key,
    extractor_path,
    is_prepared,
)
from nocode_classifier.learn.features import Extractor, NoStore, TrainingPhoto, features_of
from nocode_classifier.placing import sweep, write_whole
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
    part_of,
)

FEWEST_PHOTOS = 16
"""Of fewer photos the time is too uncertain to be remembered."""

SECONDS = 2.0
"""How long a network is timed, at least."""

PHOTO = (1024, 768)
BUILDING = 0.8
"""Share of measuring that building a network takes."""


@dataclass(frozen=True, slots=True)
class Speed:
    """What a network costs here.

    Attributes:
        milliseconds: a photo, while many are looked at.
        megabytes: size of its weights.
        when: date and time it was measured, ISO 8601, UTC.
    """

    milliseconds: float
    megabytes: float
    when: str


def measured(cache: Path) -> dict[str, Speed]:
    """What was measured so far, by `speed_key`.

    Args:
        cache: the user's cache folder.
    """
    try:
        told = json.loads(_file(cache).read_text(encoding="utf-8"))
        return {str(key): _speed(value) for key, value in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # nothing yet, or damaged: it can be measured again


def measure(
    backbone: Backbone, cache: Path, *, report: Report = ignore, should_stop: ShouldStop = never
) -> Speed:
    """Time a network and remember it.

    Needs no download: a network with random weights is as quick as a good one.

    Args:
        backbone: which network, at which size.
        cache: the user's cache folder.

    Raises:
        Unavailable: the network could not be built.
        Cancelled: Stop was pressed.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        extractor, start = extractor_path(backbone, cache), 0.0
        if not is_prepared(backbone, cache):
            extractor, start = Path(folder, "extractor.onnx"), BUILDING
            convert(
                backbone,
                extractor,
                cache,
                f"Building {backbone.label}",
                weights="random",
                report=part_of(report, 0.0, start),
                should_stop=should_stop,
            )
        milliseconds = _timed(
            Extractor(extractor, extractor_key(backbone)),
            Path(folder),
            part_of(report, start, 1.0),
            should_stop,
        )
    return _remembered(backbone, cache, milliseconds)


def remember(backbone: Backbone, cache: Path, photos: int, seconds: float) -> None:
    """Take over what a real training took to look at photos.

    Args:
        backbone: the network that looked.
        cache: the user's cache folder.
        photos: how many were looked at; too few are left out of account.
        seconds: that this took.
    """
    if photos >= FEWEST_PHOTOS:
        _remembered(backbone, cache, 1000 * seconds / photos)


def speed_key(backbone: Backbone) -> str:
    """Names a network at a size: its key, with "@320" where the size is not its own."""
    return backbone.key if backbone.size is None else f"{backbone.key}@{backbone.size}"


def _timed(extractor: Extractor, folder: Path, report: Report, should_stop: ShouldStop) -> float:
    """Milliseconds a photo."""
    photos = _drawn(folder, 2 * (os.cpu_count() or 1))
    features_of(photos[:1], extractor, NoStore())  # the first one takes longer
    done, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < SECONDS or not done:
        check_stop(should_stop)
        features_of(photos, extractor, NoStore(), should_stop=should_stop)
        done += len(photos)
        report(Progress("Timing it", fraction=min(passed / SECONDS, 1.0)))
    report(Progress("Timing it", fraction=1.0, seconds_left=0.0))
    return 1000 * passed / done


def _drawn(folder: Path, count: int) -> list[TrainingPhoto]:
    """Photos of a cloudy nothing, about as hard to decode as real ones."""
    photos = []
    for number in range(count):
        small = np.random.default_rng(number).integers(0, 256, (48, 64, 3), np.uint8)
        path = folder / f"{number}.jpg"
        Image.fromarray(small).resize(PHOTO, Image.Resampling.BICUBIC).save(path, quality=90)
        photos.append(TrainingPhoto(path, path.name, f"{number:064x}", "drawn", "0" * 16))
    return photos


def _remembered(backbone: Backbone, cache: Path, milliseconds: float) -> Speed:
    when = datetime.now(UTC).isoformat(timespec="seconds")
    speed = Speed(round(milliseconds, 1), backbone.megabytes, when)
    known = {**measured(cache), speed_key(backbone): speed}
    told = json.dumps({key: asdict(each) for key, each in known.items()}, indent=1)
    with suppress(OSError):  # no reason to stop: it can be measured again
        cache.mkdir(parents=True, exist_ok=True)
        sweep(cache)
        write_whole(_file(cache), told.encode())
    return speed


def _speed(value: Mapping[str, Any]) -> Speed:
    milliseconds, megabytes = float(value["milliseconds"]), float(value["megabytes"])
    if not (0 < milliseconds < math.inf and 0 < megabytes < math.inf):
        raise ValueError("no such time or size")
    return Speed(milliseconds, megabytes, str(value["when"]))


def _file(cache: Path) -> Path:
    return cache / "speeds.json"
