"""How fast a network is on this computer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nocode_classifier import paths
from nocode_classifier.jobs import About
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.training import MEASURE_KIND
from nocode_classifier.ui.work import start_work

if TYPE_CHECKING:
    from nocode_classifier.learn.backbones.speed import Speed
    from nocode_classifier.progress import Report, ShouldStop


def start_measuring(services: Services, project: Project, backbone: Backbone) -> None:
    """Start to measure a network.

    Raises:
        Busy: the project has a job that still runs.
    """

    def work(report: Report, should_stop: ShouldStop) -> Speed:
        # Heavy: imported in the job's own thread.
        from nocode_classifier.learn.backbones.speed import measure

        return measure(backbone, paths.cache(), report=report, should_stop=should_stop)

    sentence = partial(_sentence, backbone)
    about = About(backbone.key)
    start_work(services, project, MEASURE_KIND, work, sentence=sentence, about=about)


def _sentence(backbone: Backbone, speed: Speed) -> str:
    return f"{backbone.label} takes {speed.milliseconds:.0f} ms a photo on this computer."
