"""`nocode-classifier train`: from a folder of photos to a model folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.figures import class_lines, figures_data
from nocode_classifier.cli.parsing import add_json
from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.registry import DEFAULT, backbones_named
from nocode_classifier.learn.from_folder import FolderTraining, train_folder
from nocode_classifier.learn.settings import Mode, Settings

DESCRIPTION = """\
Learn to tell apart what is in the sub-folders of a folder.

    photos/cats/1.jpg  photos/cats/2.jpg  ...
    photos/dogs/1.jpg  photos/dogs/2.jpg  ...

The sub-folders name the classes, however deep the photos lie in them; where they name none, a
table of labels beside the photos does. Two photos of each are the least, some dozens are good.
The result is a model folder; a model that is there already is replaced once the new one is
finished, not before. How good the model is, is measured on photos it did not learn from,
by leaving some out in turn.

As a rule that takes seconds. With --best, which is how the app trains, a second network looks at
the photos, too: twice as long, and taken only if photos left out say that it helps. With --thorough
the network itself learns, too: minutes, and worth it for photos unlike those of everyday things
(hand signs, cells, x-rays, faces). Its result is taken only if photos it had not seen say that it
is better."""

EPILOG = """\
examples:
  nocode-classifier train photos -o my-model
  nocode-classifier train photos -o my-model --best
  nocode-classifier train photos -o my-model --best --thorough
  nocode-classifier train photos -o my-model --full --backbone resnet34 --epochs 10

--json prints: photos, classes, accuracy, accuracy_low, accuracy_high, balanced_accuracy (each
class counts alike), weakest (the class to look at first where classes are uneven), by_class
{class {photos, correct, accuracy, accuracy_low, accuracy_high}}, reason (why a figure is null:
a class seen in one scene only can't be measured), mode (how the model came about: quick,
thorough or full), backbone (the network, or several joined by "+"), seconds {features, fit,
total}, model; notes where there are any; with --best also networks (what was tried and taken, a
sentence); and with --thorough or --full also seconds {tune}, asked, settings {mode, backbone,
size, epochs, rate, augmentation, combine}, contest {quick, tuned, adopted, sentence}"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    command.add_argument("folder", metavar="FOLDER", help="has one sub-folder for each class")
    command.add_argument(
        "-o", "--output", metavar="MODEL", required=True, help="the model folder to make"
    )
    add_json(command)
    _add_finetuning(command)


def _add_finetuning(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("how hard to try")
    networks = group.add_mutually_exclusive_group()
    networks.add_argument(
        "--best",
        action="store_true",
        help="try a second network beside it, and take what is better",
    )
    networks.add_argument(
        "--quick", action="store_true", help="one small network, the quickest; as without --best"
    )
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
        help="the pretrained network to start from, or several joined by '+'; a wrong name lists "
        "those there are",
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


def run(args: argparse.Namespace, console: Console) -> int:
    """Train on `args.folder`, put the model at `args.output`."""
    result = train_folder(
        Path(args.folder),
        Path(args.output),
        paths.cache(),
        settings=_settings(args),
        report=console.report,
        should_stop=console.should_stop,
        left_out=console.note_refusals,
    )
    trained = result.trained
    data = {
        "photos": trained.photos,
        "classes": list(result.class_names),
        **figures_data(trained.figures),
        "mode": trained.card["mode"],
        "backbone": trained.card["backbone"],
        "seconds": {name: round(value, 3) for name, value in trained.seconds.items()},
        "model": str(trained.folder),
    }
    if trained.card["networks"]:
        data["networks"] = trained.card["networks"]
    if trained.comparison is not None:
        data["asked"] = trained.settings.mode.value
        data["settings"] = trained.settings.to_json()
        data["contest"] = trained.comparison.to_json()
    if notes := [*result.notes, *trained.notes]:
        data["notes"] = notes
    console.end(data, _lines(result, args.output))
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    """What was asked for.

    Raises:
        InputError: a number is out of bounds, or tells how to train a network that is not trained.
    """
    mode = Mode.FULL if args.full else Mode.THOROUGH if args.thorough else Mode.QUICK
    if mode is Mode.QUICK and (args.epochs is not None or args.lr is not None):
        raise InputError(
            "--epochs and --lr say how the network itself is trained: add --thorough or --full."
        )
    name = args.backbone or DEFAULT.key
    several = len(backbones_named(name)) > 1
    if several and mode is not Mode.QUICK:
        raise InputError("Only a single network can be trained further: name one.")
    return Settings(mode, name, args.size, args.epochs, args.lr, combine=args.best)


def _lines(result: FolderTraining, output: str) -> Iterator[str]:
    counts = {each["name"]: each["photos"] for each in result.trained.card["classes"]}
    yield "Classes: " + ", ".join(f"{name} ({count:,})" for name, count in counts.items())
    yield from (*result.notes, *result.trained.notes)
    yield result.trained.sentence
    yield from class_lines(result.trained.figures)
    if result.trained.card["networks"]:
        yield result.trained.card["networks"]
    if result.trained.comparison is not None:
        yield result.trained.comparison.sentence
    yield f"Took {result.trained.seconds['total']:.1f} s. The model is in {result.trained.folder}"
    yield f'Try it:  nocode-classifier predict "{output}" PHOTO'
