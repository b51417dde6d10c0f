"""`nocode-classifier evaluate`: how good a model is on photos it has not learnt from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from nocode_classifier.cli.console import Console
from nocode_classifier.cli.figures import class_lines, figures_data
from nocode_classifier.cli.models import open_model
from nocode_classifier.collect.folders import CheckedFile, read_class_folder
from nocode_classifier.collect.intake import Refusal
from nocode_classifier.collect.pipeline import Pace, in_order
from nocode_classifier.errors import InputError
from nocode_classifier.learn.accuracy import count_confusion
from nocode_classifier.learn.figures import Figures, measure, quoted
from nocode_classifier.predict.predictor import Answer, PhotoError, Predictor
from nocode_classifier.progress import check_stop, part_of
from nocode_classifier.project.names import comparing_key

READING = 0.3
"""Share of the whole work that reading the photos takes."""

CLASSES_IN_TABLE = 12
"""With more classes, the table of mix-ups no longer fits a terminal."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a model answered to photos whose classes are known.

    Attributes:
        figures: how often it was right.
        confusion: true class, then answered class, then how often.
        unsure: answers that the model itself called not sure.
    """

    figures: Figures
    confusion: dict[str, dict[str, int]]
    unsure: int


def run(args: argparse.Namespace, console: Console) -> int:
    """Answer every photo of `args.folder` and compare with the names of its sub-folders."""
    predictor = open_model(args.model)
    folder = read_class_folder(
        args.folder,
        known=predictor.classes,
        keep_copies=True,
        report=part_of(console.report, 0.0, READING),
        should_stop=console.should_stop,
    )
    console.note_refusals(folder.refusals)
    for note in folder.notes:
        console.note(note)
    names = _known_classes(folder.class_names, predictor.classes)
    if not folder.photos:
        raise InputError(f"No photos were found in {args.folder}, sorted into a folder a class.")
    found = evaluate(predictor, folder.photos, names, console)
    console.end(_data(found), _lines(found))
    return 0


def evaluate(
    predictor: Predictor, photos: Sequence[CheckedFile], names: dict[str, str], console: Console
) -> Evaluated:
    """Answer photos in parallel and count.

    Args:
        predictor: the model.
        photos: at least one.
        names: how the model calls the class of each folder.
        console: hears how far it is.
    """

    def ask(photo: CheckedFile) -> Answer | Refusal:
        try:
            return predictor.predict(photo.path)
        except PhotoError as error:
            return Refusal(photo.name, f"It can't be read any more: {error}")

    answered: list[tuple[CheckedFile, Answer]] = []
    gone: list[Refusal] = []
    pace = Pace("Answering the photos", len(photos), part_of(console.report, READING, 1.0))
    with closing(in_order(photos, ask)) as results:
        for done, (photo, result) in enumerate(zip(photos, results, strict=True), start=1):
            check_stop(console.should_stop)
            if isinstance(result, Refusal):
                gone.append(result)
            else:
                answered.append((photo, result))
            pace.at(done)
    console.note_refusals(gone)
    if not answered:
        raise InputError("None of the photos can be read any more: look at the folder.")
    photos, answers = zip(*answered, strict=True)
    true = [names[photo.class_name] for photo in photos]
    labels = [answer.label for answer in answers]
    absent = sorted(set(predictor.classes) - set(true))
    reason = f"There were no photos of {quoted(absent)}." if absent else ""
    # Copies of a photo say nothing new about the model: they must not narrow the interval.
    copies = [photo.sha256 for photo in photos]
    return Evaluated(
        measure(true, labels, copies, predictor.classes, reason=reason),
        count_confusion(true, labels, predictor.classes),
        sum(not answer.sure for answer in answers),
    )


def _known_classes(folders: Sequence[str], classes: Sequence[str]) -> dict[str, str]:
    """The model's name for each class folder, ignoring case and Unicode form.

    Raises:
        InputError: the model knows no such class.
    """
    known = {comparing_key(name): name for name in classes}
    strange = [name for name in folders if comparing_key(name) not in known]
    if strange:
        raise InputError(
            f"The model knows no class {quoted(strange)}; it knows {quoted(classes)}. "
            "Call the folders as the model calls its classes, or leave these folders out."
        )
    return {name: known[comparing_key(name)] for name in folders}


def _data(found: Evaluated) -> dict[str, object]:
    overall = found.figures.overall
    return {
        "photos": overall and overall.photos,
        "correct": overall and overall.correct,
        **figures_data(found.figures),
        "unsure": found.unsure,
        "confusion": found.confusion,
    }


def _lines(found: Evaluated) -> Iterator[str]:
    yield found.figures.in_words("photos", digits=1)
    yield from class_lines(found.figures)
    yield f"Not sure about {found.unsure:,} of them."
    yield "This holds if the model has not learnt from these photos."
    yield from _mix_ups(found.confusion)


def _mix_ups(confusion: dict[str, dict[str, int]]) -> Iterator[str]:
    """A table: a line for each true class, a column for each answer."""
    if len(confusion) > CLASSES_IN_TABLE:
        return
    names = [_short(name) for name in confusion]
    width = max(len(name) for name in names)
    yield ""
    yield " " * (width + 2) + "  ".join(f"{name:>6}" for name in names) + "   <- answered"
    for short, row in zip(names, confusion.values(), strict=True):
        cells = (
            f"{count:>{max(len(name), 6)}}" for name, count in zip(names, row.values(), strict=True)
        )
        yield f"{short:<{width}}  " + "  ".join(cells)


def _short(name: str) -> str:
    return name if len(name) <= 16 else name[:15] + "…"
