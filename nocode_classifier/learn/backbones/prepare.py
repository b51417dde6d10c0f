"""A backbone's ONNX graph: made once from its PyTorch weights, then cached.

Weights that don't come with the app are downloaded first. The conversion runs in a process of its
own, so torch and timm never enter the app: opening stays quick and the memory they take goes back.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Literal

from nocode_classifier.errors import Unavailable
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.download import download
from nocode_classifier.learn.backbones.sealing import is_sealed
from nocode_classifier.placing import sweep
from nocode_classifier.predict.photos import PIXELS_VERSION
from nocode_classifier.processes import MODULE, ChildProcess
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never, part_of

GRAPH_VERSION = 3
"""Grows whenever the graph in front of or behind a backbone changes: old features are void then."""

FILE_VERSION = 2
"""Grows whenever the file changes while the features it gives stay the same."""

EXPECTED_SECONDS = 20.0
STAGE = "Preparing the network (only this once)"
CONVERTER = "nocode_classifier.learn.torch_side.convert"

DOWNLOADING = 0.6
"""Share of the work that a download takes."""


def extractor_key(backbone: Backbone) -> str:
    """Names what made a feature: same key, same photo, same feature."""
    return f"{_graph_key(backbone)}-p{PIXELS_VERSION}"


def extractor_path(backbone: Backbone, cache: Path) -> Path:
    """Where the converted backbone lies, or will."""
    return cache / "backbones" / f"{_graph_key(backbone)}-f{FILE_VERSION}.onnx"


def _graph_key(backbone: Backbone) -> str:
    size = "" if backbone.size is None else f"-s{backbone.size}"
    return f"{backbone.key}-{backbone.weights.mark}{size}-g{GRAPH_VERSION}"


def is_prepared(backbone: Backbone, cache: Path) -> bool:
    """Whether the converted backbone is there, whole."""
    return is_sealed(extractor_path(backbone, cache))


def prepare(
    backbone: Backbone, cache: Path, *, report: Report = ignore, should_stop: ShouldStop = never
) -> Path:
    """The converted backbone, downloaded and made now if it isn't there, whole.

    Args:
        backbone: which network.
        cache: the user's cache folder.

    Returns:
        Path of the ONNX file.

    Raises:
        WeightsUnavailable: the weights are missing, not the expected ones, or could not be
            downloaded.
        Unavailable: converting failed.
        Cancelled: Stop was pressed.
    """
    target = extractor_path(backbone, cache)
    sweep(target.parent)
    if is_sealed(target):
        return target
    if backbone.is_bundled:
        backbone.weights_path()
        rest = report
    else:
        coming = part_of(report, 0.0, DOWNLOADING)
        download(backbone, cache, report=coming, should_stop=should_stop)
        rest = part_of(report, DOWNLOADING, 1.0)
    convert(backbone, target, cache, STAGE, report=rest, should_stop=should_stop)
    if not is_sealed(target):
        raise Unavailable("The network could not be prepared; start the app again.")
    return target


def convert(
    backbone: Backbone,
    target: Path,
    cache: Path,
    stage: str,
    *,
    weights: Literal["good", "random"] = "good",
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> None:
    """Convert a backbone in a process of its own, moving the bar by the clock: torch tells nothing.

    Args:
        backbone: which network.
        target: the ONNX file to make.
        cache: the user's cache folder.
        stage: what is being done, as people read it.
        weights: "random" where only its speed counts.

    Raises:
        Unavailable: it failed; the sentence has the last line it wrote.
        Cancelled: Stop was pressed.
    """
    typed = [backbone.key, str(backbone.input_size), str(target), str(cache), weights]
    began = time.monotonic()
    with ChildProcess([*MODULE, CONVERTER, *typed]) as process:
        for _ in process.lines(should_stop):
            passed = time.monotonic() - began
            fraction = min(passed / EXPECTED_SECONDS, 0.95)
            report(Progress(stage, 0, 0, fraction, max(EXPECTED_SECONDS - passed, 1.0)))
        if process.status != 0:
            raise Unavailable(f"The network could not be prepared: {process.last_words()}")
