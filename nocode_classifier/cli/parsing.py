"""Arguments that several commands have in common."""

from __future__ import annotations

import argparse

# Options that may stand before or after a command have no default of their own: the later parser
# would take back what the earlier one read. `arguments.build_parser` sets their defaults.


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options of every command."""
    parser.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="when something unexpected goes wrong, show all details",
    )


def add_home(parser: argparse._ActionsContainer) -> None:
    """The option that says where the projects are."""
    parser.add_argument(
        "--home",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="folder with the projects, instead of the usual one",
    )


def add_json(parser: argparse._ActionsContainer) -> None:
    """The option for programs."""
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print one JSON object, for programs; nothing else goes to standard output",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """The model that a command is about; see `cli.models.find_named`."""
    parser.add_argument(
        "model", metavar="MODEL", help="a model folder, or the name of a project of the app"
    )


def add_project(parser: argparse.ArgumentParser) -> None:
    """The project that a command is about; see `cli.projects.find_project`."""
    parser.add_argument("project", metavar="PROJECT", help="its name or its id")
