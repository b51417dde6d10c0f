"""`nocode-classifier check`: can a classifier be trusted, what does it get wrong, what to do."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import numpy as np

from nocode_classifier import paths
from nocode_classifier.check.advice import advise
from nocode_classifier.check.checked import CheckedModel, checked_project, suspects_of
from nocode_classifier.check.finding import find
from nocode_classifier.check.findings import is_current
from nocode_classifier.check.model_check import check_of
from nocode_classifier.check.report import report_page
from nocode_classifier.cli.check_lines import Found, check_data, check_lines
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.labelled_photos import (
    LabelledAnswer,
    ask_about_folder,
    figures_of_answers,
)
from nocode_classifier.cli.models import find_named, open_model
from nocode_classifier.cli.parsing import add_home, add_json
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import AppError, InputError, NotFound, NotReady
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.learn.sure import SureLine
from nocode_classifier.paths import kind_of, typed
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import check_stop, part_of
from nocode_classifier.project.library import Library
from nocode_classifier.project.names import file_name
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer
from nocode_classifier.project.store.thumbnails import make_thumbnail

DESCRIPTION = """\
Find out whether a classifier can be trusted, what it gets wrong, and what to do next.

  PROJECT        the model of a project of the app, by the photos it learned from
  FOLDER         photos with one sub-folder for each class: what a model of them would be worth,
                 without keeping one
  MODEL PHOTOS   a model folder (or a project), asked about photos that you sorted yourself and
                 that it has not seen; one sub-folder for each class

Every photo is answered by a model that has not seen it. You get the figures, class by class and
with their intervals; the classes that are confused most; the wrong answers, those furthest off
first; photos that are probably in the wrong class, nearly the same as others, unlike the rest of
their class, blurry or dark; and advice, what would gain most first. Nothing is changed."""

EPILOG = """\
examples:
  nocode-classifier check "Our birds"
  nocode-classifier check photos --report report.html
  nocode-classifier check my-model other-photos --json

--json prints: photos, classes, accuracy, accuracy_low, accuracy_high, balanced_accuracy, weakest,
by_class {class {photos, correct, accuracy, accuracy_low, accuracy_high, precision, recall}},
reason (why a figure is null), confusion {true {predicted: n}}, most_confused [{class, answered,
count, photos}], wrong [{photo, class, answered, probability}], suspicious [{photo, kind, twin}],
advice [{sentence, gain}] (gain: expected, as a share of all answers), sure {probability,
familiarity, share, accuracy, photos, answered, right}; and with --report also report"""

ADDED, TRAINED = 0.3, 0.7
"""Shares of the whole work until the photos of a folder are read, and learned from."""

METHOD = "asking it about labelled photos, none of which it may have learned from"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    command.add_argument(
        "subject",
        metavar="PROJECT|FOLDER|MODEL",
        help="a project of the app, a folder with one sub-folder for each class, or a model folder",
    )
    command.add_argument(
        "photos",
        metavar="PHOTOS",
        nargs="?",
        help="photos to ask the model about: a folder with one sub-folder for each class",
    )
    command.add_argument(
        "--report",
        metavar="FILE",
        help="also write a report of one page (.html), to keep or to print",
    )
    add_home(command)
    add_json(command)


def run(args: argparse.Namespace, console: Console) -> int:
    """Check what `args` names."""
    report = None if args.report is None else _free_place(Path(args.report))
    with _found(args, console) as found:
        data, lines = check_data(found), check_lines(found)
        if report is not None:
            with in_words(report):
                report.write_text(report_page(found.checked), encoding="utf-8", newline="\n")
            data["report"] = str(report.resolve())
            lines = [*lines, "", f"The report is in {report}"]
    console.end(data, lines)
    return 0


def _free_place(file: Path) -> Path:
    """Where the report goes, which is better known before the work than after it."""
    if file.is_dir():
        raise InputError(f"{file} is a folder: name a file for the report.")
    if not file.resolve().parent.is_dir():
        raise InputError(f"There is no folder {file.parent}: choose another place.")
    return file


@contextmanager
def _found(args: argparse.Namespace, console: Console) -> Iterator[Found]:
    """What was found out about what was named; its pictures are there until the block ends."""
    try:
        named = find_named(args.subject)
    except NotFound:
        if kind_of(typed(args.subject)) != "folder":
            raise
        if args.photos is not None:
            raise InputError(
                f"There is no model in {args.subject}: name a model folder or a project, then the "
                "photos to ask it about."
            ) from None
        with _trained_on(typed(args.subject), console) as project:
            yield _of_project(project, console, typed(args.subject))
        return
    if args.photos is not None:
        yield _of_photos(open_model(args.subject), args.photos, console)
    elif isinstance(named, Project):
        yield _of_project(named, console)
    else:
        raise InputError(f"Name photos that the model has not seen:  check {args.subject} PHOTOS")


@contextmanager
def _trained_on(folder: Path, console: Console) -> Iterator[Project]:
    """A project of the photos of a folder, trained, and gone afterwards."""
    cache = paths.cache()
    with TemporaryDirectory(prefix="check-", dir=cache, ignore_cleanup_errors=True) as place:
        project = Library(Path(place)).create(file_name(folder.resolve().name))
        taken = add_photos(
            project,
            from_folder(folder),
            class_id=None,
            report=part_of(console.report, 0.0, ADDED),
            should_stop=console.should_stop,
        )
        check_stop(console.should_stop)
        console.note_refusals((*taken.refusals, *taken.repeats))
        for note in taken.notes:
            console.note(note)
        if not taken.added:
            raise NotReady(f"No photos were found in {folder}, sorted into a folder a class.")
        work = part_of(console.report, ADDED, TRAINED)
        train_project(project, cache, report=work, should_stop=console.should_stop)
        yield project


def _of_project(project: Project, console: Console, folder: Path | None = None) -> Found:
    """What is known of a project's model, its photos looked through.

    Args:
        folder: where its photos are from, where that is better known to people than the project's
            own copies of them.
    """
    if project.models.folder() is not None and not is_current(project):
        work = part_of(console.report, TRAINED if folder else 0.0, 1.0)
        find(project, paths.cache(), report=work, should_stop=console.should_stop)
    checked = checked_project(project)
    photos = project.training_set().photos
    if folder is not None:
        return Found(checked, len(photos), {p.sha256: str(folder / p.name) for p, _ in photos})
    where = {photo.sha256: str(project.path_of(photo)) for photo, _ in photos}
    names = {photo.sha256: f"{name}/{PurePath(photo.name).name}" for photo, name in photos}
    return Found(checked, len(photos), where, names)


def _of_photos(predictor: Predictor, folder: str, console: Console) -> Found:
    """What a model makes of labelled photos."""
    answers = ask_about_folder(predictor, folder, console)
    classes, card = predictor.classes, predictor.card
    check = check_of(
        classes,
        _held_out(answers, classes),
        _sure_of(answers, card["sure"]),
        figures_of_answers(answers, classes),
    )
    learned = {entry["name"]: int(entry.get("photos") or 0) for entry in card["classes"]}
    checked = CheckedModel(
        title=str(card.get("name") or predictor.folder.name),
        card=card,
        check=check,
        method=METHOD,
        suspects=tuple(suspects_of(check)),
        advice=advise(check, None, learned, None),
        picture=_picture,
    )
    return Found(checked, len(answers), {})


def _held_out(answers: list[LabelledAnswer], classes: list[str]) -> list[HeldOutAnswer]:
    """The answers as those to held-out photos, which go by their paths: copies may be labelled
    differently."""
    scenes: dict[str, int] = {}
    return [
        HeldOutAnswer(
            str(each.photo.path),
            each.true,
            each.answer.label,
            each.answer.probabilities[each.answer.label],
            np.array([each.answer.probabilities[name] for name in classes], "<f4").tobytes(),
            each.answer.familiarity,
            scenes.setdefault(each.photo.sha256, len(scenes)),
        )
        for each in answers
    ]


def _sure_of(answers: list[LabelledAnswer], limits: Mapping[str, float]) -> dict[str, object]:
    """What "sure" meant for these photos."""
    sure = [each for each in answers if each.answer.sure]
    right = sum(each.answer.label == each.true for each in sure)
    line = SureLine(limits["probability"], limits["familiarity"], len(answers), len(sure), right)
    return line.to_json()


def _picture(path: str) -> bytes | None:
    try:
        return make_thumbnail(Path(path).read_bytes())
    except (AppError, OSError):
        return None
