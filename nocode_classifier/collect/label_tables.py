"""Labels that lie in a table beside the photos instead of in the names of folders.

What is read, as the usual exports and competitions have it: a CSV with a column of file names and
one of classes; a CSV with a column of 0 and 1 for each class (`_classes.csv` of Roboflow); COCO's
JSON, where it has one category a photo; and file names such as `cat.0.jpg`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from nocode_classifier.collect.code_pages import text_of
from nocode_classifier.collect.layout import class_name_of, is_called_a_photo, readable
from nocode_classifier.plurals import counted
from nocode_classifier.project.names import comparing_key

LARGEST = 100_000_000
"""Bytes of a table that is read."""

_FILE = re.compile(
    r"id|name|photo|picture|path|img|(?:file|image|img)s?(?:_?(?:file|name|names|path|id))?|fname"
)
_LABEL = re.compile(
    r"y|tag|target|breed|species|ground_truth|(?:label|class|category)(?:e?s|_?names?)?"
)
_YES, _NO = frozenset({"1", "1.0", "true", "yes"}), frozenset({"0", "0.0", "false", "no", ""})
# Photo services put a JSON file beside every photo; a competition's example labels nothing.
_TABLE = re.compile(
    r"(?i)(?!.*submission|credits\.csv).*\.(?:csv|tsv)|.*(?:annotation|coco|instances|label).*\.json"
)
_LABEL_IN_NAME = re.compile(r"([^.\d][^.]*)\.\d+")


class NoLabels(ValueError):
    """A table is none of labels; the text says what it lacks, as a part of a sentence."""


@dataclass(slots=True)
class Labelled:
    """What tables and names say about photos.

    Attributes:
        classes: the class of each photo they name.
        reasons: why a photo that they name, or leave out, has no class.
        sources: names of the tables that were used.
        troubles: sentences about tables that could not be used, or only in part.
    """

    classes: dict[PurePosixPath, str] = field(default_factory=dict)
    reasons: dict[PurePosixPath, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def is_called_a_table(path: PurePosixPath) -> bool:
    """Whether a file may be a table of labels."""
    return bool(_TABLE.fullmatch(path.name))


def labels_in(
    photos: Sequence[PurePosixPath], tables: Iterable[tuple[PurePosixPath, bytes | str]]
) -> Labelled:
    """What tables say about photos.

    Args:
        photos: relative to the folder or archive that they and the tables are in.
        tables: their places and contents; for one that can't be read, the reason.
    """
    found, said, places = (
        Labelled(),
        defaultdict[PurePosixPath, dict[str, str]](dict),
        _Places(photos),
    )
    for path, content in tables:
        try:
            if isinstance(content, str):
                raise NoLabels(content)
            rows = list(_rows(path, content))
        except NoLabels as error:
            found.troubles.append(f"{readable(str(path))} was not used: {error}.")
            continue
        missing = 0
        for file, label in rows:
            photo, name = places.find(path.parent, file), class_name_of(label)
            missing += photo is None
            if photo is not None and name is not None:
                said[photo].setdefault(comparing_key(name), name)
        if missing < len(rows):
            found.sources.append(readable(str(path)))
        if missing:
            lines = counted(missing, "line names", "lines name")
            found.troubles.append(f"{lines} no photo that is here: {readable(str(path))}.")
    for photo in photos if said else ():
        _decide(photo, list(said.get(photo, {}).values()), found)
    return found


def _decide(photo: PurePosixPath, names: list[str], found: Labelled) -> None:
    if len(names) == 1:
        found.classes[photo] = names[0]
    elif names:
        told = " and ".join(f"'{name}'" for name in names[:2])
        found.reasons[photo] = (
            f"The table of labels calls it {told}; a photo here can have one class only: leave it "
            "out, or keep one of the labels."
        )
    else:
        found.reasons[photo] = "The table of labels gives it no class: add a line for it."


def labels_in_names(photos: Sequence[PurePosixPath]) -> Labelled:
    """The classes that files are called after, as in `cat.0.jpg`; none unless most have one."""
    found = Labelled()
    for photo in photos:
        match = _LABEL_IN_NAME.fullmatch(photo.stem)
        if match and (name := class_name_of(match[1])):
            found.classes[photo] = name
        else:
            found.reasons[photo] = "Its name says no class, as 'cat.0.jpg' would."
    names = {comparing_key(name) for name in found.classes.values()}
    if (
        len(names) < 2
        or len(names) * 2 > len(found.classes)
        or len(found.reasons) * 2 > len(photos)
    ):
        return Labelled()
    found.sources.append("the names of the files")
    return found


class _Places:
    """Finds the photo that a line of a table means."""

    def __init__(self, photos: Sequence[PurePosixPath]) -> None:
        self._by_path = {_key(str(photo)): photo for photo in photos}
        self._by_name: dict[str, list[PurePosixPath]] = defaultdict(list)
        for photo in photos:
            for name in {_key(photo.name), _key(photo.stem)}:
                self._by_name[name].append(photo)

    def find(self, folder: PurePosixPath, file: str) -> PurePosixPath | None:
        """By its path from the table or from the top, or by its name alone, if one has it."""
        path = PurePosixPath(file.strip().replace("\\", "/"))
        for whole in (folder / path, path):
            if photo := self._by_path.get(_key(str(whole))):
                return photo
        named = self._by_name.get(_key(path.name), [])
        here = [photo for photo in named if photo.is_relative_to(folder)]
        return here[0] if len(here) == 1 else named[0] if len(named) == 1 else None


def _key(path: str) -> str:
    return comparing_key(path.removeprefix("./"))


def _rows(path: PurePosixPath, data: bytes) -> Iterator[tuple[str, str]]:
    """File names and labels; a photo may come several times, with an empty label for none."""
    text = text_of(data)
    if "\0" in text:
        raise NoLabels("it is no text")
    return _of_coco(text) if path.suffix.lower() == ".json" else _of_csv(text)


def _of_csv(text: str) -> Iterator[tuple[str, str]]:
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        table = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True
        )
        rows = [[cell.strip() for cell in row] for row in table if any(row)]
    except csv.Error as error:
        raise NoLabels("it can't be read as a table") from error
    if not rows:
        raise NoLabels("it is empty")
    names = [re.sub(r"[\s-]+", "_", cell.lower()) for cell in rows[0]]
    file = next((place for place, name in enumerate(names) if _FILE.fullmatch(name)), 0)
    others = [place for place in range(len(names)) if place != file]
    label = next((place for place in others if _LABEL.fullmatch(names[place])), None)
    if label is None and len(names) == 2:
        label = 1 - file
        # Two columns may have no line of headers.
        body = rows if is_called_a_photo(PurePosixPath(rows[0][file])) else rows[1:]
        return ((row[file], row[label]) for row in body if len(row) == 2)
    if label is not None:
        return ((row[file], row[label]) for row in rows[1:] if len(row) > max(file, label))
    return _of_columns(rows, file)


def _of_columns(rows: Sequence[Sequence[str]], file: int) -> Iterator[tuple[str, str]]:
    """A column of 0 and 1 for each class."""
    header, *body = rows
    classes = [place for place, name in enumerate(header) if place != file and name]
    cells = {row[place].lower() for row in body for place in classes if place < len(row)}
    if len(classes) < 2 or not cells <= _YES | _NO:
        raise NoLabels("it needs a column of file names and one of classes")
    for row in body:
        yes = [place for place in classes if place < len(row) and row[place].lower() in _YES]
        if file < len(row):
            yield from ((row[file], label) for label in [header[place] for place in yes] or [""])


def _of_coco(text: str) -> Iterator[tuple[str, str]]:
    try:
        data: Any = json.loads(text)
        files = {image["id"]: str(image["file_name"]) for image in data["images"]}
        names = {category["id"]: str(category["name"]) for category in data["categories"]}
        pairs = [(each["image_id"], each["category_id"]) for each in data["annotations"]]
        found = [(files[image], names[category]) for image, category in pairs if image in files]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NoLabels("it is not a list of labels in COCO's format") from error
    named = {file for file, _ in found}
    return iter([*found, *((file, "") for file in files.values() if file not in named)])
