"""The photos as a data set: a folder a class, and where each photo is from."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from nocode_classifier.errors import NotProven, NotReady, PhotoRefused
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop
from nocode_classifier.project.archive.metadata import pixels_stay, read_stripped, strip_private
from nocode_classifier.project.credits.credits import Credit, credits, credits_csv
from nocode_classifier.project.credits.credits_page import credits_page
from nocode_classifier.project.names import comparing_key, file_name
from nocode_classifier.share.asking import ask_predictor
from nocode_classifier.share.exporter import ExportAnswer, Exporter, Subject
from nocode_classifier.share.packing import write_text

TABLE, PAGE = "CREDITS.csv", "CREDITS.html"


class DataSet(Exporter):
    """One folder a class, as fastai, Keras and `nocode-classifier train` read it."""

    key = "dataset"
    label = "Photos"
    about = "The photos in a folder for each class, with credits; places and dates removed"
    landmark = TABLE

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write every kept photo without its private metadata, and the credits."""
        project = subject.collected()
        known = {credit.sha256: credit for credit in credits(project)}
        photos = [each for each in project.training_set().photos if each[0].sha256 in known]
        if not photos:
            raise NotReady("There are no photos yet: add some first.")
        written: dict[str, Credit] = {}
        names = _Names()
        for done, (photo, class_name) in enumerate(photos, 1):
            check_stop(should_stop)
            data, suffix = read_stripped(project.path_of(photo), photo.name)
            sha256 = hashlib.sha256(data).hexdigest()
            # Two photos may have differed in their metadata only: the first stands for both.
            if sha256 not in written:
                credit = known[photo.sha256]
                place = names.place(class_name, credit.name, suffix)
                written[sha256] = replace(credit, sha256=sha256, name=place)
                (made / place).parent.mkdir(exist_ok=True)
                (made / place).write_bytes(data)
            report(Progress("Writing the photos", done, len(photos), done / len(photos)))
        listed = list(written.values())
        page = credits_page(subject.name, listed, lambda credit: quote(credit.name))
        (made / TABLE).write_bytes(credits_csv(listed).encode())
        write_text(made / PAGE, page)

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer | None]:
        """Find photos by the table of credits and ask the model about them."""
        listed = listed_in(made)
        places = {sha256: name for name, sha256 in listed.items()}
        copies = [_copy_of(photo, places) for photo in photos]
        there = [made / name for name in copies if name]
        missing = [name for name in listed if not (made / name).is_file()]
        if missing:
            raise NotProven(f"The photo {missing[0]} is not where the credits say it is.")
        answers = iter(ask_predictor(subject.trained(), place, there, should_stop=should_stop))
        return [next(answers, None) if name else None for name in copies]


class _Names:
    """Gives every photo a place of its own, whatever classes and files are called."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}
        self._taken: set[str] = {comparing_key(TABLE), comparing_key(PAGE)}

    def place(self, class_name: str, name: str, suffix: str) -> str:
        """Path inside the data set, with a slash."""
        if class_name not in self._folders:
            self._folders[class_name] = self._free("", file_name(class_name), "")
        stem = file_name(PurePosixPath(name.replace("\\", "/")).stem)
        return self._free(f"{self._folders[class_name]}/", stem, suffix)

    def _free(self, folder: str, stem: str, suffix: str) -> str:
        # Names that differ in case only are the same on some systems.
        wanted, number = f"{folder}{stem}{suffix}", 1
        while comparing_key(wanted) in self._taken:
            number += 1
            wanted = f"{folder}{stem} ({number}){suffix}"
        self._taken.add(comparing_key(wanted))
        return wanted


def listed_in(folder: Path) -> dict[str, str]:
    """SHA-256 of each photo by where it is in a data set, as its table says; empty without one."""
    try:
        text = (folder / TABLE).read_text(encoding="utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        # Before a minus the table has an apostrophe, for spreadsheets.
        return {row["name"].removeprefix("'"): row["sha256"] for row in rows}
    except (OSError, ValueError, KeyError):
        return {}


def _copy_of(photo: Path, places: dict[str, str]) -> str | None:
    """Where a photo of the project is in the data set, if its pixels are the same there."""
    try:
        data, suffix = strip_private(photo.read_bytes(), photo.suffix)
    except PhotoRefused:
        return None
    same = pixels_stay(photo.suffix, suffix)
    return places.get(hashlib.sha256(data).hexdigest()) if same else None
