"""The files for each way to publish, made and proven by the exporters."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.exporter import Exporter, Subject
from nocode_classifier.share.exporters.page import StaticPageFolder
from nocode_classifier.share.exporters.space import ON_ZERO_GPU, GradioSpace
from nocode_classifier.share.exporting import export
from nocode_classifier.share.hub.kinds import STATIC, ZERO_GPU, SpaceKind
from nocode_classifier.share.hub.plan import MakeFolder
from nocode_classifier.share.hub.readme import APP_FILES
from nocode_classifier.share.packing import write_text
from nocode_classifier.share.static.graph import Weights


def exporter_for(kind: SpaceKind, weights: Weights = "full") -> Exporter:
    """Which export is published in this way.

    Args:
        kind: how it is to run.
        weights: of a page that runs by itself: "full", "half" or "light".
    """
    return StaticPageFolder(weights) if kind is STATIC else GradioSpace()


def maker(subject: Subject, kind: SpaceKind, weights: Weights = "full") -> MakeFolder:
    """What makes the files of a Space; if they don't answer as the app does, it raises `NotProven`.

    On ZeroGPU runs what was proven, but for a few lines that only work there.

    Args:
        subject: the classifier.
        kind: how it is to run.
        weights: as in `exporter_for`.
    """
    exporter = exporter_for(kind, weights)

    def make(folder: Path, report: Report, should_stop: ShouldStop) -> object:
        made = export(exporter, subject, folder, report=report, should_stop=should_stop)
        if kind is ZERO_GPU:
            write_text(folder / APP_FILES[kind.sdk], ON_ZERO_GPU)
        return made

    return make
