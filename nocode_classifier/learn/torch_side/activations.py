"""What the stages before the cut make of photos, computed once: the dearest part of a training.

Each photo is looked at as it is and in some varied copies, two views of each, in half precision in
a file. ONNX Runtime computes them, one photo a core: on a processor without 16-bit
arithmetic it takes a third of PyTorch's time, and with it no longer.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import torch

from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import InputError
from nocode_classifier.learn.augment import augmented
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.graph import with_views
from nocode_classifier.learn.settings import Augmentation
from nocode_classifier.learn.torch_side.convert import export_network
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.predict.predictor import (
    PhotoError,
    load_onnxruntime,
    read_photo,
    short_side_for,
)
from nocode_classifier.progress import Progress, Report

IntArray = npt.NDArray[np.int64]
Halves = npt.NDArray[np.float16]

STAGE = "Looking at varied copies of your photos"
COPIES = 3
"""Varied copies of each photo; more were no better, and each takes as long as the photo itself."""

MOST_BYTES = 800_000_000
"""Of the file: with very many photos there are fewer copies."""

SEED = 42


@dataclass(frozen=True, slots=True)
class Activations:
    """Activations of all photos at the cut.

    Attributes:
        file: holds them as they lie in memory.
        shape: [n, views, ...]; the first two views are of the photo as it is.
    """

    file: Path
    shape: tuple[int, ...]

    @property
    def photos(self) -> int:
        """How many there are."""
        return self.shape[0]

    @property
    def views(self) -> int:
        """Of each photo."""
        return self.shape[1]

    def of(self, photos: IntArray, views: IntArray) -> torch.Tensor:
        """Views [n, k] of photos [n], float16 [n, k, ...].

        The file is mapped for this moment only: all that was ever read of a mapped file counts as
        memory of this process (0.4 GB with 1,000 photos), of an unmapped one nothing does.
        """
        values = np.memmap(self.file, np.float16, "r", shape=self.shape)
        return torch.from_numpy(np.asarray(values[photos[:, None], views]))


def compute_activations(
    network: StagedNetwork,
    backbone: Backbone,
    photos: Sequence[Path],
    augmentation: Augmentation,
    folder: Path,
    report: Report,
) -> Activations:
    """Run the stages before the cut on all photos and on varied copies of them.

    Args:
        network: pretrained.
        backbone: says how photos enter it.
        photos: n files.
        augmentation: how copies vary.
        folder: temporary, takes the file.

    Raises:
        InputError: a photo can't be read any more.
        Unavailable: the disk is full.
    """
    first = _Front(network, backbone, augmentation)
    shape = first.look(0, photos[0], 0).shape[1:]
    each = 2 * int(np.prod(shape)) * 2
    copies = max(1, min(COPIES, MOST_BYTES // (each * len(photos)) - 1))
    file = folder / "activations"
    began = time.monotonic()
    cores = os.cpu_count() or 1
    with (
        file.open("wb") as out,
        ThreadPoolExecutor(cores, thread_name_prefix="copies") as pool,
    ):
        waiting: deque[Future[Halves]] = deque()
        for done in range(len(photos)):
            while len(waiting) < 3 * cores and done + len(waiting) < len(photos):
                number = done + len(waiting)
                waiting.append(pool.submit(first.look, number, photos[number], copies))
            _write(out, waiting.popleft().result())
            fraction = (done + 1) / len(photos)
            left = (time.monotonic() - began) * (1 / fraction - 1)
            report(Progress(STAGE, done + 1, len(photos), fraction, left))
    return Activations(file, (len(photos), 2 * (1 + copies), *shape))


def _write(out: BinaryIO, values: Halves) -> None:
    with in_words(Path(out.name)):
        out.write(values.data)


class _Front:
    """The graph from a photo to the activations of its two views."""

    def __init__(
        self, network: StagedNetwork, backbone: Backbone, augmentation: Augmentation
    ) -> None:
        before = StagedNetwork(list(network.stages[: network.cut]), (network.cut - 1,), 0)
        model = with_views(export_network(before, backbone.input_size), backbone)
        onnxruntime = load_onnxruntime()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self._augmentation = augmentation
        self._short_side = short_side_for(backbone.input_size)

    def look(self, number: int, photo: Path, copies: int) -> Halves:
        """Activations of a photo and of copies of it, float16 [2 * (1 + copies), ...]."""
        try:
            pixels = read_photo(photo, short_side=self._short_side)
        except PhotoError as error:
            raise InputError(
                f"The photo '{photo.name}' can't be read any more. Remove it, then train again."
            ) from error
        rng = np.random.default_rng([SEED, number])
        varied = [augmented(pixels, self._augmentation, rng) for _ in range(copies)]
        found = [self._session.run(None, {"photo": each})[0] for each in (pixels, *varied)]
        return np.concatenate(found).clip(-65504, 65504).astype(np.float16)
