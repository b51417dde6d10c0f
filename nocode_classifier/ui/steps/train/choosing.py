"""What the form shows that asks how to train: how long it takes, networks, variations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nocode_classifier.learn.settings import Mode, Settings
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.shell.status_bar import time_left
from nocode_classifier.ui.state import Services, open_project
from nocode_classifier.ui.steps.train.networks import networks_value
from nocode_classifier.ui.steps.train.proposing import proposed_for
from nocode_classifier.ui.steps.train.times import seconds_of
from nocode_classifier.ui.steps.train.words import duration
from nocode_classifier.ui.training import (
    MEASURE_KIND,
    PROPOSE_KIND,
    TRAIN_KIND,
    missing,
    running_job,
)

BUSY = "The project is busy. Wait until it is done, or press Stop at the top."


def chooser_value(services: Services, project: Project) -> dict[str, Any] | None:
    """All there is to choose; None while a training runs or photos are missing."""
    if missing(project) or running_job(services, project, TRAIN_KIND) is not None:
        return None
    settings, folder = choices.chosen(project), project.models.folder()
    proposed = proposed_for(project)
    return {
        "project_id": project.id,
        "again": folder is not None,
        "strong": folder is None or project.models.is_stale(),
        "busy": None if running_job(services, project) is None else BUSY,
        "choice": choices.choice_value(settings),
        "times": times_value(project, settings),
        "networks": networks_value(),
        "measuring": _work(services, project, MEASURE_KIND),
        "problem": _problem(services, project) or choices.gone(project),
        "proposed": choices.augmentation_value(proposed.augmentation),
        "proposal": proposed.sentence,
        "asked": proposed.found,
        "proposing": _work(services, project, PROPOSE_KIND),
        "photos": project.models.fingerprint()[:12],
    }


def keep_choice(services: Services, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what the form says, and tell how long it takes that way.

    Raises:
        InputError: something can't be as it is.
        NotFound: the project was deleted.
    """
    project = open_project(services, str(asked["project_id"]))
    settings = choices.settings_of(asked["choice"])
    choices.keep(project, settings)
    return {"times": times_value(project, settings)}


def times_value(project: Project, settings: Settings) -> dict[str, str]:
    """About how long it takes as it is chosen, and with fine-tuning."""
    tuned = settings if settings.finetunes else replace(settings, mode=Mode.THOROUGH)
    return {
        name: f"about {duration(seconds_of(project, each))}"
        for name, each in (("chosen", settings), ("finetuned", tuned))
    }


def _work(services: Services, project: Project, kind: str) -> dict[str, Any] | None:
    job = running_job(services, project, kind)
    if job is None:
        return None
    return {
        "key": job.about.key,
        "stage": "Stopping" if job.stopping else job.progress.stage,
        "fraction": round(job.progress.fraction, 3),
        "left": time_left(job.progress.seconds_left),
        "stopping": job.stopping,
    }


def _problem(services: Services, project: Project) -> str:
    """Why something that was begun here did not work; "" if it did."""
    job = services.jobs.current(project.id)
    if job is None or job.kind not in (MEASURE_KIND, PROPOSE_KIND) or job.error is None:
        return ""
    return job.message
