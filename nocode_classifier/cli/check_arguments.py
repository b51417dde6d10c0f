"""What can be typed after `nocode-classifier check`, and the help for it."""

from __future__ import annotations

from nocode_classifier.cli.parsing import Commands, add_command, add_home, add_json

CHECK = """\
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

CHECK_END = """\
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


def add_check(commands: Commands) -> None:
    """Add the command."""
    command = add_command(
        commands,
        "check",
        "see what a classifier gets wrong, and what to do next",
        CHECK,
        CHECK_END,
    )
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
