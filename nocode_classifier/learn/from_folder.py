"""Trains on a folder that has one sub-folder a class, for the command line and benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from nocode_classifier.collect.folders import read_class_folder
from nocode_classifier.collect.intake import Refusal
from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.learn.features import NoStore, TrainingPhoto
from nocode_classifier.learn.model_folder import CARD, FILES
from nocode_classifier.learn.settings import QUICK, Settings
from nocode_classifier.learn.train import TrainedModel, train
from nocode_classifier.placing import (
    check_replaceable,
    put_in_place,
    sweep,
    unfinished_folder,
)
from nocode_classifier.progress import Report, ShouldStop, ignore, never, part_of

READING = 0.15
"""Share of the whole work that reading the photos takes."""

LeftOut = Callable[[Sequence[Refusal]], None]


def unnoticed(_: Sequence[Refusal]) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class FolderTraining:
    """What became of a folder.

    Attributes:
        class_names: in the order of the model's outputs.
        notes: sentences about what was understood of the folder.
    """

    trained: TrainedModel
    class_names: tuple[str, ...]
    notes: tuple[str, ...]


def train_folder(
    folder: Path,
    target: Path,
    cache: Path,
    *,
    settings: Settings = QUICK,
    report: Report = ignore,
    should_stop: ShouldStop = never,
    left_out: LeftOut = unnoticed,
) -> FolderTraining:
    """Train on a folder of photos and put the model where it should go.

    A model that is there already answers until the new one is whole, and stays when anything goes
    wrong.

    Args:
        folder: has one sub-folder a class.
        target: the model folder to make or replace.
        cache: the user's cache folder, for the converted backbone.
        settings: how hard to try, and with which network.
        left_out: told which files can't be used and why, before anything is learnt, so also where
            the others are too few.

    Raises:
        InputError: there is no such folder, or something else is at `target`.
        NotReady: classes or photos are missing; the sentence says what to add.
        Unavailable: the model can't be written.
        Cancelled: Stop was pressed.
    """
    began = perf_counter()
    target = target.resolve()
    if not target.name:
        raise InputError(f"{target} can't be a model: name a new folder for it.")
    sweep(target.parent)
    # Made first: a place that can't be written to is better known before the work than after it.
    with in_words(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with in_words(target), unfinished_folder(target.parent) as unfinished:
        check_replaceable(target, FILES, landmark=CARD)
        content = read_class_folder(
            folder, report=part_of(report, 0.0, READING), should_stop=should_stop
        )
        left_out(content.refusals)
        if not content.photos:
            raise NotReady(
                f"No photos that can be used were found in {folder}. It needs one folder for each "
                "thing to tell apart, with photos in it."
            )
        trained = train(
            [
                TrainingPhoto(
                    photo.path, photo.name, photo.sha256, photo.class_name, photo.perceptual_hash
                )
                for photo in content.photos
            ],
            content.class_names,
            unfinished,
            cache=cache,
            store=NoStore(),
            settings=settings,
            name=target.name,
            report=part_of(report, READING, 1.0),
            should_stop=should_stop,
        )
        put_in_place(unfinished, target)
    seconds = {**trained.seconds, "total": perf_counter() - began}
    trained = replace(trained, folder=target, seconds=seconds)
    return FolderTraining(trained, content.class_names, content.notes)
