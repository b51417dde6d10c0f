"""A model asked about photos that somebody has sorted by class."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from nocode_classifier.cli.console import Console
from nocode_classifier.collect.folders import CheckedFile, read_class_folder
from nocode_classifier.collect.intake import Refusal
from nocode_classifier.collect.pipeline import Pace, in_order
from nocode_classifier.errors import InputError
from nocode_classifier.learn.figures import Figures, measure, quoted
from nocode_classifier.predict.predictor import Answer, PhotoError, Predictor
from nocode_classifier.progress import check_stop, part_of
from nocode_classifier.project.names import comparing_key

READING = 0.3
"""Share of the whole work that reading the photos takes."""


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """What a model said to a photo whose class is known.

    Attributes:
        true: the class, as the model calls it.
    """

    photo: CheckedFile
    true: str
    answer: Answer


def ask_about_folder(predictor: Predictor, folder: str, console: Console) -> list[LabelledAnswer]:
    """Let a model answer every photo of a folder that has one sub-folder a class.

    Args:
        predictor: the model.
        folder: as it was typed.
        console: hears how far it is, and what was left out.

    Raises:
        InputError: there are no such photos, or the model doesn't know a class.
        Cancelled: Ctrl-C was pressed.
    """
    content = read_class_folder(
        folder,
        known=predictor.classes,
        keep_copies=True,
        report=part_of(console.report, 0.0, READING),
        should_stop=console.should_stop,
    )
    console.note_refusals(content.refusals)
    for note in content.notes:
        console.note(note)
    names = _known_classes(content.class_names, predictor.classes)
    if not content.photos:
        raise InputError(f"No photos were found in {folder}, sorted into a folder a class.")
    return _ask(predictor, content.photos, names, console)


def figures_of_answers(answers: Sequence[LabelledAnswer], classes: Sequence[str]) -> Figures:
    """How often the model was right; copies of a photo must not narrow the interval."""
    true = [answer.true for answer in answers]
    absent = sorted(set(classes) - set(true))
    reason = f"There were no photos of {quoted(absent)}." if absent else ""
    said = [answer.answer.label for answer in answers]
    return measure(true, said, [each.photo.sha256 for each in answers], classes, reason=reason)


def _ask(
    predictor: Predictor, photos: Sequence[CheckedFile], names: dict[str, str], console: Console
) -> list[LabelledAnswer]:
    """Answer photos in parallel; `names`: how the model calls the class of each folder."""

    def ask(photo: CheckedFile) -> LabelledAnswer | Refusal:
        try:
            return LabelledAnswer(photo, names[photo.class_name], predictor.predict(photo.path))
        except PhotoError as error:
            return Refusal(photo.name, f"It can't be read any more: {error}")

    answered: list[LabelledAnswer] = []
    gone: list[Refusal] = []
    pace = Pace("Answering the photos", len(photos), part_of(console.report, READING, 1.0))
    with closing(in_order(photos, ask)) as results:
        for done, result in enumerate(results, start=1):
            check_stop(console.should_stop)
            if isinstance(result, Refusal):
                gone.append(result)
            else:
                answered.append(result)
            pace.at(done)
    console.note_refusals(gone)
    if not answered:
        raise InputError("None of the photos can be read any more: look at the folder.")
    return answered


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
