"""Many photos from many servers at once, politely."""

from __future__ import annotations

import asyncio
import queue
import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from nocode_classifier.collect.download.outcomes import Fetched, Skipped
from nocode_classifier.collect.download.rules import WebRules

if TYPE_CHECKING:
    from nocode_classifier.collect.download.download_scheduler import DownloadScheduler

__all__ = ["Downloads", "Fetched", "Skipped", "WebRules"]

Key = TypeVar("Key")

SECONDS_TO_LEAVE = 1.0
LONGEST_WAIT = 0.5
"""After so many seconds it is seen again whether another thread took the last one."""


class Downloads(Generic[Key]):
    """Fetches what is added, and gives it back in the order in which it is done.

    Addresses of one server wait for each other, and nobody else for them. What is fetched counts
    against a bound of memory until it is taken by `next`, so who stops taking stops the fetching.
    Whatever happens to an address, its key comes back once. To be used in a `with` block; leaving
    it drops all that is not done, within a second, and `next(0)` still gives what is. The methods
    may be called from any thread.
    """

    def __init__(self, rules: WebRules | None = None) -> None:
        self._rules = WebRules() if rules is None else rules
        self._done: queue.SimpleQueue[tuple[Key, Fetched | Skipped]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._pending = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduler: DownloadScheduler[Key] | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Downloads[Key]:
        from nocode_classifier.collect.download.download_scheduler import DownloadScheduler

        loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=loop.run_forever, name="downloads", daemon=True)
        self._thread.start()
        opening = asyncio.run_coroutine_threadsafe(
            DownloadScheduler.open(self._rules, self._give), loop
        )
        try:
            self._scheduler = opening.result()
        except BaseException:
            self._end(loop)
            raise
        self._loop = loop
        return self

    def __exit__(self, *_: object) -> None:
        loop, scheduler = self._loop, self._scheduler
        self._loop = self._scheduler = None
        if loop is None or scheduler is None:
            return
        leaving = asyncio.run_coroutine_threadsafe(scheduler.aclose(), loop)
        try:
            with suppress(TimeoutError):
                leaving.result(SECONDS_TO_LEAVE)
        finally:
            self._end(loop)

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_soon_threadsafe(loop.stop)
        if self._thread is not None:
            self._thread.join(SECONDS_TO_LEAVE)
            if not self._thread.is_alive():
                loop.close()

    @property
    def pending(self) -> int:
        """How many keys `next` has still to give back."""
        with self._lock:
            return self._pending

    def add(self, key: Key, address: str) -> None:
        """Fetch one more; never waits.

        Raises:
            RuntimeError: outside of the `with` block.
        """
        if self._loop is None or self._scheduler is None:
            raise RuntimeError("Downloads are used in a `with` block.")
        with self._lock:
            self._pending += 1
        self._loop.call_soon_threadsafe(self._scheduler.take, key, address)

    def next(self, timeout: float | None = None) -> tuple[Key, Fetched | Skipped] | None:
        """What is done next; None if nothing is within `timeout` seconds, or nothing is left."""
        until = None if timeout is None else monotonic() + timeout
        while self.pending:
            left = LONGEST_WAIT if until is None else max(0.0, until - monotonic())
            with suppress(queue.Empty):
                return self._take(*self._done.get(timeout=min(left, LONGEST_WAIT)))
            if until is not None and monotonic() >= until:
                break
        return None

    def _take(self, key: Key, outcome: Fetched | Skipped) -> tuple[Key, Fetched | Skipped]:
        with self._lock:
            self._pending -= 1
        if isinstance(outcome, Fetched) and self._loop and self._scheduler:
            self._loop.call_soon_threadsafe(self._scheduler.give_back, len(outcome.data))
        return key, outcome

    def _give(self, key: Key, outcome: Fetched | Skipped) -> None:
        self._done.put((key, outcome))
