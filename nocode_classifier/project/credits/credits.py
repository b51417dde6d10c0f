"""Where the photos of a project are from: who made them, under which licence, found where."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from nocode_classifier.project.csv_tables import table_text
from nocode_classifier.project.names import short_text
from nocode_classifier.project.project import Project

SOURCE_LABELS: Mapping[str, str] = {
    "upload": "File from this computer",
    "folder": "Folder on this computer",
    "archive": "Archive",
    "camera": "Camera",
    "link": "Link",
    "duckduckgo": "DuckDuckGo",
    "bing": "Bing",
    "openverse": "Openverse",
    "commons": "Wikimedia Commons",
    "inaturalist": "iNaturalist",
}
"""What people call the sources there ever were: credits outlive a source that is dropped."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Where one photo is from; what nobody said is None.

    Attributes:
        class_name: what it shows, as the user calls it.
        name: of the file, without the folders it lay in.
        title: what its page calls it.
        address: of the picture itself.
        page: address of the page that shows it.
        source: where it was found, as people call it.
        licence: the claim of the source, in short form.
        licence_address: where the licence can be read.
        creator: who made it.
        added_at: when it came into the project (UTC).
        sha256: of the file.
        perceptual_hash: 64-bit pHash as 16 hex digits.
        width, height: pixels, upright.
    """

    class_name: str
    name: str
    title: str | None
    address: str | None
    page: str | None
    source: str
    licence: str | None
    licence_address: str | None
    creator: str | None
    added_at: datetime
    sha256: str
    perceptual_hash: str
    width: int
    height: int

    @property
    def is_from_the_web(self) -> bool:
        """Whether it was found there; what a person's own files are called is private."""
        return bool(self.page or self.address)


def credits(project: Project) -> list[Credit]:
    """The credits of all kept photos: by class in the user's order, then in the order of adding."""
    with project.database.reading() as connection:
        return read_credits(connection)


def read_credits(connection: sqlite3.Connection) -> list[Credit]:
    """As `credits`, on an open connection."""
    rows = connection.execute(
        "SELECT photos.*, classes.name AS class_name FROM photos"
        " JOIN classes ON classes.id = class_id"
        " WHERE state = 'kept' ORDER BY position, classes.id, photos.id"
    )
    return [_credit(row) for row in rows]


def credits_csv(credits: Iterable[Credit]) -> str:
    """The credits as a table (see `table_text`), with a line of headers; unknown is left empty."""
    columns = [each.name for each in fields(Credit)]
    headers = ["class" if column == "class_name" else column for column in columns]
    rows = ([_told(getattr(credit, column)) for column in columns] for credit in credits)
    return table_text([headers, *rows])


def _credit(row: sqlite3.Row) -> Credit:
    return Credit(
        class_name=row["class_name"],
        name=bare_name(row["name"]),
        title=row["title"],
        address=row["address"],
        page=row["page"],
        source=SOURCE_LABELS.get(row["source"], row["source"]),
        licence=row["licence"],
        licence_address=row["licence_address"],
        creator=row["creator"],
        added_at=datetime.fromisoformat(row["added_at"]),
        sha256=row["sha256"],
        perceptual_hash=row["perceptual_hash"],
        width=row["width"],
        height=row["height"],
    )


def bare_name(name: str) -> str:
    """The name of a file without its folders, which may tell who someone is."""
    return name.replace("\\", "/").rpartition("/")[2]


def _told(value: str | int | datetime | None) -> str | None:
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case int():
            return str(value)
    return short_text(value)
