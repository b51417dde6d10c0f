"""The files of a project: photos and thumbnails put in place, and leftovers swept away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nocode_classifier.errors import NotFound
from nocode_classifier.placing import (
    WORK,
    put_in_place,
    remove,
    sweep,
    unfinished_folder,
    write_new,
    write_whole,
)
from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.blocklist.blocklist_index import staying_away
from nocode_classifier.project.records import NewPhoto, Photo
from nocode_classifier.project.store.database import Database, in_words, now
from nocode_classifier.project.store.thumbnails import likeness_or_nothing, make_thumbnail
from nocode_classifier.project.tables.classes import find_class
from nocode_classifier.project.tables.models import MODELS, folders_in_use
from nocode_classifier.project.tables.photos import (
    HASH,
    file_name_of,
    find_by_hash,
    hashes_in_use,
    insert_photo,
    refuse_if_known,
)
from nocode_classifier.project.tables.search_result_rows import settle_kept

PHOTOS, THUMBNAILS = "photos", "thumbnails"


def make_parts(folder: Path) -> None:
    """Make the folders inside a project's folder, which must exist, unless they are there."""
    for part in (PHOTOS, THUMBNAILS, MODELS):
        (folder / part).mkdir(exist_ok=True)


def store_photo(
    database: Database, new: NewPhoto, class_id: int, blocklist: Blocklist | None
) -> Photo:
    """Put a photo's file in place, then its row; see `Project.add_photo`."""
    folder = database.path.parent
    name = file_name_of(new.sha256, new.suffix)
    with database.reading() as connection:
        refuse_if_known(connection, new.sha256, blocklist)
    new = refuse_if_taken_down(new, blocklist)
    with in_words(database.path), unfinished_folder(folder / PHOTOS) as work:
        write_new(work / name, new.data, durable=True)
        write_new(work / THUMBNAILS, new.thumbnail, durable=False)
        # The renames happen under the write lock, which `tidy` holds too while it looks for files
        # without a row; so it can't mistake these for orphans.
        with database.writing() as connection:
            refuse_if_known(connection, new.sha256, blocklist)
            find_class(connection, class_id)
            # Once more, under the lock under which take-downs are carried out: one that was made
            # meanwhile either refuses this photo here or finds its row afterwards.
            new = refuse_if_taken_down(new, blocklist)
            put_in_place(work / THUMBNAILS, _thumbnail(folder, new.sha256))
            put_in_place(work / name, folder / PHOTOS / name)
            if new.address is not None:
                settle_kept(connection, class_id, new.address, new.sha256)
            return insert_photo(connection, new, class_id)


def refuse_if_taken_down(new: NewPhoto, blocklist: Blocklist | None) -> NewPhoto:
    """Turn away what was taken down; returns the photo, with its likeness if that was needed.

    Raises:
        TakenDown: it, its page or a near copy of it was taken down.
    """
    if blocklist is None:
        return new
    index = blocklist.index()
    if index.by_likeness is not None and not new.likeness:
        new = replace(new, likeness=likeness_or_nothing(new.thumbnail))
    found = index.refuses(new.address, new.sha256, new.likeness, page=new.page)
    if found is not None:
        raise staying_away(found)
    return new


def thumbnail(database: Database, sha256: str) -> Path:
    """Where a photo's thumbnail is, made again if it was lost.

    Raises:
        NotFound: there is no such photo.
    """
    folder = database.path.parent
    if not HASH.fullmatch(sha256):
        raise NotFound("This photo is not there any more.")
    path = _thumbnail(folder, sha256)
    if path.is_file() and path.stat().st_size:
        return path
    with database.reading() as connection:
        photo = find_by_hash(connection, sha256)
    original = folder / PHOTOS / file_name_of(sha256, photo.suffix) if photo else None
    if original is None or not original.is_file():
        raise NotFound("This photo is not there any more.")
    with in_words(database.path):
        path.parent.mkdir(exist_ok=True)
        write_whole(path, make_thumbnail(original.read_bytes()))
    return path


def tidy(database: Database) -> None:
    """Remove what processes that were killed left behind; what others write just now stays."""
    folder = database.path.parent
    parts = [folder / part for part in (PHOTOS, THUMBNAILS, MODELS)]
    for part in (folder, *parts, *parts[-1].glob("*/")):
        sweep(part)
    with database.writing(visible=False) as connection:
        known = {*hashes_in_use(connection), *folders_in_use(connection)}
        for path in (path for part in parts for path in part.iterdir()):
            if path.stem not in known and not WORK.fullmatch(path.name):
                remove(path)
        connection.execute("UPDATE project SET tidied_at = ?", (now(),))


def _thumbnail(folder: Path, sha256: str) -> Path:
    return folder / THUMBNAILS / f"{sha256}.webp"
