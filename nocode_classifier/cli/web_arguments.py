"""What can be typed after `nocode-classifier collect`, `credits` and `takedown`."""

from __future__ import annotations

from nocode_classifier.cli.parsing import Commands, add_command, add_home, add_json

COLLECT = """\
Find photos on the web for the classes of a project, or fetch those of a list.

Each class is filled up to --count photos, those it has already included, so asking again tops it
up; no address is fetched twice. Web pages, logos, placeholders and near copies are left out and
counted. Where each photo is from is kept: see 'credits'. Ctrl-C stops and keeps what came.

PROJECT is the name of a project, or its id."""

COLLECT_END = """\
examples:
  nocode-classifier collect "Bears" --count 100
  nocode-classifier collect "Bears" --class "grizzly bear" --words "grizzly bear in the wild"
  nocode-classifier collect "Bears" --source openverse --source commons --licence reuse
  nocode-classifier collect "Bears" --class "teddy bear" --links urls_teddys.txt

--json prints: project, stopped, classes [{class, wanted, photos, found, added, waiting,
skipped {reason: n}, troubles []}]

exit code 1: a class has fewer photos than wanted, or a list was given, and nothing came in"""

CREDITS = """\
Show where the photos of a project are from, who made them, and under which licence.

With -o, the same is written into a file: a table (.csv) or a page to read (.html)."""

CREDITS_END = """\
examples:
  nocode-classifier credits "Bears"
  nocode-classifier credits "Bears" -o credits.html

--json prints: credits [{class, name, title, address, page, source, licence, licence_address,
creator, added_at, sha256, perceptual_hash, width, height}]"""

TAKEDOWN = """\
Take a photo down: it and its near copies leave every project and stay out of later searches.

Say which by its address on the web, a file, or its SHA-256 hash, as 'credits' shows it. Without
more, the take-downs that stand are listed. Classifiers that were trained on it have to be trained
again; the result says which."""

TAKEDOWN_END = """\
examples:
  nocode-classifier takedown https://example.org/photos/17.jpg --note "asked for by the author"
  nocode-classifier takedown my-own-photo.jpg
  nocode-classifier takedown
  nocode-classifier takedown --lift 4f1c

--json prints: takedowns [{id, made_at, given, note}], and for a new one photos {project: n} and
train_again [project]"""


def add_web_commands(commands: Commands) -> None:
    """Add the commands about photos from the web."""
    _add_collect(commands)
    _add_credits(commands)
    _add_takedown(commands)


def _add_collect(commands: Commands) -> None:
    command = add_command(
        commands, "collect", "find photos on the web for a project", COLLECT, COLLECT_END
    )
    command.add_argument("project", metavar="PROJECT", help="its name or its id")
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
        choices=("any", "reuse", "change", "commercial"),
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


def _add_credits(commands: Commands) -> None:
    command = add_command(
        commands, "credits", "show where a project's photos are from", CREDITS, CREDITS_END
    )
    command.add_argument("project", metavar="PROJECT", help="its name or its id")
    command.add_argument("-o", "--output", metavar="FILE", help="write them to a .csv or .html")
    add_home(command)
    add_json(command)


def _add_takedown(commands: Commands) -> None:
    command = add_command(
        commands, "takedown", "take a photo down, in every project", TAKEDOWN, TAKEDOWN_END
    )
    command.add_argument(
        "photo", metavar="ADDRESS|FILE|HASH", nargs="?", help="which photo; left out: list them"
    )
    command.add_argument("--note", metavar="TEXT", default="", help="why, for your own record")
    command.add_argument("--lift", metavar="ID", help="end a take-down; its photos stay in the bin")
    add_home(command)
    add_json(command)
