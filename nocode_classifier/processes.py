"""Child processes: how other programs, and parts of this app, are started, heard and ended.

What a child loads or breaks stays in it, and Stop ends it at once, whatever it is doing. It is in a
session of its own: Ctrl-C in a console is for this process, which then ends the child.
"""

from __future__ import annotations

import json
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from nocode_classifier.progress import ShouldStop, check_stop, never

MODULE = (sys.executable, "-X", "utf8", "-P", "-W", "ignore", "-m")
"""Begins the command that runs a module; the working folder is not searched for modules."""

PAUSE = 0.05
"""Seconds between two looks at whether Stop was pressed."""

LONG = 600.0
"""Seconds for a program that does one thing and ends."""

GRACE = 2.0
"""Seconds for the rest of what an ended process wrote, should something it started hold that up."""

TAIL = 4000
"""Bytes at the end of standard error that are looked at."""

NO_WORDS = "it ended without a word; perhaps there was too little memory"

Event = dict[str, Any]


class ProcessFailed(Exception):
    """It did not end well; the message is the last line it wrote to standard error."""


class TookTooLong(ProcessFailed):
    """It did not end in time."""


class ChildProcess:
    """A program that runs, and ends with the `with` block. May be used from any thread."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        settings: Mapping[str, str | None] | None = None,
        folder: Path | None = None,
        patience: float = 0.0,
    ) -> None:
        """Start it.

        Args:
            command: program and arguments, which other programs can read: no place for secrets.
            settings: of the environment, besides those of this process; None takes one away.
            folder: to work in; the one that this process works in if None.
            patience: seconds that it gets to end by itself before it is killed.

        Raises:
            OSError: it can't be started.
        """
        self._patience = patience
        self._ending = threading.Lock()
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        # A file takes whatever is written: nobody has to read along.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=folder,
                env=_environment(settings or {}),
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except BaseException:
            self._errors.close()
            raise
        self._reader = threading.Thread(target=self._hear, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._process.poll()

    def send(self, text: str) -> None:
        """Write to its standard input; if it has ended already, nothing happens."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(text)
            self._process.stdin.flush()

    def lines(self, should_stop: ShouldStop = never, seconds: float = math.inf) -> Iterator[str]:
        """What it writes to standard output, line by line until it ends; "" whenever none came.

        Raises:
            TookTooLong: it ran for `seconds` more.
            Cancelled: Stop was pressed.
        """
        until, over = time.monotonic() + seconds, False
        while True:
            check_stop(should_stop)
            if time.monotonic() > until:
                raise TookTooLong(f"it took longer than {seconds:.0f} seconds")
            over = over or self._is_over()
            try:
                line = self._heard.get(timeout=0 if over else PAUSE)
            except queue.Empty:
                if over:
                    return
                line = ""
            yield line

    def events(self, should_stop: ShouldStop = never, seconds: float = math.inf) -> Iterator[Event]:
        """The JSON objects among the lines that it writes.

        Raises:
            TookTooLong: it ran for `seconds` more.
            Cancelled: Stop was pressed.
        """
        for line in self.lines(should_stop, seconds):
            # What libraries print is no event, nor is a line that broke off with the process.
            with suppress(ValueError):
                if isinstance(event := json.loads(line), dict):
                    yield event

    def output(self, should_stop: ShouldStop = never, seconds: float = LONG) -> str:
        """All that it writes to standard output, once it has ended.

        Raises:
            ProcessFailed: it did not end well.
            TookTooLong: it did not end within `seconds`.
            Cancelled: Stop was pressed.
        """
        written = "".join(self.lines(should_stop, seconds))
        if self.status != 0:
            raise ProcessFailed(self.last_words())
        return written

    def errors(self) -> str:
        """The end of what it wrote to standard error, once it has ended."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(size - TAIL, 0))
        return self._errors.read().decode("utf-8", errors="replace").strip()

    def last_words(self) -> str:
        """The last line of `errors`, where exceptions end up."""
        lines = self.errors().splitlines() or [NO_WORDS]
        return lines[-1].strip()[:500]

    def end(self) -> None:
        """End it with all that it started; does no harm if it has ended."""
        with self._ending:
            if self.status is None:
                self._ask_to_end()
                self._kill()
            assert self._process.stdin is not None
            with suppress(OSError):  # what it never read
                self._process.stdin.close()
            self._reader.join(GRACE)
            self._errors.close()

    def _hear(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            for line in stream:
                self._heard.put(line)
        self._heard.put("")

    def _is_over(self) -> bool:
        """Whether it has ended; then all it wrote is among what was heard."""
        if self.status is None:
            return False
        self._reader.join(GRACE)
        return True

    def _ask_to_end(self) -> None:
        if not self._patience:
            return
        with suppress(OSError, subprocess.TimeoutExpired):
            if sys.platform != "win32":
                self._process.terminate()
            elif self._process.stdin is not None:
                # Windows has no such signal. Who has to put things away heeds this, too.
                self._process.stdin.close()
            self._process.wait(self._patience)

    def _kill(self) -> None:
        number = self._process.pid
        with suppress(OSError):  # none are left
            if sys.platform == "win32":
                command = ["taskkill", "/F", "/T", "/PID", str(number)]
                subprocess.run(command, capture_output=True, check=False)
            else:
                os.killpg(number, signal.SIGKILL)
        self._process.kill()
        self._process.wait()


def output_of(
    module: str,
    arguments: Sequence[str],
    *,
    settings: Mapping[str, str] | None = None,
    should_stop: ShouldStop = never,
) -> str:
    """What a module of this app writes to standard output.

    Args:
        module: its name, as after `python -m`.
        arguments: for it.
        settings: of the environment, besides the usual ones.
        should_stop: asked now and then; the process is ended then.

    Raises:
        ProcessFailed: it did not end well, or not in time.
        Cancelled: Stop was pressed.
    """
    with ChildProcess([*MODULE, module, *arguments], settings=settings) as process:
        return process.output(should_stop)


def _environment(settings: Mapping[str, str | None]) -> dict[str, str]:
    # sys.path as it is here, so that a checkout that isn't installed works the same.
    paths = os.pathsep.join(map(os.path.abspath, sys.path))
    wanted = {**os.environ, "PYTHONPATH": paths, **settings}
    return {name: value for name, value in wanted.items() if value is not None}


def _exit() -> None:
    os._exit(1)


def end_with_parent(end: Callable[[], object] = _exit) -> None:
    """In a child: call `end` once the process that started it is gone, however that went.

    Standard input closes then; what is to be read from there has to be read before.
    """
    threading.Thread(target=_wait_for_parent, args=(end,), daemon=True).start()


def _wait_for_parent(end: Callable[[], object]) -> None:
    # Not through `sys.stdin`: its lock would be held when Python ends.
    with suppress(OSError):
        while os.read(0, 1024):
            pass
    end()
