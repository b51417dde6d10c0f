"""Photos of a training, decoded once into one file, and batches of their views.

There are no worker processes: on Windows and macOS each would import everything anew, and a packed
app could start itself again. Pillow works in threads just as well, since it lets go of Python's
lock while it resizes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from nocode_classifier.errors import InputError
from nocode_classifier.learn.augment import augmented
from nocode_classifier.learn.settings import Augmentation
from nocode_classifier.learn.views import views_of
from nocode_classifier.predict.predictor import PhotoError, read_photo
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop, ignore, never

IntArray = npt.NDArray[np.int64]
Pixels = npt.NDArray[np.uint8]

VIEWS = 2
"""The whole photo and its centre, as `learn/graph.py` looks at every photo."""

LARGER = 1.15
"""Photos are kept with a short side so many times the network's, so that zooming in stays sharp."""

LONGEST = 3.0
"""Longer panoramas than this, as a ratio, are squeezed a little: the network squeezes them more."""

AHEAD = 2
"""Batches that are made while the network is busy with one."""

FILE = "photos.pixels"


class MappedPhotos:
    """Decoded photos in a memory-mapped file: uint8 [h, w, 3] each, whatever their shape."""

    def __init__(self, file: Path, shapes: Sequence[tuple[int, int]]) -> None:
        """Open a file that holds photos of these heights and widths, one after the other."""
        self._shapes = list(shapes)
        sizes = [height * width * 3 for height, width in shapes]
        self._starts = [0, *np.cumsum(sizes).tolist()]
        self._data = np.memmap(file, np.uint8, mode="r")

    def __len__(self) -> int:
        return len(self._shapes)

    def __getitem__(self, index: int) -> Pixels:
        start, end = self._starts[index], self._starts[index + 1]
        return np.asarray(self._data[start:end]).reshape(*self._shapes[index], 3)

    def close(self) -> None:
        """Let go of the file; Windows deletes no open ones."""
        mapped = self._data._mmap  # type: ignore[attr-defined]  # numpy offers no other way
        self._data = np.zeros(0, np.uint8)  # type: ignore[assignment]
        mapped.close()


def decode(
    photos: Sequence[Path],
    folder: Path,
    side: int,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> MappedPhotos:
    """Decode photos once, as large as a network that looks at squares of `side` can use.

    Args:
        photos: files; at least one.
        folder: temporary, takes the file.
        side: pixels.

    Raises:
        InputError: a photo can't be read any more.
        Cancelled: Stop was pressed.
    """
    shapes = []
    file = folder / FILE
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="decode") as pool:
        waiting: deque[Future[Pixels]] = deque()
        left = iter(photos)
        try:
            with file.open("wb") as out:
                for done in range(len(photos)):
                    while len(waiting) < 8 and (path := next(left, None)) is not None:
                        waiting.append(pool.submit(_read, path, side))
                    pixels = waiting.popleft().result()
                    out.write(pixels.tobytes())
                    shapes.append((pixels.shape[0], pixels.shape[1]))
                    fraction = (done + 1) / len(photos)
                    report(Progress("Reading your photos", done + 1, len(photos), fraction))
                    check_stop(should_stop)
        finally:
            for future in waiting:
                future.cancel()
    return MappedPhotos(file, shapes)


class Batches:
    """What a fastai `Learner` takes for a loader: batches of views and labels, made in threads.

    Batches of one epoch are as equal in size as can be, so that none counts for more than others
    because it is tiny. Every epoch has its own order and its own copies, the same ones every time.
    """

    def __init__(
        self,
        pictures: MappedPhotos,
        labels: IntArray,
        chosen: IntArray,
        side: int,
        photos: int,
        *,
        augmentation: Augmentation | None = None,
        views: int = VIEWS,
        seed: int = 0,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            pictures: all photos of the training.
            labels: of all of them.
            chosen: indices of those to give.
            side: of the views, pixels.
            photos: about so many in a batch.
            augmentation: varies and shuffles them; without it they come as they are, in order.
            views: 1 gives either of the two, as chance decides.
            seed: decides on order and copies.
        """
        self._pictures, self._labels, self._chosen = pictures, labels, chosen
        self._side = side
        self._augmentation = augmentation
        self._views = views
        self._count = -(-len(chosen) // photos)
        self._seed = seed
        self._epoch = 0

    def __len__(self) -> int:
        return self._count

    def to(self, device: torch.device) -> Batches:
        """Batches are made in ordinary memory; the learner moves them."""
        return self

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """One epoch: views uint8 [n, views, 3, side, side] and labels int64 [n]."""
        order = self._chosen
        if self._augmentation is not None:
            self._epoch += 1
            order = np.random.default_rng([self._seed, self._epoch]).permutation(order)
        batches = iter(np.array_split(order, self._count) if self._count else [])
        with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="views") as pool:
            waiting: deque[tuple[IntArray, list[Future[Pixels]]]] = deque()
            look = partial(self._look, self._epoch)
            try:
                for _ in range(self._count):
                    while len(waiting) <= AHEAD and (batch := next(batches, None)) is not None:
                        waiting.append((batch, [pool.submit(look, int(one)) for one in batch]))
                    chosen, futures = waiting.popleft()
                    views = np.stack([future.result() for future in futures])
                    yield (
                        torch.from_numpy(views).permute(0, 1, 4, 2, 3),
                        torch.from_numpy(self._labels[chosen]),
                    )
            finally:
                for _, futures in waiting:
                    for future in futures:
                        future.cancel()

    def _look(self, epoch: int, index: int) -> Pixels:
        photo = self._pictures[index]
        rng = np.random.default_rng([self._seed, epoch, index])
        if self._augmentation is not None:
            photo = augmented(photo, self._augmentation, rng)
        views = views_of(photo, self._side)
        return views if self._views == VIEWS else views[[rng.integers(VIEWS)]]


def _read(path: Path, side: int) -> Pixels:
    """A photo with its short side no larger than is of use."""
    try:
        pixels = read_photo(path, short_side=round(side * LARGER))
    except PhotoError as error:
        raise InputError(
            f"The photo '{path.name}' can't be read any more. Remove it, then train again."
        ) from error
    height, width = pixels.shape[:2]
    short = round(min(height, width, side * LARGER))
    factor = short / min(height, width)
    wanted = tuple(max(1, round(min(one * factor, short * LONGEST))) for one in (width, height))
    if wanted == (width, height):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize(wanted, Image.Resampling.BICUBIC))
