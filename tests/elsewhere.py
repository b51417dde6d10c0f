"""Work that needs an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def elsewhere(work: Callable[[], T]) -> T:
    """What `work` returns, done in another thread.

    Playwright keeps an event loop running in the thread of the tests from the first browser test
    on, and Python allows no second one beside it.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def run(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; the linter holds tests to this one instead of `asyncio.run`."""
    return elsewhere(lambda: asyncio.run(work))  # noqa: TID251
