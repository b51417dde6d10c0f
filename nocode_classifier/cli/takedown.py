"""`nocode-classifier takedown`: a photo leaves every project and stays out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.collect.download.addresses import is_link
from nocode_classifier.collect.takedown import HASH, take_down_named, take_down_path
from nocode_classifier.errors import InputError
from nocode_classifier.project.blocklist.blocklist import Takedown
from nocode_classifier.project.library import Library


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
        standing = library.blocklist.all()
        console.end(_listed(standing), _lines(standing))
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
