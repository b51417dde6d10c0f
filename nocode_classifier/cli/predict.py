"""`nocode-classifier predict`: what a model sees in files, folders and addresses on the web."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from nocode_classifier.cli.console import Console
from nocode_classifier.cli.models import open_model
from nocode_classifier.cli.parsing import add_home, add_json, add_model
from nocode_classifier.cli.table import write_table
from nocode_classifier.collect.download.addresses import is_link
from nocode_classifier.collect.download.link import fetch_photo
from nocode_classifier.collect.folders import from_folder, read_file
from nocode_classifier.collect.intake import Incoming, Note, Refusal
from nocode_classifier.collect.layout import is_called_a_photo
from nocode_classifier.collect.photo_check import LIMITS, check_header
from nocode_classifier.collect.pipeline import Pace, in_order
from nocode_classifier.errors import AppError, InputError
from nocode_classifier.paths import kind_of, typed
from nocode_classifier.predict.predictor import Answer, PhotoError, Predictor
from nocode_classifier.progress import check_stop

DESCRIPTION = """\
Ask a model what is in photos: files, all photos in a folder, or addresses on the web.

"not sure" means that a photo is too close to call, or looks like none of the photos the model
has learnt from. A photo that can't be read does not keep the others from being answered; the
exit code is 1 then."""

EPILOG = """\
examples:
  nocode-classifier predict my-model new.jpg
  nocode-classifier predict my-model holiday-photos --csv answers.csv
  nocode-classifier predict "Our birds" https://example.org/dog.jpg --json

--json prints: answers [{photo, label, sure, why (null where it is sure), probabilities {},
hint} or {photo, error}]"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one photo: an answer, or the reason why there is none."""

    photo: str
    answer: Answer | None
    error: str | None = None

    @property
    def data(self) -> dict[str, object]:
        """As programs read it."""
        if self.answer is None:
            return {"photo": self.photo, "error": self.error}
        return {
            "photo": self.photo,
            "label": self.answer.label,
            "sure": self.answer.sure,
            "why": self.answer.why,
            "probabilities": self.answer.probabilities,
            "hint": self.answer.hint,
        }

    @property
    def line(self) -> str:
        """As people read it."""
        if self.answer is None:
            return f"{self.photo}: {self.error}"
        share = f"{self.answer.label} {self.answer.probabilities[self.answer.label]:.0%}"
        if not self.answer.sure:
            return f"{self.photo}: not sure, {self.answer.why} (nearest: {share})"
        return f"{self.photo}: {share}" + (f" ({self.answer.hint})" if self.answer.hint else "")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what can be typed after the command."""
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


def run(args: argparse.Namespace, console: Console) -> int:
    """Answer everything in `args.photos`; 1 if one of them could not be answered."""
    if args.csv and Path(args.csv).is_dir():
        raise InputError(f"{args.csv} is a folder: name a file for the table.")
    predictor = open_model(args.model)
    found = [item for each in args.photos for item in _photos(each)]
    if not found:
        raise InputError("No photos were found there.")
    answers = [answer for answer in _answers(predictor, found, console) if _tell(answer, console)]
    if args.csv:
        write_table(Path(args.csv), predictor.classes, [answer.data for answer in answers])
        console.note(f"The answers are in {args.csv}")
    console.end({"answers": [answer.data for answer in answers]})
    return int(any(answer.answer is None for answer in answers))


def _photos(source: str) -> Sequence[Incoming | Refusal]:
    """What one argument stands for: an address, a folder of photos, or a file."""
    if is_link(source):
        return [Incoming(source, partial(fetch_photo, source), None, "link")]
    path = typed(source)
    kind = kind_of(path)
    if kind == "folder":
        return list(_in_folder(path))
    if kind is None:
        return [Refusal(source, "There is no such file: check the path.")]
    return [Incoming(source, partial(read_file, path, LIMITS), None, "file")]


def _in_folder(folder: Path) -> Iterator[Incoming | Refusal]:
    """The photos below a folder; files that are not called photos are somebody's notes."""
    for item in from_folder(folder):
        if isinstance(item, Note):
            continue  # which class a folder names is nothing to someone who asks
        name = str(folder / item.name)
        if isinstance(item, Refusal):
            yield Refusal(name, item.reason)
        elif is_called_a_photo(PurePosixPath(item.name)):
            yield Incoming(name, item.read, None, "folder")


def _answers(
    predictor: Predictor, found: Iterable[Incoming | Refusal], console: Console
) -> Iterator[Answered]:
    """Answers in the order of the photos, a photo at a time on every processor core."""
    found = list(found)
    pace = Pace("Answering the photos", len(found), console.report)
    with closing(in_order(found, partial(answer_photo, predictor))) as results:
        for done, result in enumerate(results, start=1):
            check_stop(console.should_stop)
            yield result
            pace.at(done)


def answer_photo(predictor: Predictor, item: Incoming | Refusal) -> Answered:
    """Ask a model about one photo; whatever is wrong with the photo becomes a sentence."""
    if isinstance(item, Refusal):
        return Answered(item.name, None, item.reason)
    try:
        data = item.read()
        check_header(data)
        return Answered(item.name, predictor.predict(data))
    except (AppError, PhotoError) as error:
        return Answered(item.name, None, str(error))


def _tell(answer: Answered, console: Console) -> bool:
    if answer.answer is None:
        console.note(answer.line)
    else:
        console.say(answer.line)
    return True
