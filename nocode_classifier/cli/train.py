"""`nocode-classifier train`: from a folder of photos to a model folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.figures import class_lines, figures_data
from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.backbone import DEFAULT, backbone_named
from nocode_classifier.learn.from_folder import FolderTraining, train_folder
from nocode_classifier.learn.settings import Mode, Settings


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
        "seconds": {name: round(value, 3) for name, value in trained.seconds.items()},
        "model": str(trained.folder),
    }
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
    backbone = backbone_named(args.backbone or DEFAULT.key)
    return Settings(mode, backbone.key, args.size, args.epochs, args.lr)


def _lines(result: FolderTraining, output: str) -> Iterator[str]:
    counts = {each["name"]: each["photos"] for each in result.trained.card["classes"]}
    yield "Classes: " + ", ".join(f"{name} ({count:,})" for name, count in counts.items())
    yield from (*result.notes, *result.trained.notes)
    yield result.trained.sentence
    yield from class_lines(result.trained.figures)
    if result.trained.comparison is not None:
        yield result.trained.comparison.sentence
    yield f"Took {result.trained.seconds['total']:.1f} s. The model is in {result.trained.folder}"
    yield f'Try it:  nocode-classifier predict "{output}" PHOTO'
