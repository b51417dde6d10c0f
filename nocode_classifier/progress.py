"""How slow work says how far it is, and hears that it should stop.

Every slow function takes `report` and `should_stop`, both with do-nothing defaults, so it can be
called from a test, the command line or a `Job` alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nocode_classifier.curves import Curves
from nocode_classifier.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is.

    Attributes:
        stage: what is being done, as a phrase a person reads ("Looking at your photos").
        done: steps finished in this stage.
        total: steps in this stage; 0 when it can't be known.
        fraction: how much of the *whole* work is finished, 0 to 1.
        seconds_left: estimate for the whole work, or None when there is nothing to judge by yet.
        curves: of a training that is under way, as far as it has come.
    """

    stage: str
    done: int = 0
    total: int = 0
    fraction: float = 0.0
    seconds_left: float | None = None
    curves: Curves | None = None


Report = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def ignore(progress: Progress) -> None:
    """The default `report`: nobody is watching."""


def never() -> bool:
    """The default `should_stop`: nobody can press Stop."""
    return False


def check_stop(should_stop: ShouldStop) -> None:
    """Raise `Cancelled` if Stop was pressed."""
    if should_stop():
        raise Cancelled("Stopped.")


def part_of(report: Report, start: float, end: float) -> Report:
    """A `report` for one part of a bigger piece of work, which takes it from `start` to `end`."""

    def report_part(progress: Progress) -> None:
        report(replace(progress, fraction=start + (end - start) * progress.fraction))

    return report_part
