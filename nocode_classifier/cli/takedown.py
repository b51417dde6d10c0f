"""`nocode-classifier takedown`: a photo leaves every project and stays out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.parsing import add_home, add_json
from nocode_classifier.collect.download.addresses import is_link
from nocode_classifier.collect.takedown import HASH, take_down_named, take_down_path
from nocode_classifier.errors import InputError
from nocode_classifier.project.blocklist.blocklist import Takedown
from nocode_classifier.project.library import Library

DESCRIPTION = """\
Take a photo down: it and its near copies leave every project and stay out of later searches.

Say which by its address on the web, a file, or its SHA-256 hash, as 'credits' shows it. Without
more, the take-downs that stand are listed. Classifiers that were trained on it have to be trained
again; the result says which."""

EPILOG = """\
examples:
  nocode-classifier takedown https://example.org/photos/17.jpg --note "asked for by the author"
  nocode-classifier takedown my-own-photo.jpg
  nocode-classifier takedown
  nocode-classifier takedown --lift 4f1c

--json prints: takedowns [{id, made_at, given, note}], and for a new one photos {project: n} and
train_again [project]"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    command.add_argument(
        "photo", metavar="ADDRESS|FILE|HASH", nargs="?", help="which photo; left out: list them"
    )
    command.add_argument("--note", metavar="TEXT", default="", help="why, for your own record")
    command.add_argument("--lift", metavar="ID", help="end a take-down; its photos stay in the bin")
    add_home(command)
    add_json(command)


def run(args: argparse.Namespace, console: Console) -> int:
    """Take a photo down, lift a take-down, or list those that stand."""
    library = Library(paths.home())
    if args.lift and args.photo:
        raise InputError("Give either a photo to take down or a take-down to lift.")
    if args.lift:
        lifted = library.lift(args.lift)
        console.end(_listed([lifted.takedown]), [lifted.sentence])
    elif args.photo:
        _take_down(library, args, console)
    else:
        takedowns = library.blocklist.all()
        console.end(_listed(takedowns), _lines(takedowns))
    return 0


def _take_down(library: Library, args: argparse.Namespace, console: Console) -> None:
    by_name = is_link(args.photo) or HASH.fullmatch(args.photo)
    report = (
        take_down_named(library, args.photo, note=args.note)
        if by_name
        else take_down_path(library, Path(args.photo), note=args.note)
    )
    data = _listed([report.takedown]) | {
        "photos": report.photos,
        "train_again": list(report.train_again),
    }
    console.end(data, [report.sentence, f"To lift it:  takedown --lift {report.takedown.id}"])


def _listed(blocklist: Sequence[Takedown]) -> dict[str, Any]:
    return {
        "takedowns": [
            {
                "id": each.id,
                "made_at": each.made_at.isoformat(timespec="seconds"),
                "given": each.given,
                "note": each.note,
            }
            for each in blocklist
        ]
    }


def _lines(blocklist: Sequence[Takedown]) -> Iterator[str]:
    if not blocklist:
        yield "Nothing was taken down."
    for each in blocklist:
        note = f"  ({each.note})" if each.note else ""
        yield f"{each.id}  {each.day}  {each.given}{note}"
