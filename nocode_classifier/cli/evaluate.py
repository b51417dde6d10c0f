"""`nocode-classifier evaluate`: how good a model is on photos it has not learnt from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from nocode_classifier.cli.console import Console
from nocode_classifier.cli.figures import class_lines, figures_data, mix_up_lines
from nocode_classifier.cli.labelled_photos import ask_about_folder, figures_of_answers
from nocode_classifier.cli.models import open_model
from nocode_classifier.cli.parsing import add_home, add_json, add_model
from nocode_classifier.learn.accuracy import count_confusion
from nocode_classifier.learn.figures import Figures

DESCRIPTION = """\
See how good a model is on photos that you sorted yourself.

Give it photos that the model has NOT learnt from: on those it knows, every model looks good.
The folder has one sub-folder for each class, called as the model calls it. An answer counts as
right when the likeliest class is right, also where the model says that it is not sure."""

EPILOG = """\
example:
  nocode-classifier evaluate my-model other-photos

--json prints: photos, correct, accuracy, accuracy_low, accuracy_high, balanced_accuracy (each
class counts alike), weakest (the class to look at first where classes are uneven), by_class
{class {photos, correct, accuracy, accuracy_low, accuracy_high}}, reason (why a figure is null),
unsure, confusion {true {predicted: n}}"""


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


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    add_model(command)
    command.add_argument("folder", metavar="FOLDER", help="has one sub-folder for each class")
    add_home(command)
    add_json(command)


def run(args: argparse.Namespace, console: Console) -> int:
    """Answer every photo of `args.folder` and compare with the names of its sub-folders."""
    predictor = open_model(args.model)
    answers = ask_about_folder(predictor, args.folder, console)
    found = Evaluated(
        figures_of_answers(answers, predictor.classes),
        count_confusion(
            [each.true for each in answers],
            [each.answer.label for each in answers],
            predictor.classes,
        ),
        sum(not each.answer.sure for each in answers),
    )
    console.end(_data(found), _lines(found))
    return 0


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
    yield from mix_up_lines(found.confusion)
