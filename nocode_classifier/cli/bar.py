"""A progress bar of one line, for a terminal."""

from __future__ import annotations

import os
import shutil
import time
from typing import TextIO

from nocode_classifier.progress import Progress

WIDTH = 16
SECONDS_BETWEEN = 0.05
GREEN, PLAIN = "\x1b[32m", "\x1b[0m"


class Bar:
    """Draws progress over itself, on a terminal only; elsewhere nothing is written."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if is_terminal(stream) else None
        self._drawn = 0
        self._last = float("-inf")

    def draw(self, progress: Progress) -> None:
        """Show how far the work is, unless that was just shown."""
        now = time.monotonic()
        if self._stream is None or now - self._last < SECONDS_BETWEEN:
            return
        self._last = now
        room = shutil.get_terminal_size().columns - 1
        text = bar_line(progress, room)
        padding = " " * max(self._drawn - len(text), 0)
        self._drawn = len(text)
        self._write("\r" + (_coloured(text) if in_colour() else text) + padding)

    def clear(self) -> None:
        """Wipe the line, so that something else can be written."""
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0
            self._last = float("-inf")

    def _write(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(text)
            self._stream.flush()


def bar_line(progress: Progress, room: int) -> str:
    """Bar, percent, stage and time left, in at most `room` characters."""
    share = min(max(progress.fraction, 0.0), 1.0)
    full = round(share * WIDTH)
    line = f"{'█' * full}{'░' * (WIDTH - full)} {share:4.0%}  {progress.stage}"
    if progress.seconds_left is not None and share < 1:
        line += f", about {in_words(progress.seconds_left)} left"
    return line[:room]


def in_words(seconds: float) -> str:
    """A span of time, as exact as anyone wants to know it."""
    whole = max(round(seconds), 1)
    return f"{whole} s" if whole < 100 else f"{round(seconds / 60)} min"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether someone looks at it, on a terminal that can go back to the start of a line."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def in_colour() -> bool:
    """Whether colours are welcome (https://no-color.org) and known to work."""
    return not os.environ.get("NO_COLOR") and os.name != "nt"


def _coloured(text: str) -> str:
    start, end = text.find("█"), text.rfind("█") + 1
    return f"{text[:start]}{GREEN}{text[start:end]}{PLAIN}{text[end:]}" if end else text
