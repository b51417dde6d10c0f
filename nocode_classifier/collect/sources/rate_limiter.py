"""Whose turn it is to ask a service: never too often, and not at all while it wants to rest."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock

from nocode_classifier.collect.sources.waiting import pause
from nocode_classifier.progress import ShouldStop

REMEMBERED = 1_000
DAY = 86_400.0


class RateLimiter:
    """The turns of one service, for all searches of this program together; thread-safe."""

    def __init__(self, spacing: float) -> None:
        """Let `spacing` seconds lie between two questions."""
        self._spacing = spacing
        self._lock = Lock()
        self._asked: deque[float] = deque(maxlen=REMEMBERED)
        self._rests_until = 0.0

    def take(self, should_stop: ShouldStop) -> None:
        """Wait for the next turn.

        Raises:
            Cancelled: Stop was pressed while waiting.
        """
        with self._lock:
            now = time.monotonic()
            last = self._asked[-1] if self._asked else now - self._spacing
            turn = max(now, last + self._spacing, self._rests_until)
            self._asked.append(turn)
        pause(turn - now, should_stop)

    def rest(self, seconds: float) -> None:
        """Ask nothing for a while."""
        with self._lock:
            self._rests_until = max(self._rests_until, time.monotonic() + min(seconds, DAY))

    def rest_for_the_period(self, seconds: float) -> None:
        """Rest because a service takes no more questions within a period of so many seconds.

        The period slides: there is room again once the first question in it is older than that.
        """
        with self._lock:
            now = time.monotonic()
            first = next((asked for asked in self._asked if asked > now - seconds), now)
        self.rest(first + seconds - now)

    @property
    def seconds_of_rest(self) -> float:
        """How long the service still wants to rest."""
        with self._lock:
            return max(0.0, self._rests_until - time.monotonic())
