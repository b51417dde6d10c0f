"""Ctrl-C: the first asks the work to stop cleanly, the second stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nocode_classifier.progress import ShouldStop


@contextmanager
def heard_interrupt(say: Callable[[str], None]) -> Iterator[ShouldStop]:
    """Turn Ctrl-C into a `should_stop` for as long as the block lasts.

    Work that is stopped between two steps leaves nothing half done, while an exception that comes
    anywhere could leave a model folder half renamed.
    """
    pressed = threading.Event()

    def hear(*_: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        say("Stopping... (Ctrl-C again stops at once)")

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
