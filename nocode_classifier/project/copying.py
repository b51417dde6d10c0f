"""A second project with the same content, made in a moment."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from nocode_classifier.errors import NotFound
from nocode_classifier.placing import link_or_copy
from nocode_classifier.project.names import clean_name
from nocode_classifier.project.project import Project
from nocode_classifier.project.store.database import now
from nocode_classifier.project.store.photo_files import PHOTOS, THUMBNAILS, make_parts
from nocode_classifier.project.tables.models import MODELS
from nocode_classifier.project.tables.photos import file_name_of


def copy_project(original: Project, folder: Path, name: str) -> None:
    """Fill an empty folder with a copy of a project, its history and its current model.

    The database is copied first, as of one moment. Every photo it knows has its file by then, and
    photos and models are never rewritten, so hard links to them are safe.

    Raises:
        InputError: the name can't be used.
    """
    cleaned = clean_name(name, "project")
    original.database.copy_to(folder)
    copy = Project(folder)
    make_parts(folder)
    with copy.database.writing() as connection:
        connection.execute(
            "UPDATE project SET name = ?, created_at = ?, tidied_at = ?", (cleaned, now(), now())
        )
        # The work that runs on the original does not run on the copy.
        connection.execute("DELETE FROM last_job")
        _link_photos(connection, original.folder, folder)
        current = original.models.current(connection)
        _link_model(connection, current, original.folder / MODELS, folder / MODELS)


def _link_photos(connection: sqlite3.Connection, source: Path, target: Path) -> None:
    for sha256, suffix in connection.execute("SELECT sha256, suffix FROM photos"):
        photo = Path(PHOTOS, file_name_of(sha256, suffix))
        try:
            link_or_copy(source / photo, target / photo)
        except FileNotFoundError as error:
            raise NotFound(
                "A photo of this project is missing on the disk, so it can't be copied."
            ) from error
        thumbnail = Path(THUMBNAILS, f"{sha256}.webp")
        if (source / thumbnail).is_file():
            link_or_copy(source / thumbnail, target / thumbnail)


def _link_model(
    connection: sqlite3.Connection, row: sqlite3.Row | None, source: Path, target: Path
) -> None:
    connection.execute("DELETE FROM models WHERE id <> ?", (row["id"] if row else 0,))
    if row is None:
        return
    (target / row["folder"]).mkdir()
    for path in sorted((source / row["folder"]).rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir()
        else:
            link_or_copy(path, place)
