"""Doing something once, a moment after it was asked for the last time."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Debounce:
    """Calls a function when nobody has asked for it again for a while.

    Attributes:
        seconds: how long that is.
    """

    def __init__(self, seconds: float = 1.5) -> None:
        self.seconds = seconds
        self._waiting: dict[str, threading.Timer] = {}
        self._lock = threading.Lock()

    def call(self, key: str, action: Callable[[], None]) -> None:
        """Call `action` in a thread of its own, in a while; what waits under this key is dropped.

        A program that ends does not wait for it.
        """
        timer = threading.Timer(self.seconds, self._run, (key, action))
        timer.daemon = True
        with self._lock:
            before = self._waiting.pop(key, None)
            self._waiting[key] = timer
            if before is not None:
                before.cancel()
            timer.start()

    def waits(self, key: str) -> bool:
        """Whether something is to be called under this key."""
        with self._lock:
            return key in self._waiting

    def _run(self, key: str, action: Callable[[], None]) -> None:
        with self._lock:
            if self._waiting.get(key) is not threading.current_thread():
                return  # asked for again at the very last moment
            del self._waiting[key]
        action()
