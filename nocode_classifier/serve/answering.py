"""A model that answers many people at once.

Decoding and the network both leave Python's lock, so a thread for each processor core keeps all of
them busy. While one photo is alone, the network may spread over all cores; as soon as there are
more, each photo keeps to one core, because cores that wait for each other lose time.

Photos that take much memory or time to decode have a thread of their own: one at a time, while all
others are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from PIL import ImageFile

from nocode_classifier.collect.photo_check import check_header
from nocode_classifier.errors import Busy, InputError
from nocode_classifier.memory import give_back_memory
from nocode_classifier.predict.headers import cost_of
from nocode_classifier.predict.predictor import Answer, PhotoError, Predictor
from nocode_classifier.serve.settings import Settings

FETCHES_AT_ONCE = 8

BIG_MEMORY, BIG_WORK = 24_000_000, 24_000_000
"""Photos whose decoding takes more bytes, or more pixels, are decoded one at a time."""

CROWDED = "Too many photos are waiting right now: try again in a few seconds."

Made = TypeVar("Made")

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
        self._big = 0
        self._cores_pool = ThreadPoolExecutor(self._cores, thread_name_prefix="answer")
        self._big_pool = ThreadPoolExecutor(1, thread_name_prefix="answer-big")
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
            Busy: too many others are waiting, or it waited for too long.
        """
        if self._asked >= self._settings.waiting:
            raise Busy(CROWDED)
        self._asked += 1
        try:
            answer = await self._in_turn(self._cores_pool, self._answer_unless_big, data)
            return answer if answer is not None else await self._answer_big(data)
        finally:
            self._asked -= 1

    async def _answer_big(self, data: bytes) -> Answer:
        if self._big >= self._settings.big_waiting:
            raise Busy(CROWDED)
        self._big += 1
        try:
            return await self._in_turn(self._big_pool, self._answer_and_tidy, data)
        finally:
            self._big -= 1

    async def _in_turn(self, pool: Executor, work: Callable[[bytes], Made], data: bytes) -> Made:
        """What a thread makes of a photo; nothing is begun for those who have left meanwhile."""
        future = pool.submit(work, data)
        try:
            waiting = asyncio.wrap_future(future)
            done, _ = await asyncio.wait({waiting}, timeout=self._settings.patience)
            if not done and future.cancel():
                raise Busy(CROWDED)
            return await waiting
        finally:
            future.cancel()

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
        for pool in (self._cores_pool, self._big_pool):
            pool.shutdown(wait=True, cancel_futures=True)

    def _answer_unless_big(self, data: bytes) -> Answer | None:
        image, _ = check_header(data, self._settings.limits)
        return None if is_big(image, data) else self._answer(data)

    def _answer_and_tidy(self, data: bytes) -> Answer:
        try:
            return self._answer(data)
        finally:
            give_back_memory()

    def _answer(self, data: bytes) -> Answer:
        predictor = self._wide if self._asked <= 1 else self._narrow
        try:
            return predictor.predict(data)
        except PhotoError as error:
            raise InputError(str(error)) from error


def is_big(image: ImageFile.ImageFile, data: bytes) -> bool:
    """Whether decoding an opened photo takes much memory, or may take long."""
    cost = cost_of(image, data)
    return cost.memory > BIG_MEMORY or cost.work > BIG_WORK


def _fetch(address: str, settings: Settings) -> bytes:
    # On first use: most people send files, and this brings a whole HTTP client along.
    from nocode_classifier.collect.download.link import fetch_photo

    return fetch_photo(address, limits=settings.limits, seconds=settings.seconds)
