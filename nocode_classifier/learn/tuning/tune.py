"""Runs a fine-tuning in a process of its own: torch never enters the app, and Stop is at once."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from nocode_classifier.curves import Curves
from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.evaluation import Round
from nocode_classifier.learn.tuning.request import (
    EXTRACTOR,
    FloatArray,
    TuningRequest,
    features_file,
)
from nocode_classifier.progress import (
    Progress,
    Report,
    ShouldStop,
    check_stop,
    ignore,
    never,
)

log = logging.getLogger(__name__)

TUNER = "nocode_classifier.learn.torch_side.tune"
GO = b"go\n"
"""Told to the process once the request is in its folder."""

PAUSE = 0.1
"""Seconds between looks at whether Stop was pressed."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What a fine-tuning made.

    Attributes:
        extractor: the tuned network's graph, from a photo to features.
        features: what the tuned network makes of all photos, float32 [n, d].
        rounds: what networks made of the photos that had not seen those held out.
        curves: how it went; of several rounds the mean.
        rate: the highest learning rate, as found or given.
    """

    extractor: Path
    features: FloatArray
    rounds: tuple[Round, ...]
    curves: Curves

    @property
    def rate(self) -> float:
        """The highest learning rate, as found or given."""
        return self.curves.rate


class Tuner:
    """The process; it loads its libraries, which takes seconds, until it is told what to do."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], messages: IO[bytes]) -> None:
        self._folder, self._process, self._messages = folder, process, messages

    def tune(
        self, request: TuningRequest, *, report: Report = ignore, should_stop: ShouldStop = never
    ) -> Tuned:
        """Fine-tune, once.

        Raises:
            Unavailable: the process ended before it was done, or the disk is full.
            Cancelled: Stop was pressed.
        """
        with in_words(self._folder):
            request.write(self._folder)
        curves = self._run(report, should_stop)
        features = [
            np.load(features_file(self._folder, number), allow_pickle=False)
            for number in range(len(request.rounds))
        ]
        pairs = zip(features, request.rounds, strict=True)
        rounds = tuple(Round(found, held_out) for found, held_out in pairs if held_out.any())
        return Tuned(self._folder / EXTRACTOR, features[-1], rounds, curves)

    def _run(self, report: Report, should_stop: ShouldStop) -> Curves:
        """Run the process to its end; the curves it told last."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # it ended already; why is seen below
            self._process.stdin.write(GO)
            self._process.stdin.flush()
        lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=_read, args=(self._process.stdout, lines), daemon=True).start()
        curves: Curves | None = None
        while True:
            check_stop(should_stop)
            try:
                line = lines.get(timeout=PAUSE)
            except queue.Empty:
                continue
            if line is None:
                break
            progress = _progress(json.loads(line))
            curves = progress.curves or curves
            report(progress)
        if self._process.wait() != 0 or curves is None:
            raise Unavailable(_reason(self._messages))
        return curves


@contextmanager
def start_tuner() -> Iterator[Tuner]:
    """A process that is getting ready to fine-tune; it and all it made are gone after the block."""
    with (
        tempfile.TemporaryDirectory(prefix="tuning-", ignore_cleanup_errors=True) as name,
        tempfile.TemporaryFile() as messages,
        _process(Path(name), messages) as process,
    ):
        yield Tuner(Path(name), process, messages)


@contextmanager
def _process(folder: Path, messages: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which is gone afterwards with all that it started."""
    # sys.path as it is here, so that a checkout that isn't installed works the same.
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path if path)  # noqa: PTH100
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-W", "ignore", "-m", TUNER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=messages,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what it never read
                    pipe.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()
    process.wait()


def _read(stream: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:  # closed because of Stop
        pass
    finally:
        lines.put(None)


def _progress(told: dict[str, Any]) -> Progress:
    curves = told.pop("curves")
    return Progress(**told, curves=None if curves is None else Curves.from_json(curves))


def _reason(messages: IO[bytes]) -> str:
    """Why it ended, in words where it said so itself."""
    messages.seek(0)
    said = messages.read().decode("utf-8", errors="replace").strip()
    log.warning("training a network failed: %s", said)
    lines = said.splitlines()
    last = lines[-1] if lines else "it ended without a word; perhaps there was too little memory"
    return f"The network could not be trained: {last}"
