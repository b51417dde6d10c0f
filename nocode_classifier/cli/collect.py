"""`nocode-classifier collect`: photos from the web, without the app."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from nocode_classifier import paths
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.parsing import add_home, add_json, add_project
from nocode_classifier.cli.projects import find_project
from nocode_classifier.collect.intake import class_for
from nocode_classifier.collect.search import (
    Finder,
    SearchPlan,
    SearchReport,
    fetch_links,
    find_photos,
)
from nocode_classifier.collect.sources.links import read_link_file
from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.main import build_finder
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel
from nocode_classifier.project.tables.search_settings import (
    LICENCES,
    SearchSettings,
    checked_search_settings,
)

DESCRIPTION = """\
Find photos on the web for the classes of a project, or fetch those of a list.

Each class is filled up to --count photos, those it has already included, so asking again tops it
up; no address is fetched twice. Web pages, logos, placeholders and near copies are left out and
counted. Where each photo is from is kept: see 'credits'. Ctrl-C stops and keeps what came.

PROJECT is the name of a project, or its id."""

EPILOG = """\
examples:
  nocode-classifier collect "Bears" --count 100
  nocode-classifier collect "Bears" --class "grizzly bear" --words "grizzly bear in the wild"
  nocode-classifier collect "Bears" --source openverse --source commons --licence reuse
  nocode-classifier collect "Bears" --class "teddy bear" --links urls_teddys.txt

--json prints: project, stopped, classes [{class, wanted, photos, found, added, waiting,
skipped {reason: n}, troubles []}]

exit code 1: a class has fewer photos than wanted, or a list was given, and nothing came in"""

DONE, NOTHING_FOUND, STOPPED = 0, 1, 130


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
    add_project(command)
    command.add_argument(
        "--class",
        dest="classes",
        metavar="CLASS",
        action="append",
        default=[],
        help="find photos of this one, made if missing; give it once for each; left out: all",
    )
    command.add_argument(
        "--count", type=int, metavar="N", help="photos each class should have; 100 at first"
    )
    command.add_argument(
        "--words",
        metavar="PHRASE",
        action="append",
        default=[],
        help="search for this instead of the name of the class; give it once for each phrase",
    )
    command.add_argument(
        "--source",
        dest="sources",
        metavar="KEY",
        action="append",
        default=[],
        help="where to search; give it once for each: duckduckgo, bing, openverse, commons, "
        "inaturalist",
    )
    command.add_argument(
        "--licence",
        choices=LICENCES,
        help="what one must be allowed to do with the photos",
    )
    command.add_argument(
        "--drawings-too", action="store_true", help="keep drawings and logos as well"
    )
    command.add_argument(
        "--links", metavar="FILE", help="fetch the addresses in this file instead (.txt or .csv)"
    )
    command.add_argument(
        "--contact",
        metavar="ADDRESS",
        default="",
        help="your e-mail or web page, told to the services; Wikimedia asks for one",
    )
    command.add_argument(
        "--noai-too",
        action="store_true",
        help="also fetch photos whose site does not want them used for AI",
    )
    add_home(command)
    add_json(command)


def run(args: argparse.Namespace, console: Console, finder: Finder | None = None) -> int:
    """Find the photos that `args` asks for.

    Args:
        args: what was typed.
        console: where the outcome goes.
        finder: where to search; the real services unless given.
    """
    library = Library(paths.home())
    project = library.open(find_project(library.projects(), args.project).id)
    if finder is None:
        finder = build_finder(contact=args.contact, respect_noai=not args.noai_too)
    report = (
        _fetch(finder, project, args, console)
        if args.links
        else _search(finder, project, args, console)
    )
    console.end(_data(project, report), _lines(report))
    if report.stopped:
        return STOPPED
    lacking = any(
        not search.added and (search.short or search.wanted is None) for search in report.searches
    )
    return NOTHING_FOUND if lacking else DONE


def _search(
    finder: Finder, project: Project, args: argparse.Namespace, console: Console
) -> SearchReport:
    labels = [class_for(project, name) for name in args.classes] or project.classes()
    if not labels:
        raise NotReady("This project has no classes yet: name one with --class.")
    if args.words and len(labels) > 1:
        raise InputError("--words are for one class: say which with --class.")
    plans = [SearchPlan(label.id, _search_settings(project, label, args)) for label in labels]
    finder.chosen(args.sources)
    for plan in plans:
        # The app shows the same settings when the project is opened there.
        project.search_results.save_search_settings(plan.class_id, plan.search_settings)
    return find_photos(
        finder, project, plans, report=console.report, should_stop=console.should_stop
    )


def _search_settings(
    project: Project, label: ClassLabel, args: argparse.Namespace
) -> SearchSettings:
    """What was wished for this class before, with what was typed now."""
    search_settings = project.search_results.search_settings(label.id)
    if args.words:
        search_settings = replace(search_settings, words=tuple(args.words))
    if args.sources:
        search_settings = replace(search_settings, sources=tuple(args.sources))
    if args.licence:
        search_settings = replace(search_settings, licence=args.licence)
    if args.count is not None:
        search_settings = replace(search_settings, count=args.count)
    if args.drawings_too:
        search_settings = replace(search_settings, photos_only=False)
    return checked_search_settings(search_settings)


def _fetch(
    finder: Finder, project: Project, args: argparse.Namespace, console: Console
) -> SearchReport:
    if len(args.classes) > 1:
        raise InputError("A list of links goes to one class, or names the class of each link.")
    links = read_link_file(Path(args.links))
    class_id = class_for(project, args.classes[0]).id if args.classes else None
    return fetch_links(
        finder, project, links, class_id, report=console.report, should_stop=console.should_stop
    )


def _data(project: Project, report: SearchReport) -> dict[str, Any]:
    return {
        "project": {"id": project.id, "name": project.name},
        "stopped": report.stopped,
        "classes": [
            {
                "class": search.class_name,
                "wanted": search.wanted,
                "photos": search.there,
                "found": search.found,
                "added": search.added,
                "waiting": search.waiting,
                "skipped": {skip.value: count for skip, count in search.skipped.items()},
                "troubles": list(search.troubles),
            }
            for search in report.searches
        ],
    }


def _lines(report: SearchReport) -> Iterator[str]:
    for search in report.searches:
        yield search.sentence
        for skip, count in sorted(search.skipped.items(), key=lambda item: -item[1]):
            yield f"  left out: {count:,} {skip.words}"
