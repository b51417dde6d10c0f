"""Trains a project: its photos in, its next model adopted when, and only when, it is whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nocode_classifier.learn.features import TrainingPhoto
from nocode_classifier.learn.recording import Recording
from nocode_classifier.learn.settings import QUICK, Settings
from nocode_classifier.learn.train import TrainedModel, train
from nocode_classifier.progress import Report, ShouldStop, ignore, never
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer, TrainingSet


def train_project(
    project: Project,
    cache: Path,
    *,
    settings: Settings = QUICK,
    automatic: bool = False,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> TrainedModel:
    """Train a project on its kept photos; the previous model answers until the new one is whole.

    However it ends, it goes into the project's history.

    Args:
        project: also keeps the features, so the next training looks at new photos only.
        cache: the user's cache folder.
        settings: how.
        automatic: nobody asked for it; then it takes the place of the last such training, and
            leaves no trace unless it succeeds.

    Raises:
        NotReady: classes or photos are missing; the sentence says what to add.
        InputError: a photo can't be read any more.
        Cancelled: Stop was pressed; the previous model stays.
    """
    with project.snapshot():
        # A change made while training runs must leave the model marked as out of date.
        fingerprint, learnt, name = (
            project.models.fingerprint(),
            project.training_set(),
            project.name,
        )
    recording = Recording(project, settings, report, automatic=automatic)
    with project.models.new_folder() as unfinished, recording.of_what_fails():
        trained = train(
            photos_of(project, learnt),
            [label.name for label in learnt.classes],
            unfinished,
            cache=cache,
            store=project,
            settings=settings,
            name=name,
            report=recording.report,
            should_stop=should_stop,
        )
        folder = project.models.adopt(
            unfinished,
            _held_out(trained),
            revision_hash=fingerprint,
            run=recording.ended(trained),
        )
    return replace(trained, folder=folder)


def photos_of(project: Project, learnt: TrainingSet) -> list[TrainingPhoto]:
    """The photos of a project's training set, with where they are."""
    return [
        TrainingPhoto(
            project.path_of(photo),
            photo.name,
            photo.sha256,
            class_name,
            photo.perceptual_hash,
            photo.burst,
        )
        for photo, class_name in learnt.photos
    ]


def _held_out(trained: TrainedModel) -> list[HeldOutAnswer]:
    return [
        HeldOutAnswer(
            answer.photo.sha256,
            answer.photo.class_name,
            answer.predicted,
            answer.probability,
            answer.probabilities.astype("<f4").tobytes(),
            answer.familiarity,
            answer.scene,
        )
        for answer in trained.held_out
    ]
