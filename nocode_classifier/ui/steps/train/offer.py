"""One stronger network to download, offered in a sentence; nothing is fetched unless it is agreed.

How far the download is, its Stop and how it ended are in the strip at the top, as of all slow work.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from nocode_classifier import paths
from nocode_classifier.gradio_private import data_of
from nocode_classifier.learn.backbones.availability import stronger_network
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.registry import backbone_named
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.kit.part import part
from nocode_classifier.ui.state import Services, Shared, Step, new_mark, open_project
from nocode_classifier.ui.training import TRAIN_KIND, missing, running_job
from nocode_classifier.ui.work import start_work

DOWNLOAD_KIND = "download a network"


def network_offer(services: Services, shared: Shared, step: Step) -> None:
    """Lay it out and bind its events."""
    offer = part(
        "steps/train/offer.js",
        events=("download",),
        styles=("kit/parts.css", "kit/panel.css", "steps/train/offer.css"),
    )
    when_shown(services, shared, step, offer_value, [offer], shows_work=True)
    offer.download(
        safely(services, agree),
        [shared.project_id],
        [shared.revision, shared.work[step.id]],
        show_progress="hidden",
        api_visibility="private",
    )


# Handlers


def offer_value(services: Services, project_id: str | None) -> dict[str, Any] | None:
    """What is offered; None if nothing is, while a training runs, and before there can be one."""
    if project_id is None:
        return None
    project = open_project(services, project_id)
    backbone = stronger_network(paths.cache())
    if backbone is None or missing(project) or running_job(services, project, TRAIN_KIND):
        return None
    return {
        "key": backbone.key,
        "sentence": (
            f"A stronger network is available: {backbone.label}, {backbone.megabytes:.0f} MB to "
            "download, once. Without it, training goes on with the networks that are here."
        ),
        "busy": running_job(services, project) is not None,
    }


def agree(services: Services, project_id: str | None, event: gr.EventData) -> tuple[int, str]:
    """Start to download what was offered; returns the revision and a mark of work."""
    project = open_project(services, project_id)
    start_download(services, project, backbone_named(str(data_of(event)["key"])))
    return project.revision(), new_mark()


# What they use


def start_download(services: Services, project: Project, backbone: Backbone) -> None:
    """Start to download a network's weights; once they are here, the project starts from them.

    Raises:
        Busy: the project has a job that still runs.
    """

    def work(report: Report, should_stop: ShouldStop) -> Path:
        from nocode_classifier.learn.backbones.download import download

        path = download(backbone, paths.cache(), report=report, should_stop=should_stop)
        change = {"backbone": backbone.key, "size": None}
        choices.keep(project, choices.changed(choices.chosen(project), change))
        return path

    start_work(services, project, DOWNLOAD_KIND, work, sentence=partial(_sentence, backbone))


def _sentence(backbone: Backbone, _: Path) -> str:
    return f"{backbone.label} is here now, and chosen for the next training."
