"""What would help, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nocode_classifier.check import diagnosis
from nocode_classifier.check.diagnosis import Remedy, diagnose
from nocode_classifier.errors import InputError
from nocode_classifier.learn.figures import figures_of
from nocode_classifier.learn.settings import Settings
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import COLLECT, REVIEW, Services
from nocode_classifier.ui.steps.train import choices
from nocode_classifier.ui.steps.train.facts import Advice
from nocode_classifier.ui.steps.train.history import current_run
from nocode_classifier.ui.steps.train.running import start_training


def advice_for(findings: tuple[diagnosis.Advice, ...]) -> tuple[Advice, ...]:
    """Findings as the page shows them."""
    return tuple(
        Advice(one.sentence, one.kind.value, one.label, adds=one.press is Remedy.COLLECT)
        for one in findings
    )


def findings_about(
    project: Project, card: Mapping[str, Any] | None
) -> tuple[diagnosis.Advice, ...]:
    """What is to be said about the model in use; nothing if it is out of date.

    Args:
        project: whose model.
        card: of that model.
    """
    run = current_run(project)
    if card is None or run is None or project.models.is_stale():
        return ()
    counts = {str(one["name"]): int(one["photos"]) for one in card["classes"]}
    return diagnose(run.curves, counts, project.models.held_out(), figures_of(card))


def follow(services: Services, project: Project, kind: str) -> int | None:
    """Do what a piece of advice says; the step to go to then, or None to stay.

    Args:
        services: the real parts.
        project: whose model it is about.
        kind: of the finding; nothing is done if it does not hold any more.

    Raises:
        NotReady, Busy: as `start_training`.
    """
    from nocode_classifier.predict.predictor import read_card

    with project.snapshot():
        folder = project.models.folder()
        card = None if folder is None else read_card(folder)
        findings = findings_about(project, card)
    for finding in findings:
        if finding.kind.value == kind:
            return _do(services, project, finding)
    return None


def _do(services: Services, project: Project, finding: diagnosis.Advice) -> int | None:
    if finding.press is Remedy.COLLECT:
        return COLLECT
    if finding.press is Remedy.REVIEW:
        return REVIEW
    settings = changed(_settings_of_model(project), finding.change)
    # Also what the form says from now on, so that nothing happens behind anyone's back.
    choices.keep(project, settings)
    start_training(services, project, settings)
    return None


def changed(settings: Settings, change: Mapping[str, Any]) -> Settings:
    """Settings with some of them different."""
    return Settings.from_json({**settings.to_json(), **change})


def _settings_of_model(project: Project) -> Settings:
    """How the model in use was trained, as far as that is known."""
    run = current_run(project)
    try:
        return Settings.from_json(dict(run.settings)) if run is not None else Settings()
    except (KeyError, TypeError, ValueError, InputError):
        return choices.chosen(project)
