"""`nocode-classifier credits`: where the photos of a project are from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.parsing import add_home, add_json, add_project
from nocode_classifier.cli.projects import find_project
from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import InputError
from nocode_classifier.project.credits.credits import Credit, credits, credits_csv
from nocode_classifier.project.credits.credits_page import credits_page
from nocode_classifier.project.library import Library

DESCRIPTION = """\
Show where the photos of a project are from, who made them, and under which licence.

With -o, the same is written into a file: a table (.csv) or a page to read (.html)."""

EPILOG = """\
examples:
  nocode-classifier credits "Bears"
  nocode-classifier credits "Bears" -o credits.html

--json prints: credits [{class, name, title, address, page, source, licence, licence_address,
creator, added_at, sha256, perceptual_hash, width, height}]"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    add_project(command)
    command.add_argument("-o", "--output", metavar="FILE", help="write them to a .csv or .html")
    add_home(command)
    add_json(command)


def run(args: argparse.Namespace, console: Console) -> int:
    """Show the credits of `args.project`, or write them into `args.output`."""
    library = Library(paths.home())
    project = library.open(find_project(library.projects(), args.project).id)
    listed = credits(project)
    data = {"credits": [_data(credit) for credit in listed]}
    if args.output is None:
        console.end(data, _lines(listed))
        return 0
    file = Path(args.output)
    _write(file, _content(file, project.name, listed))
    console.end(data, [f"The credits of {len(listed):,} photos are in {file}"])
    return 0


def _content(file: Path, project_name: str, listed: Sequence[Credit]) -> str:
    match file.suffix.lower():
        case ".csv":
            return credits_csv(listed)
        case ".html" | ".htm":
            return credits_page(project_name, listed)
    raise InputError("Credits can be written as .csv or as .html: give the file such an ending.")


def _write(file: Path, content: str) -> None:
    with in_words(file):
        # The lines of a CSV file end as its standard says, on every system.
        file.write_text(content, encoding="utf-8", newline="")


def _data(credit: Credit) -> dict[str, Any]:
    return {
        ("class" if key == "class_name" else key): value
        for key, value in (
            asdict(credit) | {"added_at": credit.added_at.isoformat(timespec="seconds")}
        ).items()
    }


def _lines(listed: Sequence[Credit]) -> Iterator[str]:
    if not listed:
        yield "This project has no photos yet."
    for credit in listed:
        parts = [credit.class_name, credit.title or credit.name]
        parts.append(f"by {credit.creator}" if credit.creator else "by someone unknown")
        parts.append(credit.licence or "licence unknown")
        parts.append(credit.page or credit.address or credit.source)
        yield "  ".join(parts)
