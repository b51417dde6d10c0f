"""What there is to see of a project's training."""

from __future__ import annotations

from collections import Counter
from typing import Any

from nocode_classifier.jobs import Job
from nocode_classifier.project.project import Project
from nocode_classifier.ui.steps.train.advice import advice_for, findings_about
from nocode_classifier.ui.steps.train.facts import TrainPage
from nocode_classifier.ui.steps.train.history import current_run
from nocode_classifier.ui.steps.train.running import missing


def page_of(project: Project, job: Job[Any] | None) -> TrainPage:
    """What there is to see of a project.

    Args:
        project: which.
        job: its training, if one runs.
    """
    from nocode_classifier.predict.predictor import read_card

    if job is not None:
        return TrainPage(
            project.id,
            tuple(project.classes()),
            Counter(),
            running=job.progress,
            stopping=job.stopping,
        )
    folder, run = project.models.folder(), current_run(project)
    card = None if folder is None else read_card(folder)
    wrong = [answer for answer in project.models.held_out() if answer.predicted != answer.true]
    return TrainPage(
        project_id=project.id,
        classes=tuple(project.classes()),
        counts=project.counts(),
        missing=missing(project),
        card=card,
        stale=project.models.is_stale(),
        mistakes=tuple(sorted(wrong, key=lambda answer: -answer.probability)),
        notes=() if card is None else tuple(card.get("notes", ())),
        advice=advice_for(findings_about(project, card)),
        curves=None if run is None else run.curves,
    )
