"""The photos of a project, as rows of an open connection."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from nocode_classifier.errors import NotFound, PhotoRefused
from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.blocklist.blocklist_index import staying_away
from nocode_classifier.project.names import short_text, storable, web_address
from nocode_classifier.project.records import NewPhoto, Photo, PhotoState, TrainingSet
from nocode_classifier.project.store.database import now
from nocode_classifier.project.tables.classes import all_classes, find_class
from nocode_classifier.project.tables.photo_quality import write_quality

HASH = re.compile(r"[0-9a-f]{64}")
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


def file_name_of(sha256: str, suffix: str) -> str:
    """What a photo's file is called: never by a name that someone else chose."""
    if not HASH.fullmatch(sha256) or not SUFFIX.fullmatch(suffix):
        raise ValueError(f"not a photo's hash and suffix: {sha256!r}, {suffix!r}")
    return sha256 + suffix


def refuse_if_known(
    connection: sqlite3.Connection, sha256: str, blocklist: Blocklist | None = None
) -> None:
    """Turn away bytes that the project has already.

    Raises:
        TakenDown: they were taken down.
        PhotoRefused: with a sentence that says where they are.
    """
    row = connection.execute(
        "SELECT state, class_id, taken_down FROM photos WHERE sha256 = ?", (sha256,)
    ).fetchone()
    if row is None:
        return
    if row["taken_down"]:
        raise staying_away(blocklist.index().find(row["taken_down"]) if blocklist else None)
    if row["state"] == PhotoState.BINNED:
        raise PhotoRefused(
            "You removed this photo earlier; it is in the bin, where you can restore it."
        )
    label = find_class(connection, row["class_id"], removed_too=True)
    raise PhotoRefused(f"This photo is already in '{label.name}'.")


def insert_photo(
    connection: sqlite3.Connection,
    new: NewPhoto,
    class_id: int,
    *,
    added_at: str | None = None,
    confirmed: bool = False,
) -> Photo:
    """Write the row of a photo whose file is in place; `added_at` is now unless given."""
    cursor = connection.execute(
        "INSERT INTO photos (class_id, sha256, suffix, width, height, size, perceptual_hash, name,"
        " source, burst, page, address, title, licence, licence_address, creator, added_at,"
        " confirmed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            class_id,
            new.sha256,
            new.suffix,
            new.width,
            new.height,
            len(new.data),
            new.perceptual_hash,
            storable(new.name),
            new.source,
            new.burst,
            web_address(new.page),
            web_address(new.address),
            short_text(new.title),
            short_text(new.licence),
            web_address(new.licence_address),
            short_text(new.creator),
            added_at or now(),
            class_id if confirmed else None,
        ),
    )
    photo_id = int(cursor.lastrowid or 0)
    if new.likeness:
        write_likenesses(connection, {photo_id: new.likeness})
    if new.quality is not None:
        write_quality(connection, new.quality_version, {photo_id: new.quality})
    return find_photo(connection, photo_id)


def write_likenesses(connection: sqlite3.Connection, likenesses: Mapping[int, bytes]) -> None:
    """Keep likenesses by the number of the photo."""
    connection.executemany(
        "INSERT OR REPLACE INTO likenesses (photo_id, data) VALUES (?, ?)", likenesses.items()
    )


def find_photo(connection: sqlite3.Connection, photo_id: int) -> Photo:
    """The photo with this number.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute("SELECT * FROM photos WHERE id = ?", (photo_id,)).fetchone()
    if row is None:
        raise NotFound("This photo is not there any more.")
    return _photo(row)


def find_by_hash(connection: sqlite3.Connection, sha256: str) -> Photo | None:
    """The photo with these bytes, kept or binned."""
    row = connection.execute("SELECT * FROM photos WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else _photo(row)


def photos_by_hash(connection: sqlite3.Connection, hashes: Sequence[str]) -> dict[str, Photo]:
    """The photos with these bytes, kept or binned, by hash; those that are gone are missing."""
    rows = connection.execute(
        "SELECT * FROM photos WHERE sha256 IN (SELECT value FROM json_each(?))",
        (json.dumps(list(hashes)),),
    )
    return {row["sha256"]: _photo(row) for row in rows}


def page_of_photos(
    connection: sqlite3.Connection,
    class_id: int | None,
    state: PhotoState,
    offset: int,
    limit: int | None,
) -> list[Photo]:
    """Photos in the order of adding."""
    window = (-1 if limit is None else limit, offset)
    if class_id is None:
        rows = connection.execute(
            "SELECT * FROM photos WHERE state = ? ORDER BY id LIMIT ? OFFSET ?",
            (state.value, *window),
        )
    else:
        rows = connection.execute(
            "SELECT * FROM photos WHERE state = ? AND class_id = ? ORDER BY id LIMIT ? OFFSET ?",
            (state.value, class_id, *window),
        )
    return [_photo(row) for row in rows]


def count_photos(connection: sqlite3.Connection, state: PhotoState) -> Counter[int]:
    """Photos in this state by class, 0 too; removed classes only where they have any."""
    counts = {label.id: 0 for label in all_classes(connection)}
    rows = connection.execute(
        "SELECT class_id, COUNT(*) FROM photos WHERE state = ? GROUP BY class_id", (state.value,)
    )
    counts.update({row[0]: row[1] for row in rows})
    return Counter(counts)


def training_set(connection: sqlite3.Connection) -> TrainingSet:
    """The classes, and the kept photos in the order of adding, each with the name of its class."""
    labels = all_classes(connection)
    names = {label.id: label.name for label in labels}
    photos = page_of_photos(connection, None, PhotoState.KEPT, 0, None)
    return TrainingSet(tuple(labels), tuple((photo, names[photo.class_id]) for photo in photos))


def cover_photos(connection: sqlite3.Connection, number: int = 4) -> tuple[str, ...]:
    """Hashes of a few kept photos, from as many classes as possible."""
    rows = connection.execute(
        "SELECT sha256 FROM (SELECT sha256, id, ROW_NUMBER() OVER"
        " (PARTITION BY class_id ORDER BY id) AS turn FROM photos WHERE state = 'kept')"
        " ORDER BY turn, id LIMIT ?",
        (number,),
    )
    return tuple(row["sha256"] for row in rows)


def hashes_in_use(connection: sqlite3.Connection) -> set[str]:
    """Of every photo, kept or binned."""
    return {row[0] for row in connection.execute("SELECT sha256 FROM photos")}


def _photo(row: sqlite3.Row) -> Photo:
    return Photo(
        id=row["id"],
        class_id=row["class_id"],
        state=PhotoState(row["state"]),
        sha256=row["sha256"],
        suffix=row["suffix"],
        width=row["width"],
        height=row["height"],
        size=row["size"],
        perceptual_hash=row["perceptual_hash"],
        name=row["name"],
        source=row["source"],
        burst=row["burst"],
        added_at=datetime.fromisoformat(row["added_at"]),
        page=row["page"],
        address=row["address"],
        title=row["title"],
        licence=row["licence"],
        licence_address=row["licence_address"],
        creator=row["creator"],
        taken_down=row["taken_down"],
        confirmed=row["confirmed"],
    )
