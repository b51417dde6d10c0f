"""Fits a project's quick model anew after its photos were sorted differently, unasked."""

from __future__ import annotations

import logging
from pathlib import Path

from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.learn.backbones.prepare import extractor_key, is_prepared
from nocode_classifier.learn.backbones.registry import backbones_of, name_of
from nocode_classifier.learn.enough import check_enough
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.learn.settings import Mode, Settings
from nocode_classifier.learn.train import TrainedModel
from nocode_classifier.predict.predictor import ModelError, read_card
from nocode_classifier.progress import Report, ShouldStop, ignore, never
from nocode_classifier.project.project import Project

log = logging.getLogger(__name__)

MOST_UNSEEN = 50
"""Photos not looked at yet that a fit nobody asked for may look at: under a second or two."""


def refit(
    project: Project, cache: Path, *, report: Report = ignore, should_stop: ShouldStop = never
) -> TrainedModel | None:
    """Train anew as the model in use was trained, if that is a matter of a moment.

    Returns:
        None, and nothing was done, if the model in use is up to date, there is none, it is of a
        tuned network, or most photos would have to be looked at first.

    Raises:
        AppError, Cancelled: as `train_project`.
    """
    with project.snapshot():
        settings = settings_to_refit(project, cache)
    if settings is None:
        return None
    log.info("fitting the model of project %s anew", project.id)
    return train_project(
        project, cache, settings=settings, automatic=True, report=report, should_stop=should_stop
    )


def settings_to_refit(project: Project, cache: Path) -> Settings | None:
    """How `refit` would train; None if it would not."""
    folder = project.models.folder()
    if folder is None or not project.models.is_stale():
        return None
    try:
        card = read_card(folder)
        backbones = backbones_of(card)
        photos = project.counts()
        counts = {label.name: photos[label.id] for label in project.classes()}
        check_enough(list(counts), counts)
    except (ModelError, InputError, NotReady, KeyError, TypeError, ValueError):
        return None
    quick = card.get("mode", Mode.QUICK) == Mode.QUICK
    keys = [extractor_key(backbone) for backbone in backbones]
    unseen = sum(counts.values()) - min(project.count_features(key) for key in keys)
    ready = all(is_prepared(each, cache) for each in backbones) and unseen <= MOST_UNSEEN
    size = backbones[0].size if len(backbones) == 1 else None
    return Settings(Mode.QUICK, name_of(backbones), size) if quick and ready else None
