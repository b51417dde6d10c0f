"""Waiting that ends when someone presses Stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeVar

from nocode_classifier.progress import ShouldStop, check_stop

STEP = 0.05
"""Seconds between two looks at the Stop button."""

T = TypeVar("T")


def pause(seconds: float, should_stop: ShouldStop) -> None:
    """Wait.

    Raises:
        Cancelled: Stop was pressed before the time was up.
    """
    end = time.monotonic() + seconds
    check_stop(should_stop)
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(STEP, left))
        check_stop(should_stop)


def attended(work: Callable[[], T], seconds: float, should_stop: ShouldStop) -> T:
    """Do something that can hang in a place that hears no Stop: a name look-up, a foreign library.

    It runs in a thread that is left behind where it must be; that thread can't keep the program
    from ending.

    Returns:
        What the work returns; what it raises is raised.

    Raises:
        Cancelled: Stop was pressed.
        TimeoutError: it took longer than it may.
    """
    check_stop(should_stop)
    task = _Task(work)
    Thread(target=task.run, name="asking a source", daemon=True).start()
    end = time.monotonic() + seconds
    while not task.over.wait(STEP):
        check_stop(should_stop)
        if time.monotonic() > end:
            raise TimeoutError(f"no answer in {seconds:g} seconds")
    return task.outcome()


class _Task(Generic[T]):
    """A piece of work and what became of it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: BaseException | None = None
        self.over = Event()

    def run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self._error = error
        finally:
            self.over.set()

    def outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._results[0]
