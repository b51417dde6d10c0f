"""Work on many things at once, a few at a time, with the results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

from nocode_classifier.progress import Progress, Report

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    items: Iterable[Item], work: Callable[[Item], Result]
) -> Generator[Result, None, None]:
    """Do `work` on every item, in a thread for each processor core, and yield the results in order.

    Items are taken only a few ahead of what has been yielded, so however many there are, only a
    few are held at once. Closing the iterator drops what has not begun.
    """
    threads = os.cpu_count() or 1
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="photo-door") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


class Pace:
    """Says how far a count is and how long it may still take, at most ten times a second."""

    def __init__(self, stage: str, total: int, report: Report) -> None:
        """Begin counting; `total` is 0 when it isn't known."""
        self._stage = stage
        self._total = total
        self._report = report
        self._started = monotonic()
        self._last = float("-inf")

    def at(self, done: int) -> None:
        """Report that `done` are finished, unless that was just said."""
        now = monotonic()
        if now - self._last < 0.1 and done != self._total:
            return
        self._last = now
        total = max(self._total, done) if self._total else 0
        spent = now - self._started
        known = bool(total and done and (spent > 1 or done == total))
        self._report(
            Progress(
                stage=self._stage,
                done=done,
                total=total,
                fraction=done / total if total else 0.0,
                seconds_left=spent / done * (total - done) if known else None,
            )
        )
