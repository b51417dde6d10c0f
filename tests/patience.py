"""How long a test waits for what is bound to happen."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 300.0
"""Seconds: far more than it takes on a busy computer, and an end where something hangs."""


def wait_until(true: Callable[[], object]) -> None:
    """Wait for something to become true that nobody tells of."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
