"""What can be typed after `nocode-classifier`, and the help for it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from nocode_classifier import __version__
from nocode_classifier.cli.parsing import add_common, add_home

PROGRAM = "nocode-classifier"

INTRODUCTION = """\
Build an image classifier from your own photos, and know how good it really is.

Without a command, the app opens in your browser; that is the way to start.
The commands do the same without a browser."""

EXAMPLES = """\
examples:
  nocode-classifier                                   open the app
  nocode-classifier train photos -o my-model          learn from photos/cats, photos/dogs, ...
  nocode-classifier predict my-model new.jpg          what is in this photo?
  nocode-classifier evaluate my-model other-photos    how good is it on photos it has not seen?
  nocode-classifier check photos --report page.html   what does it get wrong, and what to do?
  nocode-classifier serve my-model                    let others ask it, on a page or by REST
  nocode-classifier export my-model page -o my-page   a web page of it, and other exports
  nocode-classifier publish my-model ada/my-model     let everyone try it, at Hugging Face
  nocode-classifier projects                          list the projects made in the app
  nocode-classifier collect "Bears" --count 100       find photos of each class on the web

More about a command:  nocode-classifier COMMAND --help

exit codes:
  0  all went well
  1  something could not be done; a sentence says what
  2  the command was typed wrongly
  130  stopped with Ctrl-C"""

COMMANDS = {
    "train": "learn from a folder with one sub-folder a class",
    "evaluate": "see how good a model is on photos it has not seen",
    "check": "see what a classifier gets wrong, and what to do next",
    "predict": "ask a model what is in photos",
    "serve": "let others ask a model: a page and REST calls",
    "export": "make a web page, a server or files of a model",
    "publish": "publish a classifier at Hugging Face",
    "projects": "list projects, take them to another computer",
    "collect": "find photos on the web for a project",
    "credits": "show where a project's photos are from",
    "takedown": "take a photo down, in every project",
}
"""What each command does, in a line. It is a module of this folder with its help (`DESCRIPTION`,
`EPILOG`), `add_arguments(command)` and `run(args, console)`."""


class CommandParser(argparse.ArgumentParser):
    """Parses one command, whose module is imported when the command is typed and not before: what
    all commands need together is slow to import."""

    def __init__(self, *, module: str, **options: Any) -> None:
        super().__init__(**options, formatter_class=argparse.RawDescriptionHelpFormatter)
        self._module = module

    def parse_known_args(
        self, args: Iterable[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """As of every parser, which finds its arguments here just before they are needed."""
        if self.description is None:
            self._load()
        return super().parse_known_args(args, namespace)

    def _load(self) -> None:
        command = import_module(self._module)
        self.description, self.epilog = command.DESCRIPTION, command.EPILOG
        add_common(self)
        command.add_arguments(self)
        self.set_defaults(run=command.run)


def build_parser() -> argparse.ArgumentParser:
    """The parser for everything that can be typed; what it gives has the command's `run`."""
    parser = argparse.ArgumentParser(
        PROGRAM,
        description=INTRODUCTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(debug=False, home=None, json=False)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    _add_app(parser)
    add_common(parser)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", parser_class=CommandParser
    )
    for name, summary in COMMANDS.items():
        commands.add_parser(name, help=summary, module=f"{__package__}.{name}")
    return parser


def _add_app(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("when opening the app")
    group.add_argument(
        "--port", type=int, metavar="N", help="where to listen; the first free one from 7860 on"
    )
    group.add_argument("--no-browser", action="store_true", help="do not open the browser")
    group.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on; only this computer can reach the usual one, %(default)s",
    )
    group.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name under which the app may be opened, beside this computer's own and its "
        "numbers; can be repeated",
    )
    add_home(group)
