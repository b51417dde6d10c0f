"""Starting a training, looking how far it is, and what is missing before one can start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nocode_classifier import paths
from nocode_classifier.errors import NotReady
from nocode_classifier.jobs import Job
from nocode_classifier.learn.enough import check_enough
from nocode_classifier.learn.settings import Settings
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.runs import Run
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.work import start_work

if TYPE_CHECKING:
    from nocode_classifier.learn.train import TrainedModel

TRAIN_KIND, MEASURE_KIND, PROPOSE_KIND = "train", "measure a network", "look at variations"


def start_training(services: Services, project: Project, settings: Settings) -> Job[TrainedModel]:
    """Train in the background; refuses at once when photos are missing.

    Raises:
        NotReady: with a sentence that says what to add.
        Busy: the project has a job that still runs.
    """
    if sentence := missing(project):
        raise NotReady(sentence)
    return start_work(services, project, TRAIN_KIND, _work(project, settings), sentence=_sentence)


def missing(project: Project) -> str:
    """What has to be added before training, as a sentence; empty when nothing has."""
    photos = project.counts()
    counts = {label.name: photos[label.id] for label in project.classes()}
    try:
        check_enough(list(counts), counts)
    except NotReady as error:
        return str(error)
    return ""


def running_job(services: Services, project: Project, *kinds: str) -> Job[Any] | None:
    """The project's job, if it runs and is of one of these kinds; of any kind if none is given."""
    job = services.jobs.current(project.id)
    if job is None or not job.running or (kinds and job.kind not in kinds):
        return None
    return job


def current_run(project: Project) -> Run | None:
    """The training that made the model in use."""
    return next((run for run in project.models.runs() if run.current), None)


def _work(project: Project, settings: Settings) -> Callable[[Report, ShouldStop], TrainedModel]:
    def work(report: Report, should_stop: ShouldStop) -> TrainedModel:
        # Heavy: imported in the job's own thread, so that the page never waits for it.
        from nocode_classifier.learn.from_project import train_project

        return train_project(
            project, paths.cache(), settings=settings, report=report, should_stop=should_stop
        )

    return work


def _sentence(trained: TrainedModel) -> str:
    return trained.sentence
