"""What all commands have in common when they are typed."""

from __future__ import annotations

import argparse
from typing import TypeAlias

PROGRAM = "nocode-classifier"

# argparse gives what `add_subparsers` returns no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(
    commands: Commands, name: str, summary: str, description: str, end: str
) -> argparse.ArgumentParser:
    """Add a command with its help.

    Args:
        commands: where to.
        name: what is typed.
        summary: its line in the list of commands.
        description: above its options in its own help.
        end: below them.
    """
    command = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=end,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_common(command)
    return command


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
