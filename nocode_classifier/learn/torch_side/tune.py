"""The process that fine-tunes: `python -m nocode_classifier.learn.torch_side.tune FOLDER`.

It loads its libraries, which takes seconds, and waits for a line on standard input: then the
request is in the folder. It tells how far it is in lines of JSON on standard output, leaves its
results in the folder, and ends when standard input does, which is when whoever started it is gone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

import numpy as np
import torch

from nocode_classifier.curves import Curves
from nocode_classifier.errors import AppError
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import backbone_named
from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.settings import Mode
from nocode_classifier.learn.torch_side.convert import write_extractor
from nocode_classifier.learn.torch_side.families import load_staged
from nocode_classifier.learn.torch_side.stages import StagedNetwork
from nocode_classifier.learn.torch_side.thorough import tune_thorough
from nocode_classifier.learn.torch_side.whole import fine_tune_whole
from nocode_classifier.learn.tuning.request import EXTRACTOR, TuningRequest, features_file
from nocode_classifier.processes import end_with_parent
from nocode_classifier.progress import Progress, Report, part_of

EVERY = 0.2
"""Seconds between two tellings, unless an epoch ended."""


class ProgressWriter:
    """Writes progress as lines of JSON, not more often than anyone can see."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = 0.0
        self._epochs = 0

    def report(self, progress: Progress) -> None:
        """Tell, if it is time or there is something new to see."""
        epochs = 0 if progress.curves is None else len(progress.curves.epochs)
        if epochs == self._epochs and time.monotonic() - self._last < EVERY:
            return
        self._last, self._epochs = time.monotonic(), epochs
        self.tell(progress)

    def tell(self, progress: Progress) -> None:
        """Tell at once."""
        told = {name: getattr(progress, name) for name in Progress.__slots__}
        told["curves"] = None if progress.curves is None else progress.curves.to_json()
        self._out.write(json.dumps(told) + "\n")
        self._out.flush()


def main(folder: Path) -> None:
    """Do what the request in the folder asks for."""
    out = sys.stdout
    sys.stdout = sys.stderr  # libraries talk; only progress belongs there
    if not sys.stdin.readline():
        return
    end_with_parent()
    teller = ProgressWriter(out)
    teller.tell(Progress("Getting ready to train the network"))
    request = TuningRequest.read(folder)
    try:
        curves = _tune(request, folder, teller.report)
    except AppError as error:
        sys.exit(str(error))
    teller.tell(Progress("Trained the network", fraction=1.0, curves=curves))


def _tune(request: TuningRequest, folder: Path, report: Report) -> Curves:
    settings = request.settings
    backbone = backbone_named(settings.backbone).at(settings.size)
    network = load_staged(backbone, request.cache)
    torch.set_flush_denormal(True)
    if settings.mode is Mode.THOROUGH:
        return tune_thorough(request, network, backbone, folder, report)
    return _tune_whole(request, network, backbone, folder, report)


def _tune_whole(
    request: TuningRequest, network: StagedNetwork, backbone: Backbone, folder: Path, report: Report
) -> Curves:
    """Tune all of a network; its features then come from the graph that will answer."""
    tuned, curves = fine_tune_whole(
        network,
        backbone,
        request.photos,
        request.labels,
        request.rounds[0],
        classes=request.classes,
        settings=request.settings,
        work=folder,
        features=request.features,
        report=part_of(report, 0.0, 0.95),
    )
    report(Progress("Looking at your photos", fraction=0.95, curves=curves))
    write_extractor(tuned, backbone, folder / EXTRACTOR)
    extractor = Extractor(folder / EXTRACTOR, "")
    with ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="look") as pool:
        features = list(
            pool.map(lambda path: extractor.look_at(extractor.read(path)), request.photos)
        )
    np.save(features_file(folder, 0), np.stack(features))
    return curves


if __name__ == "__main__":
    main(Path(sys.argv[1]))
