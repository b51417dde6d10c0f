"""What would help a project's model."""

from __future__ import annotations

from nocode_classifier.check.advice import advise
from nocode_classifier.check.diagnosis import Advice, Remedy
from nocode_classifier.check.findings import stored_findings
from nocode_classifier.check.model_check import ModelCheck
from nocode_classifier.project.project import Project
from nocode_classifier.ui.training import current_run


def advice_about(project: Project, check: ModelCheck) -> tuple[Advice, ...]:
    """Advice about the model in use, what helps most first; none while it is out of date.

    Args:
        project: whose model.
        check: what is known of it.
    """
    if check.stale:
        return ()
    run, photos = current_run(project), project.counts()
    counts = {label.name: photos[label.id] for label in project.classes()}
    return advise(check, stored_findings(project), counts, None if run is None else run.curves)


def adds_photos(advice: tuple[Advice, ...]) -> bool:
    """Whether adding photos comes before anything else."""
    return bool(advice) and advice[0].press is Remedy.COLLECT
