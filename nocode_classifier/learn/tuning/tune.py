"""Runs a fine-tuning in a process of its own: torch never enters the app, and Stop is at once."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nocode_classifier.curves import Curves
from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.heads.evaluation import Round
from nocode_classifier.learn.tuning.request import (
    EXTRACTOR,
    FloatArray,
    TuningRequest,
    features_file,
)
from nocode_classifier.processes import MODULE, ChildProcess, Event
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never

log = logging.getLogger(__name__)

TUNER = "nocode_classifier.learn.torch_side.tune"
GO = "go\n"
"""Told to the process once the request is in its folder."""


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

    def __init__(self, folder: Path, process: ChildProcess) -> None:
        self._folder, self._process = folder, process

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
        self._process.send(GO)
        curves: Curves | None = None
        for event in self._process.events(should_stop):
            progress = _progress(event)
            curves = progress.curves or curves
            report(progress)
        if self._process.status != 0 or curves is None:
            log.warning("training a network failed: %s", self._process.errors())
            raise Unavailable(f"The network could not be trained: {self._process.last_words()}")
        return curves


@contextmanager
def start_tuner() -> Iterator[Tuner]:
    """A process that is getting ready to fine-tune; it and all it made are gone after the block."""
    with (
        tempfile.TemporaryDirectory(prefix="tuning-", ignore_cleanup_errors=True) as name,
        ChildProcess([*MODULE, TUNER, name]) as process,
    ):
        yield Tuner(Path(name), process)


def _progress(event: Event) -> Progress:
    curves = event.pop("curves")
    return Progress(**event, curves=None if curves is None else Curves.from_json(curves))
