"""`nocode-classifier train`: from a folder of photos to a model folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.learn.from_folder import FolderTraining, train_folder


def run(args: argparse.Namespace, console: Console) -> int:
    """Train on `args.folder`, put the model at `args.output`."""
    result = train_folder(
        Path(args.folder),
        Path(args.output),
        paths.cache(),
        report=console.report,
        should_stop=console.should_stop,
    )
    console.note_refusals(result.refusals)
    trained, accuracy = result.trained, result.trained.accuracy
    data = {
        "photos": accuracy.photos,
        "classes": list(result.class_names),
        "accuracy": accuracy.value,
        "accuracy_low": accuracy.low,
        "accuracy_high": accuracy.high,
        "mode": "quick",
        "seconds": {name: round(value, 3) for name, value in trained.seconds.items()},
        "model": str(trained.folder),
    }
    console.end(data, _lines(result, args.output))
    return 0


def _lines(result: FolderTraining, output: str) -> Iterator[str]:
    counts = {each["name"]: each["photos"] for each in result.trained.card["classes"]}
    yield "Classes: " + ", ".join(f"{name} ({count:,})" for name, count in counts.items())
    yield result.trained.sentence
    yield f"Took {result.trained.seconds['total']:.1f} s. The model is in {result.trained.folder}"
    yield f'Try it:  nocode-classifier predict "{output}" PHOTO'
