"""`nocode-classifier export`: a classifier as something that works without the app."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

from nocode_classifier.cli.console import Console
from nocode_classifier.cli.parsing import add_home, add_json, add_model
from nocode_classifier.cli.subjects import find_subject
from nocode_classifier.errors import InputError
from nocode_classifier.share.exporter import Exported, Exporter, Subject
from nocode_classifier.share.exporters import EXPORTERS, exporter_of
from nocode_classifier.share.exporters.page import StaticPageFolder
from nocode_classifier.share.exporting import export
from nocode_classifier.share.hub.plan import in_megabytes
from nocode_classifier.share.static.graph import Weights
from nocode_classifier.share.subjects import photos_of_folder

DESCRIPTION = """\
Make something of a classifier that works without this app.

  page      a web page for any host; photos are looked at in the visitor's own browser
  model     the model as one archive, and three lines of Python that use it
  report    one page to keep, print or hand in: how good it is, what it gets wrong
  onnx      the network for programs in any language, with a short example
  space     a folder for a Gradio Space at Hugging Face
  server    a folder with a Dockerfile, for Render and other web hosts
  coreml    for programs on iPhone, iPad and Mac; needs the extra 'coreml'
  litert    for programs on Android and small boards; needs the extra 'litert'
  fastai    export.pkl, as in the fastai course
  dataset   the photos in a folder for each class, with credits (of a project)
  project   everything in one file, for this app on another computer (of a project)

Before it is handed over, every export but a report is opened as its reader will open it and asked
about 20 of your photos; it has to answer as the app does. A page is opened in Chrome, Chromium or
Edge.

MODEL is a model folder, or the name of a project."""

EPILOG = """\
examples:
  nocode-classifier export "Our birds" page -o birds-page
  nocode-classifier export "Our birds" page --weights light -o birds-page.zip
  nocode-classifier export my-model server -o . --photos other-photos

--json prints: export, path, bytes, proof {same, asked, worst, drawn} or null, note"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    add_model(command)
    kinds = [exporter.key for exporter in EXPORTERS]
    command.add_argument("kind", metavar="KIND", choices=kinds, help=", ".join(kinds))
    command.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        required=True,
        help="what to write, or a folder to write it into; a folder is packed where PATH ends "
        "in .zip",
    )
    command.add_argument(
        "--photos",
        metavar="FOLDER",
        help="photos to ask the export about; those of the project if left out",
    )
    command.add_argument(
        "--weights",
        choices=get_args(Weights),
        default="full",
        help="of a page: light ones load sooner and may answer a little differently",
    )
    add_home(command)
    add_json(command)


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
