"""Each photo is looked at once: features are computed in parallel and kept under its hash."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from nocode_classifier.errors import InputError
from nocode_classifier.learn.graph import SIDE_KEY, Blocks
from nocode_classifier.predict.predictor import (
    PhotoError,
    load_onnxruntime,
    read_photo,
    short_side_for,
)
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop, ignore, never

FloatArray = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

STORED = np.dtype("<f2")
"""Half precision halves the cache; fresh features are rounded alike, so a cached photo and a new
one are the same to the head."""

SAVE_EVERY = 64
STAGE = "Looking at your photos"


@dataclass(frozen=True, slots=True)
class TrainingPhoto:
    """A photo to learn from.

    Attributes:
        perceptual_hash: 16 hex digits.
        burst: shots of one held-down burst share this.
    """

    path: Path
    name: str
    sha256: str
    class_name: str
    perceptual_hash: str
    burst: str | None = None


class FeatureStore(Protocol):
    """Keeps features between trainings; a `Project` is one."""

    def load_features(self, backbone: str, hashes: Sequence[str]) -> dict[str, bytes]:
        """Those of the photos that are known, by SHA-256."""
        ...

    def save_features(self, backbone: str, items: Mapping[str, bytes]) -> None:
        """Keep features under their photos' SHA-256."""
        ...


class NoStore:
    """Keeps nothing: the command line trains a folder once."""

    def load_features(self, backbone: str, hashes: Sequence[str]) -> dict[str, bytes]:
        """Nothing is known."""
        return {}

    def save_features(self, backbone: str, items: Mapping[str, bytes]) -> None:
        """Nothing is kept."""


class Extractor:
    """A converted backbone, ready to look at photos; safe to call from several threads."""

    def __init__(self, path: Path, key: str) -> None:
        onnxruntime = load_onnxruntime()

        options = onnxruntime.SessionOptions()
        # One thread a photo and a photo a core is quicker than all cores on one photo, and the
        # order of additions, so the result, does not depend on the number of cores.
        options.intra_op_num_threads = 1
        self.path = path
        self.key = key
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        properties = self._session.get_modelmeta().custom_metadata_map
        (self.blocks,) = Blocks.of(properties)
        self._short_side = short_side_for(int(properties[SIDE_KEY]))

    def look(self, photo: TrainingPhoto) -> bytes:
        """Features of one photo as they are stored: `blocks.total` values of type `STORED`.

        Raises:
            InputError: the photo can't be read any more, or its features are no numbers.
        """
        features = self.look_at(self.read_training_photo(photo))
        if not np.isfinite(features).all():
            raise InputError(
                f"The network can make nothing of the photo '{photo.name}' in "
                f"'{photo.class_name}'. Remove it, then train again."
            )
        return features.astype(STORED).tobytes()

    def read(self, path: Path) -> Pixels:
        """Pixels of a photo, reduced as far as this network allows, uint8 [h, w, 3].

        Raises:
            PhotoError: it can't be read.
        """
        return read_photo(path, short_side=self._short_side)

    def read_training_photo(self, photo: TrainingPhoto) -> Pixels:
        """Pixels of a photo to learn from, uint8 [h, w, 3].

        Raises:
            InputError: it can't be read any more.
        """
        try:
            return self.read(photo.path)
        except PhotoError as error:
            raise InputError(
                f"The photo '{photo.name}' in '{photo.class_name}' can't be read any more. "
                "Remove it, then train again."
            ) from error

    def look_at(self, pixels: Pixels) -> FloatArray:
        """Features float32 [d] of a picture, uint8 [h, w, 3], rounded as they are stored."""
        values: FloatArray = self._session.run(["features"], {"photo": pixels})[0]
        return values.astype(STORED).astype(np.float32)


Looked = Callable[[int, float], None]
"""Told how many photos were looked at, and in how many seconds."""


def _unnoticed(photos: int, seconds: float) -> None:
    """Report to nobody."""


Refused = Callable[[TrainingPhoto, InputError], None]
"""Told of a photo that nothing can be made of; it may raise the error."""


def raise_refusal(_photo: TrainingPhoto, error: InputError) -> None:
    """Do without none of the photos."""
    raise error


def features_of(
    photos: Sequence[TrainingPhoto],
    extractor: Extractor,
    store: FeatureStore,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
    looked: Looked = _unnoticed,
    refused: Refused = raise_refusal,
) -> FloatArray:
    """Features of all photos, looking only at those the store doesn't know.

    Stopping keeps what was computed so far in the store.

    Args:
        photos: whose features are wanted.
        extractor: looks at them.
        store: keeps features.
        looked: told at the end how many photos had to be looked at, and the seconds that took.
        refused: told of each photo that can't be read any more, or has features that are no
            numbers; by itself it raises.

    Returns:
        float32 [photos, d], in the order given, of those that were not refused.

    Raises:
        InputError: a photo was refused.
        Cancelled: Stop was pressed.
    """
    known = store.load_features(extractor.key, [photo.sha256 for photo in photos])
    size = extractor.blocks.total * STORED.itemsize
    known = {sha256: data for sha256, data in known.items() if _is_whole(data, size)}
    missing = list({p.sha256: p for p in photos if p.sha256 not in known}.values())
    fresh: dict[str, bytes] = {}
    began = time.perf_counter()
    try:
        for photo, data in _watched(_look_at_all(missing, extractor), missing, report):
            if isinstance(data, InputError):
                refused(photo, data)
            else:
                known[photo.sha256] = fresh[photo.sha256] = data
            if len(fresh) >= SAVE_EVERY:
                store.save_features(extractor.key, fresh)
                fresh = {}
            check_stop(should_stop)
    finally:
        if fresh:
            store.save_features(extractor.key, fresh)
    looked(len(missing), time.perf_counter() - began)
    joined = b"".join(known.get(photo.sha256, b"") for photo in photos)
    return np.frombuffer(joined, STORED).reshape(-1, extractor.blocks.total).astype(np.float32)


def _is_whole(data: bytes, size: int) -> bool:
    return len(data) == size and bool(np.isfinite(np.frombuffer(data, STORED)).all())


def _look_at_all(
    photos: Iterable[TrainingPhoto], extractor: Extractor
) -> Iterator[tuple[TrainingPhoto, bytes | InputError]]:
    """Features in the order of the photos, with a photo waiting for every core but no more."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores, thread_name_prefix="look") as pool:
        waiting: deque[tuple[TrainingPhoto, Future[bytes]]] = deque()
        try:
            for photo in photos:
                waiting.append((photo, pool.submit(extractor.look, photo)))
                if len(waiting) > 2 * cores:
                    yield _result(*waiting.popleft())
            while waiting:
                yield _result(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()


def _result(
    photo: TrainingPhoto, future: Future[bytes]
) -> tuple[TrainingPhoto, bytes | InputError]:
    try:
        return photo, future.result()
    except InputError as error:
        return photo, error


def _watched(
    results: Iterator[tuple[TrainingPhoto, bytes | InputError]],
    photos: Sequence[TrainingPhoto],
    report: Report,
) -> Iterator[tuple[TrainingPhoto, bytes | InputError]]:
    """Pass results on and say how far they are and how long the rest takes."""
    began = time.monotonic()
    for done, result in enumerate(results, start=1):
        left = (time.monotonic() - began) / done * (len(photos) - done)
        report(Progress(STAGE, done, len(photos), done / len(photos), left))
        yield result
