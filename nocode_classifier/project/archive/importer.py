"""Making a project from a `.nocode` file."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from nocode_classifier.errors import InputError, PhotoRefused, Unwritable
from nocode_classifier.placing import flush_folder
from nocode_classifier.predict.headers import open_photo
from nocode_classifier.predict.photos import orientation_of
from nocode_classifier.predict.refusals import PhotoError, PhotoTooBig
from nocode_classifier.progress import Report, ShouldStop, check_stop, ignore, never
from nocode_classifier.project.archive.features import add_features
from nocode_classifier.project.archive.held_out import read_class_ids, read_held_out_rows
from nocode_classifier.project.archive.json_fields import Fields, damaged
from nocode_classifier.project.archive.layout import (
    CONTENT,
    CREDITS_PAGE,
    CREDITS_TABLE,
    MOST_PHOTOS,
    PROBABILITIES,
    Steps,
)
from nocode_classifier.project.archive.reader import ArchiveReader, opened
from nocode_classifier.project.archive.runs import read_runs
from nocode_classifier.project.names import LONGEST, LONGEST_ADDRESS, LONGEST_TEXT, web_address
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import NewPhoto
from nocode_classifier.project.store.database import FILE_NAME, in_words
from nocode_classifier.project.store.photo_files import PHOTOS, THUMBNAILS
from nocode_classifier.project.store.thumbnails import make_thumbnail
from nocode_classifier.project.tables.classes import (
    LONGEST_HINT,
    MOST_HINTS,
    insert_class,
    write_hints,
)
from nocode_classifier.project.tables.model_cards import class_names_of, write_caution
from nocode_classifier.project.tables.models import MODELS, content_fingerprint, insert_model
from nocode_classifier.project.tables.photos import HASH, insert_photo
from nocode_classifier.project.tables.runs import NewRun, bare_run, insert_run
from nocode_classifier.project.tables.search_settings import (
    LONGEST_WORDS,
    MOST_SOURCES,
    MOST_WANTED,
    MOST_WORDS,
    SearchSettings,
    write_search_settings,
)

MOST_CLASSES = 10_000

_AT_ONCE, _BYTES_AT_ONCE = 16, 64 * 1024**2  # photos in memory
_FORMATS = {".jpg": ("JPEG", "MPO"), ".png": ("PNG",), ".webp": ("WEBP",)}
_PERCEPTUAL_HASH = re.compile(r"[0-9a-f]{16}")


def import_project(
    path: Path,
    folder: Path,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> None:
    """Fill an empty folder with the project in a file. Nothing in the file is trusted.

    Raises:
        InputError: it is no project file, damaged or a trap.
        NotFound: there is no such file.
        Unavailable: a newer version of the app made it, or the disk is full.
        Cancelled: Stop was pressed.
    """
    with opened(path) as archive, in_words(folder / FILE_NAME):
        if archive.bytes > shutil.disk_usage(folder).free:
            raise Unwritable("The disk has too little space for this project. Free some first.")
        content = archive.content()
        project = Project.create(folder, content.text("name", LONGEST))
        with project.database.writing() as connection:
            class_ids = _add_classes(connection, content)
            if content.has("caution"):
                write_caution(connection, content.share("caution"))
        rows = content.objects("photos", MOST_PHOTOS)
        _check_complete(archive, content, rows)
        steps = Steps(report, "Unpacking the photos", len(rows))
        for some in _in_portions(archive, rows):
            check_stop(should_stop)
            _add_photos(project, some, class_ids)
            steps.advance(len(some))
        add_features(project, archive, content, should_stop)
        _add_trainings(project, archive, content, class_ids)
    flush_folder(folder / PHOTOS)
    flush_folder(folder / MODELS)


def _add_classes(connection: sqlite3.Connection, content: Fields) -> list[int]:
    numbers = []
    for entry in content.objects("classes", MOST_CLASSES):
        colour = entry.whole("colour", MOST_CLASSES)
        label = insert_class(connection, entry.text("name", LONGEST), colour=colour)
        write_hints(connection, label.id, entry.texts("hints", MOST_HINTS, LONGEST_HINT))
        search = entry.object_or_none("search")
        if search is not None:
            write_search_settings(connection, label.id, _search_settings(search))
        numbers.append(label.id)
    return numbers


def _search_settings(search: Fields) -> SearchSettings:
    return SearchSettings(
        words=tuple(search.texts("words", MOST_WORDS, LONGEST_WORDS)),
        sources=tuple(search.texts("sources", MOST_SOURCES, 40)),
        licence=search.text("licence", 40),
        count=search.whole("count", MOST_WANTED),
        photos_only=search.yes_or_no("photos_only"),
    )


def _check_complete(archive: ArchiveReader, content: Fields, rows: list[Fields]) -> None:
    """Every file of the archive is spoken of, and every file spoken of is there, once."""
    photos = [_entry(row) for row in rows]
    features = [entry.text("entry", 100) for entry in content.objects("features", 1000)]
    model = content.object_or_none("model")
    answers = [PROBABILITIES] if model is not None and model.has("probabilities") else []
    there = {name for name in archive.names if model is None or not name.startswith("model/")}
    there -= {CREDITS_TABLE, CREDITS_PAGE}
    if sorted([*photos, *features, *answers, CONTENT]) != sorted(there):
        raise damaged("its contents are not those it speaks of")


def _entry(row: Fields) -> str:
    sha256, suffix = row.text("sha256", 64), row.text("suffix", 5)
    if not HASH.fullmatch(sha256) or suffix not in _FORMATS:
        raise damaged(f"{row.where} has no usable file name")
    return f"photos/{sha256}{suffix}"


def _in_portions(
    archive: ArchiveReader, rows: list[Fields]
) -> Iterator[list[tuple[Fields, bytes]]]:
    """Photos with their bytes, a few at a time."""
    some: list[tuple[Fields, bytes]] = []
    held = 0
    for row in rows:
        data = archive.read(_entry(row))
        some.append((row, data))
        held += len(data)
        if len(some) == _AT_ONCE or held > _BYTES_AT_ONCE:
            yield some
            some, held = [], 0
    if some:
        yield some


def _add_photos(project: Project, some: list[tuple[Fields, bytes]], class_ids: list[int]) -> None:
    with ThreadPoolExecutor() as threads:
        photos = list(threads.map(_checked_photo, some))
    with project.database.writing() as connection:
        for (row, _), photo in zip(some, photos, strict=True):
            (project.folder / _entry(row)).write_bytes(photo.data)
            (project.folder / THUMBNAILS / f"{photo.sha256}.webp").write_bytes(photo.thumbnail)
            class_id = class_ids[row.whole("class", len(class_ids) - 1)]
            confirmed = row.has("confirmed") and row.yes_or_no("confirmed")
            insert_photo(connection, photo, class_id, added_at=_moment(row), confirmed=confirmed)


def _checked_photo(item: tuple[Fields, bytes]) -> NewPhoto:
    """A photo that really is one: decoded, measured, and under the hash of its bytes."""
    row, data = item
    sha256 = row.text("sha256", 64)
    perceptual_hash = row.text("perceptual_hash", 16)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise damaged(f"{row.where} was changed")
    if not _PERCEPTUAL_HASH.fullmatch(perceptual_hash):
        raise damaged(f"'perceptual_hash' in {row.where} is none")
    suffix = row.text("suffix", 5)
    width, height = _measure(data, suffix, row.where)
    try:
        thumbnail = make_thumbnail(data)
    except PhotoRefused as error:
        raise damaged(f"{row.where} can't be read") from error
    return NewPhoto(
        data=data,
        sha256=sha256,
        suffix=suffix,
        width=width,
        height=height,
        perceptual_hash=perceptual_hash,
        thumbnail=thumbnail,
        name=row.text("name", 1000),
        source=row.text("source", 100),
        burst=row.text_or_none("burst", 200),
        page=_link(row, "page"),
        address=_link(row, "address"),
        title=row.text_or_none("title", LONGEST_TEXT),
        licence=row.text_or_none("licence", LONGEST_TEXT),
        licence_address=_link(row, "licence_address"),
        creator=row.text_or_none("creator", LONGEST_TEXT),
    )


def _measure(data: bytes, suffix: str, where: str) -> tuple[int, int]:
    """Width and height of the upright photo, from its header alone."""
    try:
        image = open_photo(data)
    except PhotoTooBig as error:
        raise InputError("A photo in this project file is too large to open.") from error
    except PhotoError as error:
        raise damaged(f"{where} is no photo") from error
    if image.format not in _FORMATS[suffix]:
        raise damaged(f"{where} is no photo")
    return image.size[::-1] if orientation_of(image) >= 5 else image.size


def _link(row: Fields, key: str) -> str | None:
    """Only addresses of the web: the page makes links of them."""
    return web_address(row.text_or_none(key, LONGEST_ADDRESS))


def _moment(row: Fields) -> str:
    try:
        moment = datetime.fromisoformat(row.text("added_at", 40))
    except ValueError as error:
        raise damaged(f"'added_at' in {row.where} is no date") from error
    if moment.tzinfo is None:
        raise damaged(f"'added_at' in {row.where} has no time zone")
    return moment.isoformat()


def _add_trainings(
    project: Project, archive: ArchiveReader, content: Fields, class_ids: list[int]
) -> None:
    """Past trainings in their order, and the model in use with the one that made it."""
    past, current = read_runs(content)
    model = content.object_or_none("model")
    if model is not None and current is None:
        past, current = [*past, bare_run()], len(past)
    for number, run in enumerate(past):
        if model is not None and number == current:
            _add_model(project, archive, model, run, class_ids)
        else:
            with project.database.writing() as connection:
                insert_run(connection, run, None)


def _add_model(
    project: Project, archive: ArchiveReader, model: Fields, run: NewRun, class_ids: list[int]
) -> None:
    folder = project.folder / MODELS / secrets.token_hex(8)
    folder.mkdir()
    for name in sorted(archive.names):
        if name.startswith("model/"):
            with (folder / name.removeprefix("model/")).open("xb") as file:
                for part in archive.parts(name):
                    file.write(part)
    names, known = class_names_of(folder), read_class_ids(model, class_ids)
    if known is not None and len(known) != len(names):
        raise damaged("the model's classes are not those on its card")
    answers = read_held_out_rows(archive, model, len(names))
    with project.database.writing() as connection:
        # Hashes and numbers are new here, so what the model was trained on is written anew, too.
        trained_on = "" if model.yes_or_no("stale") else content_fingerprint(connection)
        insert_model(connection, folder, answers, trained_on, run, known)
