"""What can be typed after `nocode-classifier train`, and the help for it."""

from __future__ import annotations

import argparse

from nocode_classifier.cli.parsing import Commands, add_command, add_json

TRAIN = """\
Learn to tell apart what is in the sub-folders of a folder.

    photos/cats/1.jpg  photos/cats/2.jpg  ...
    photos/dogs/1.jpg  photos/dogs/2.jpg  ...

The sub-folders name the classes, however deep the photos lie in them; where they name none, a
table of labels beside the photos does. Two photos of each are the least, some dozens are good.
The result is a model folder; a model that is there already is replaced once the new one is
finished, not before. How good the model is, is measured on photos it did not learn from,
by leaving some out in turn.

As a rule that takes seconds. With --thorough the network itself learns, too: minutes, and
worth it for photos unlike those of everyday things (hand signs, cells, x-rays, faces). Its
result is taken only if photos it had not seen say that it is better; otherwise you get the
quick model."""

TRAIN_END = """\
examples:
  nocode-classifier train photos -o my-model
  nocode-classifier train photos -o my-model --thorough
  nocode-classifier train photos -o my-model --full --backbone resnet34 --epochs 10

--json prints: photos, classes, accuracy, accuracy_low, accuracy_high, balanced_accuracy (each
class counts alike), weakest (the class to look at first where classes are uneven), by_class
{class {photos, correct, accuracy, accuracy_low, accuracy_high}}, reason (why a figure is null:
a class seen in one scene only can't be measured), mode (how the model came about: quick,
thorough or full), seconds {features, fit, total}, model; notes where there are any; and with
--thorough or --full also seconds {tune}, asked, settings {mode, backbone, size, epochs, rate,
augmentation}, contest {quick, tuned, adopted, sentence}"""


def add_train(commands: Commands) -> None:
    """The command."""
    command = add_command(
        commands, "train", "learn from a folder with one sub-folder a class", TRAIN, TRAIN_END
    )
    command.add_argument("folder", metavar="FOLDER", help="has one sub-folder for each class")
    command.add_argument(
        "-o", "--output", metavar="MODEL", required=True, help="the model folder to make"
    )
    add_json(command)
    _add_finetuning(command)


def _add_finetuning(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("how hard to try")
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--thorough", action="store_true", help="train the last stages of the network, too"
    )
    either.add_argument(
        "--full", action="store_true", help="train the whole network: slow without a GPU"
    )
    group.add_argument(
        "--backbone",
        metavar="NAME",
        help="the pretrained network to start from; a wrong name lists those there are",
    )
    group.add_argument(
        "--size", type=int, metavar="N", help="side of the square it looks at, pixels"
    )
    group.add_argument(
        "--epochs", type=int, metavar="N", help="passes over the photos, for --thorough and --full"
    )
    group.add_argument(
        "--lr",
        type=float,
        metavar="RATE",
        help="highest learning rate, for --thorough and --full",
    )
