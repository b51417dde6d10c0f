"""What a command says, and where: results to standard output, all else to standard error."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from nocode_classifier.cli.bar import Bar
from nocode_classifier.collect.intake import Refusal
from nocode_classifier.collect.sorting import listed
from nocode_classifier.plurals import counted
from nocode_classifier.progress import Progress, ShouldStop

REASONS_SHOWN = 10


class Console:
    """The two streams of a command.

    Attributes:
        should_stop: whether Ctrl-C was pressed.
    """

    def __init__(self, *, as_json: bool, should_stop: ShouldStop) -> None:
        self.should_stop = should_stop
        self._as_json = as_json
        self._out, self._err = sys.stdout, sys.stderr
        self._bar = Bar(self._err)
        # A terminal that can't show a letter must not stop the work.
        _forgive(self._err, "replace")
        _forgive(self._out, "backslashreplace", encoding="utf-8" if as_json else None)

    def report(self, progress: Progress) -> None:
        """Show how far the work is, where someone is watching."""
        self._bar.draw(progress)

    def note(self, sentence: str) -> None:
        """Tell something beside the result."""
        self._bar.clear()
        _write(self._err, sentence)

    def say(self, line: str) -> None:
        """Tell a part of the result to a person; programs get it all at the end."""
        if not self._as_json:
            self._bar.clear()
            _write(self._out, line)

    def end(self, data: dict[str, Any], lines: Iterable[str] = ()) -> None:
        """Tell the result: as one JSON object to programs, as some lines to people."""
        self._bar.clear()
        if self._as_json:
            _write(self._out, json.dumps(data, ensure_ascii=False, allow_nan=False))
        else:
            for line in lines:
                _write(self._out, line)

    def note_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Tell which files were left out, and why; a reason once, and of very many only some."""
        if not refusals:
            return
        self.note(f"{counted(len(refusals), 'file was', 'files were')} left out:")
        by_reason: dict[str, list[str]] = {}
        for refusal in refusals:
            by_reason.setdefault(refusal.reason, []).append(refusal.name)
        for reason, names in list(by_reason.items())[:REASONS_SHOWN]:
            self.note(f"  {listed(names)}: {reason}")
        if left := sum(map(len, list(by_reason.values())[REASONS_SHOWN:])):
            self.note(f"  and {left:,} more")

    def clear(self) -> None:
        """Leave no half-drawn line behind."""
        self._bar.clear()


def _write(stream: TextIO | None, line: str) -> None:
    # Without a console (pythonw) there is no one to tell.
    if stream is not None:
        stream.write(line + "\n")
        stream.flush()


def _forgive(stream: TextIO | None, errors: str, encoding: str | None = None) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors=errors, encoding=encoding or stream.encoding)
