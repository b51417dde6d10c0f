"""`nocode-classifier export`: a classifier as something that works without the app."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from nocode_classifier.cli.console import Console
from nocode_classifier.cli.subjects import find_subject
from nocode_classifier.errors import InputError
from nocode_classifier.share.exporter import Exported, Exporter, Subject
from nocode_classifier.share.exporters import exporter_of
from nocode_classifier.share.exporters.page import StaticPageFolder
from nocode_classifier.share.exporting import export
from nocode_classifier.share.hub.plan import in_megabytes
from nocode_classifier.share.subjects import photos_of_folder


def run(args: argparse.Namespace, console: Console) -> int:
    """Export `args.model` as `args.kind` to `args.output`."""
    subject = _subject(args)
    exporter = exporter_of(args.kind)
    if args.weights != "full":
        if not isinstance(exporter, StaticPageFolder):
            raise InputError("--weights is for pages only.")
        exporter = replace(exporter, weights=args.weights)
    made = export(
        exporter,
        subject,
        Path(args.output),
        report=console.report,
        should_stop=console.should_stop,
    )
    data = {
        "export": exporter.key,
        "path": str(made.path.resolve()),
        "bytes": made.bytes,
        "proof": asdict(made.proof) if made.proof else None,
        "note": made.note,
    }
    console.end(data, _lines(exporter, made))
    return 0


def _subject(args: argparse.Namespace) -> Subject:
    subject = find_subject(args.model)
    if args.photos is None:
        return subject
    photos = photos_of_folder(Path(args.photos))
    if not photos:
        raise InputError(f"There are no photos in {args.photos}.")
    return replace(subject, photos=photos)


def _lines(exporter: Exporter, made: Exported) -> Iterator[str]:
    yield f"{exporter.label}: {made.path} ({in_megabytes(made.bytes)})"
    if made.proof:
        yield made.proof.sentence.capitalize()
    if made.note:
        yield made.note
