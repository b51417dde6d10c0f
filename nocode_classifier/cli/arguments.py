"""What can be typed after `nocode-classifier`, and the help for it."""

from __future__ import annotations

import argparse

from nocode_classifier import __version__
from nocode_classifier.cli.check_arguments import add_check
from nocode_classifier.cli.export_arguments import add_export
from nocode_classifier.cli.parsing import (
    PROGRAM,
    Commands,
    add_command,
    add_common,
    add_home,
    add_json,
    add_model,
)
from nocode_classifier.cli.project_arguments import add_projects
from nocode_classifier.cli.publish_arguments import add_publish
from nocode_classifier.cli.serve_arguments import add_serve
from nocode_classifier.cli.train_arguments import add_train
from nocode_classifier.cli.web_arguments import add_web_commands

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

EVALUATE = """\
See how good a model is on photos that you sorted yourself.

Give it photos that the model has NOT learnt from: on those it knows, every model looks good.
The folder has one sub-folder for each class, called as the model calls it. An answer counts as
right when the likeliest class is right, also where the model says that it is not sure."""

EVALUATE_END = """\
example:
  nocode-classifier evaluate my-model other-photos

--json prints: photos, correct, accuracy, accuracy_low, accuracy_high, balanced_accuracy (each
class counts alike), weakest (the class to look at first where classes are uneven), by_class
{class {photos, correct, accuracy, accuracy_low, accuracy_high}}, reason (why a figure is null),
unsure, confusion {true {predicted: n}}"""

PREDICT = """\
Ask a model what is in photos: files, all photos in a folder, or addresses on the web.

"not sure" means that a photo is too close to call, or looks like none of the photos the model
has learnt from. A photo that can't be read does not keep the others from being answered; the
exit code is 1 then."""

PREDICT_END = """\
examples:
  nocode-classifier predict my-model new.jpg
  nocode-classifier predict my-model holiday-photos --csv answers.csv
  nocode-classifier predict "Our birds" https://example.org/dog.jpg --json

--json prints: answers [{photo, label, sure, why (null where it is sure), probabilities {},
hint} or {photo, error}]"""


def build_parser() -> argparse.ArgumentParser:
    """The parser for everything that can be typed."""
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
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    add_train(commands)
    _add_evaluate(commands)
    add_check(commands)
    _add_predict(commands)
    add_serve(commands)
    add_export(commands)
    add_publish(commands)
    add_projects(commands)
    add_web_commands(commands)
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


def _add_evaluate(commands: Commands) -> None:
    command = add_command(
        commands,
        "evaluate",
        "see how good a model is on photos it has not seen",
        EVALUATE,
        EVALUATE_END,
    )
    add_model(command)
    command.add_argument("folder", metavar="FOLDER", help="has one sub-folder for each class")
    add_home(command)
    add_json(command)


def _add_predict(commands: Commands) -> None:
    command = add_command(
        commands, "predict", "ask a model what is in photos", PREDICT, PREDICT_END
    )
    add_model(command)
    command.add_argument(
        "photos",
        metavar="PHOTO|FOLDER|URL",
        nargs="+",
        help="a file, a folder of photos, or an address that begins with http:// or https://",
    )
    add_home(command)
    form = command.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument(
        "--csv", metavar="FILE", help="write a table that a spreadsheet program opens"
    )
