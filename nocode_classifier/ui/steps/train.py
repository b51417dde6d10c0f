"""Train: one click, then how good it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr

from nocode_classifier import paths
from nocode_classifier.errors import NotReady
from nocode_classifier.jobs import Job
from nocode_classifier.learn.enough import check_enough
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project
from nocode_classifier.ui.components.actions import action_html, action_of
from nocode_classifier.ui.components.scripts import text_of
from nocode_classifier.ui.components.train_page import TrainPage, train_html
from nocode_classifier.ui.errors import safely, when_shown
from nocode_classifier.ui.state import (
    COLLECT,
    NAME,
    TRAIN,
    TRY,
    Services,
    Shared,
    Step,
    open_project,
)
from nocode_classifier.ui.work import start_work

if TYPE_CHECKING:
    from nocode_classifier.learn.train import TrainedModel

STEP = Step(TRAIN, "Train")

KIND = "train"
LOOK_SECONDS = 0.4
"""How often the page looks how far a running training is."""

NEXT = {"name": NAME, "collect": COLLECT, "try": TRY}


def build(services: Services, shared: Shared) -> None:
    """Lay out the page and bind its events."""
    page = action_html(elem_classes="step-page", css_template=text_of("train.css"))
    # Ticks only while a training runs.
    watch = gr.Timer(LOOK_SECONDS, active=False)
    when_shown(services, shared, STEP, refresh, [page, watch])
    watch.tick(
        safely(services, refresh),
        inputs=[shared.project_id],
        outputs=[page, watch],
        show_progress="hidden",
        api_visibility="private",
    )
    page.action(
        safely(services, act),
        inputs=[shared.project_id],
        outputs=[shared.revision, shared.step, shared.walkthrough, page, watch],
        show_progress="hidden",
        api_visibility="private",
    )


# Handlers


def refresh(services: Services, project_id: str | None) -> tuple[str, gr.Timer]:
    """The page as it is now, and whether to keep looking."""
    if project_id is None:
        return "", gr.Timer(active=False)
    project = open_project(services, project_id)
    job = _training(services, project)
    return train_html(page_of(project, job)), gr.Timer(active=job is not None)


def act(services: Services, project_id: str | None, event: gr.EventData) -> tuple[Any, ...]:
    """Do what was pressed."""
    return press(services, project_id, action_of(event)["action"])


def press(services: Services, project_id: str | None, action: str) -> tuple[Any, ...]:
    """Train, stop, or go to another step.

    Returns:
        Revision, step, walkthrough, the page's HTML and its timer.
    """
    project = open_project(services, project_id)
    go: tuple[Any, Any] = (gr.skip(), gr.skip())
    if action == "train":
        start_training(services, project)
    elif action == "stop" and (job := _training(services, project)) is not None:
        job.stop()
    elif action in NEXT:
        go = NEXT[action], gr.Walkthrough(selected=NEXT[action])
    return project.revision(), *go, *refresh(services, project_id)


# What they use


def start_training(services: Services, project: Project) -> Job[TrainedModel]:
    """Train in the background; refuses at once when photos are missing.

    Raises:
        NotReady: with a sentence that says what to add.
        Busy: the project has a job that still runs.
    """
    if sentence := missing(project):
        raise NotReady(sentence)
    return start_work(services, project, KIND, _work(project), sentence=_sentence)


def missing(project: Project) -> str:
    """What has to be added before training, as a sentence; empty when nothing has."""
    counts = project.counts()
    names = [label.name for label in project.classes()]
    try:
        check_enough(names, {label.name: counts[label.id] for label in project.classes()})
    except NotReady as error:
        return str(error)
    return ""


def page_of(project: Project, job: Job[Any] | None) -> TrainPage:
    """What there is to see of a project, with its training if one runs."""
    from nocode_classifier.predict.predictor import read_card

    folder = project.model_folder()
    wrong = [answer for answer in project.held_out() if answer.predicted != answer.true]
    return TrainPage(
        project_id=project.id,
        classes=tuple(project.classes()),
        counts=project.counts(),
        missing=missing(project),
        running=job.progress if job is not None else None,
        stopping=job is not None and job.stopping,
        card=read_card(folder) if folder is not None else None,
        stale=folder is not None and project.model_is_stale(),
        mistakes=tuple(sorted(wrong, key=lambda answer: -answer.probability)),
    )


def _training(services: Services, project: Project) -> Job[Any] | None:
    job = services.jobs.current(project.id)
    return job if job is not None and job.running and job.kind == KIND else None


def _work(project: Project) -> Callable[[Report, ShouldStop], TrainedModel]:
    def work(report: Report, should_stop: ShouldStop) -> TrainedModel:
        # Heavy: imported in the job's own thread, so that the page never waits for it.
        from nocode_classifier.learn.from_project import train_project

        return train_project(project, paths.cache(), report=report, should_stop=should_stop)

    return work


def _sentence(trained: TrainedModel) -> str:
    return trained.sentence
