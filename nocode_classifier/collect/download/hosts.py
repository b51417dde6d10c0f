"""How each server is doing, and so when it may be asked again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import httpx

from nocode_classifier.collect.download.outcomes import Skipped, Trouble
from nocode_classifier.collect.skips import Skip

Key = TypeVar("Key")

TRIES = 2
"""How often an address is asked for in all when its server says it is busy."""

MOST_RESTS = 3
"""How often a server may let us wait, and then still serve nothing, until it is given up."""

DEAF_FAILURES = 4
"""So many times in a row it can't even be connected to, and a server is given up."""

FAILURES = 8
"""So many times in a row it is there but sends nothing, and a server is given up."""

PROVEN = 3
"""A server that sent something before gets so many times the patience."""

REFUSALS = 4
"""So many answers in a row that it is too busy are never about single addresses."""

STEADY = 10
"""After so many answers a server that was too busy is asked for one more at once."""

CLOSED_SECONDS = 120.0
FIRST_REST = 1.0
LEAST_REST = 0.5

FAULTS = frozenset({Skip.UNREACHABLE, Skip.TOO_SLOW, Skip.SERVER_ERROR})


@dataclass(eq=False)
class Link(Generic[Key]):
    """An address on its way.

    Attributes:
        key: whose it is.
        url: where it is asked for next.
        seconds: how much time it has left.
        steps: redirects so far.
        tries: how often a busy server was asked.
    """

    key: Key
    url: httpx.URL
    seconds: float
    steps: int = 0
    tries: int = 0


@dataclass(eq=False)
class Host(Generic[Key]):
    """A server.

    Attributes:
        waiting: addresses to ask it for.
        running: how many it is being asked for.
        width: how many it may be asked for at once.
        rests_until: nothing is asked before that time of the event loop.
        closed_until: until then its addresses come back at once, with `closed`.
    """

    name: str
    width: int
    longest_rest: float
    waiting: deque[Link[Key]] = field(default_factory=deque)
    running: int = 0
    rests_until: float = 0.0
    closed_until: float = 0.0
    closed: Skipped | None = None
    _proven: bool = False
    _failures: int = 0
    _deaf: int = 0
    _rests: int = 0
    _refused: int = 0
    _well: int = 0
    _refuses_single_ones: bool = False

    def __post_init__(self) -> None:
        self.widest = self.width

    def may_be_asked(self, now: float) -> bool:
        """Whether it has something to do and may do it."""
        return bool(self.waiting) and self.running < self.width and not self.is_resting(now)

    def is_resting(self, now: float) -> bool:
        """Whether it asked us to come back a little later."""
        return now < self.rests_until

    def is_closed(self, now: float) -> bool:
        """Whether it is given up for a while."""
        return now < self.closed_until

    def did_well(self) -> None:
        """It answered as it should, if only to say no."""
        self._well += 1
        if self._well % STEADY == 0:
            self.width = min(self.width + 1, self.widest)
        self._proven = True
        self._failures = self._deaf = self._rests = self._refused = 0

    def put_back(self, link: Link[Key]) -> None:
        """Ask for it again, but first for a few others: they show whether it alone is refused."""
        self.waiting.insert(2 * self.width, link)

    def had(self, trouble: Trouble, link: Link[Key], now: float) -> None:
        """It did not send what it was asked for."""
        if trouble.skipped.reason is Skip.BUSY:
            self._refused += 1
            if self._refused >= REFUSALS:
                self._refuses_single_ones = False
            elif link.tries and not self._rests:
                self._refuses_single_ones = True
            self._rest(trouble.skipped, now)
        elif trouble.skipped.reason in FAULTS:
            self._fail(trouble, now)
        elif trouble.alive and trouble.skipped.reason is not Skip.PRIVATE:
            self.did_well()

    def _rest(self, skipped: Skipped, now: float) -> None:
        """Wait as long as it asks us to, if that is not too long, and ask for less at once.

        Servers don't say whether they mean this address or all of theirs. So after the wait a few
        others are asked for: if they are served, while the same one is refused again, it alone is
        meant. If they are refused as well, the server is left alone for as long as it said.
        """
        if self._refuses_single_ones or self.is_resting(now) or self.is_closed(now):
            return
        self._rests += 1
        self.width = max(1, self.width // 2)
        told = skipped.retry_after
        if self._rests > MOST_RESTS:
            self._close(skipped.reason, CLOSED_SECONDS if told is None else told, now)
        elif told is None or told > self.longest_rest:
            self.rests_until = now + FIRST_REST * 2 ** (self._rests - 1)
        else:
            self.rests_until = now + max(told, LEAST_REST)

    def _fail(self, trouble: Trouble, now: float) -> None:
        self._failures += 1
        self._deaf = 0 if trouble.alive else self._deaf + 1
        patience = PROVEN if self._proven else 1
        if self._failures >= FAILURES * patience or self._deaf >= DEAF_FAILURES * patience:
            self._close(trouble.skipped.reason, CLOSED_SECONDS, now)
            self._failures = self._deaf = 0

    def _close(self, reason: Skip, seconds: float, now: float) -> None:
        self.closed_until = now + seconds
        self.closed = Skipped(
            reason,
            temporary=True,
            retry_after=seconds,
            detail=f"{self.name} is left alone for a while, after several failures in a row: "
            "its other photos can be had later.",
        )
