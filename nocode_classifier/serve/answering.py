"""A model that answers many people at once.

Decoding and the network both leave Python's lock, so a thread for each processor core keeps all of
them busy. While one photo is alone, the network may spread over all cores; as soon as there are
more, each photo keeps to one core, because cores that wait for each other lose time.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from nocode_classifier.collect.door import check_header, is_big
from nocode_classifier.errors import Busy, InputError
from nocode_classifier.predict.predictor import Answer, PhotoError, Predictor
from nocode_classifier.serve.settings import Settings

FETCHES_AT_ONCE = 8
CROWDED = "Too many photos are waiting right now: try again in a few seconds."

Fetch = Callable[[str], bytes]
"""Downloads a photo; raises an AppError with a sentence."""


class Answering:
    """A loaded model and the threads that ask it."""

    def __init__(
        self, folder: Path, settings: Settings | None = None, *, fetch: Fetch | None = None
    ) -> None:
        """Load a model folder.

        Args:
            folder: holds `model.onnx` and `card.json`.
            settings: how big photos may be and how many may wait.
            fetch: downloads links; by default from the internet, never from inside the network.

        Raises:
            ModelError: the model can't be used.
        """
        self._settings = settings or Settings()
        self._cores = os.cpu_count() or 1
        self._narrow = Predictor(folder, threads=1)
        self._wide = Predictor(folder, threads=0) if self._cores > 1 else self._narrow
        self.card = self._narrow.card
        self.classes = self._narrow.classes
        self._fetch = fetch or partial(_fetch, settings=self._settings)
        self._asked = 0
        self._fetching = 0
        self._turn = threading.Lock()
        self._cores_pool = ThreadPoolExecutor(self._cores, thread_name_prefix="answer")
        self._fetch_pool = ThreadPoolExecutor(FETCHES_AT_ONCE, thread_name_prefix="fetch")

    @property
    def name(self) -> str:
        """What the classifier is called."""
        return str(self.card.get("name") or " or ".join(self.classes[:3]))

    async def answer(self, data: bytes) -> Answer:
        """Say what is in a photo.

        Args:
            data: the whole file.

        Raises:
            PhotoRefused: it is no photo, too big or too small.
            InputError: it is damaged.
            Busy: too many others are waiting.
        """
        if self._asked >= self._settings.waiting:
            raise Busy(CROWDED)
        self._asked += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._cores_pool, self._answer, data)
        finally:
            self._asked -= 1

    async def answer_link(self, address: str) -> Answer:
        """Say what is in a photo on the web.

        Raises:
            InsideAddress: it leads into this computer or its own network.
            InputError: it is no address, or what is there can't be used.
            Unavailable: nothing can be had from there.
            Busy: too many others are waiting.
        """
        if self._fetching >= 4 * FETCHES_AT_ONCE:
            raise Busy(CROWDED)
        self._fetching += 1
        try:
            loop = asyncio.get_running_loop()
            data = await loop.run_in_executor(self._fetch_pool, self._fetch, address)
        finally:
            self._fetching -= 1
        return await self.answer(data)

    def close(self) -> None:
        """End the threads; what they are at is finished first."""
        self._fetch_pool.shutdown(wait=False, cancel_futures=True)
        self._cores_pool.shutdown(wait=True, cancel_futures=True)

    def _answer(self, data: bytes) -> Answer:
        image, _ = check_header(data, self._settings.limits)
        # Very big photos are decoded one at a time: each takes as much memory as a whole model.
        with self._turn if is_big(image, data) else nullcontext():
            predictor = self._wide if self._asked <= 1 else self._narrow
            try:
                return predictor.predict(data)
            except PhotoError as error:
                raise InputError(str(error)) from error


def _fetch(address: str, settings: Settings) -> bytes:
    # On first use: most people send files, and this brings a whole HTTP client along.
    from nocode_classifier.collect.web.link import fetch_photo

    return fetch_photo(address, limits=settings.limits, seconds=settings.seconds)
