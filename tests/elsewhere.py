"""Running something in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def elsewhere(work: Callable[[], T]) -> T:
    """What `work` returns, done in another thread.

    Playwright keeps an event loop running in the thread of the tests from the first browser test
    on, and Python allows no second one beside it.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
