"""What the photos of a project look like, to tell near copies by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

from nocode_classifier.errors import NotFound, PhotoRefused
from nocode_classifier.progress import ShouldStop, check_stop, never
from nocode_classifier.project.records import PhotoState
from nocode_classifier.project.store.database import Database
from nocode_classifier.project.store.photo_files import thumbnail
from nocode_classifier.project.store.thumbnails import likeness_or_nothing
from nocode_classifier.project.tables.photos import write_likenesses

_PORTION = 100  # photos whose likeness is made and kept at once


@dataclass(frozen=True, slots=True)
class KnownLikeness:
    """What a photo looks like.

    Attributes:
        likeness: from `likeness.likeness_of`; empty when the photo's file is lost.
    """

    photo_id: int
    sha256: str
    class_id: int
    state: PhotoState
    likeness: bytes


def known_likenesses(database: Database, *, should_stop: ShouldStop = never) -> list[KnownLikeness]:
    """The likeness of every photo, kept or binned, in the order of adding.

    Photos from before there were likenesses get theirs here, from their thumbnails.

    Raises:
        Cancelled: Stop was pressed; those made until then are kept.
    """
    from nocode_classifier.project.near_copies.likeness import is_likeness

    with database.reading() as connection:
        rows = connection.execute(
            "SELECT id, sha256, class_id, state, data FROM photos"
            " LEFT JOIN likenesses ON photo_id = id ORDER BY id"
        )
        known = [
            KnownLikeness(row[0], row[1], row[2], PhotoState(row[3]), row[4] or b"") for row in rows
        ]
    missing = [each for each in known if not is_likeness(each.likeness)]
    made: dict[int, bytes] = {}
    for start in range(0, len(missing), _PORTION):
        check_stop(should_stop)
        made |= _make(database, missing[start : start + _PORTION])
    return [replace(each, likeness=made.get(each.photo_id, each.likeness)) for each in known]


def _make(database: Database, missing: list[KnownLikeness]) -> dict[int, bytes]:
    with ThreadPoolExecutor() as threads:
        likenesses = threads.map(lambda each: stored_likeness(database, each.sha256), missing)
        made = {each.photo_id: found for each, found in zip(missing, likenesses, strict=True)}
    with database.writing(visible=False) as connection:
        write_likenesses(connection, {key: found for key, found in made.items() if found})
    return made


def stored_likeness(database: Database, sha256: str) -> bytes:
    """The likeness of a photo from its thumbnail; empty when its file is lost."""
    with suppress(NotFound, PhotoRefused, OSError):
        return likeness_or_nothing(thumbnail(database, sha256).read_bytes())
    return b""
