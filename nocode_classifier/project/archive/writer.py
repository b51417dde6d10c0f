"""Writing a project into one file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import nocode_classifier
from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import InputError
from nocode_classifier.placing import put_in_place, sweep, unfinished_folder
from nocode_classifier.progress import Report, ShouldStop, check_stop, ignore, never
from nocode_classifier.project.archive.held_out import held_out_part
from nocode_classifier.project.archive.layout import (
    CONTENT,
    CREDITS_PAGE,
    CREDITS_TABLE,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    MODEL_FILE,
    PROBABILITIES,
    SUFFIX,
    Steps,
)
from nocode_classifier.project.archive.metadata import pixels_stay, read_stripped
from nocode_classifier.project.archive.runs import run_rows
from nocode_classifier.project.credits.credits import (
    Credit,
    bare_name,
    credits_csv,
    read_credits,
)
from nocode_classifier.project.credits.credits_page import credits_page
from nocode_classifier.project.names import file_name, with_ending
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel, HeldOutAnswer
from nocode_classifier.project.store.photo_files import PHOTOS
from nocode_classifier.project.tables.classes import all_classes
from nocode_classifier.project.tables.features import cached_backbones
from nocode_classifier.project.tables.held_out import read_held_out
from nocode_classifier.project.tables.photos import file_name_of
from nocode_classifier.project.tables.search_settings import read_search_settings

_PORTION = 200  # photos whose features are in memory at once
_BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)  # a zip file needs a date; when is nobody's business
_ORIGIN = ("page", "address", "title", "licence", "licence_address", "creator")


def export_project(
    project: Project,
    target: Path,
    *,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> Path:
    """Write a project's kept photos, classes, cached features and current model into one file.

    Photos lose their private metadata (see `metadata.strip_private`). Where each is from goes with
    them, for people too. The bin, the undo steps and what searches came upon stay at home.

    Args:
        project: what to export.
        target: the file to write, whose ending is added where it lacks it, or a folder in which
            to write one named after the project.
        report: hears about every photo.
        should_stop: asked before every photo; then no file is left.

    Returns:
        The file that was written.

    Raises:
        InputError: the folder to write into does not exist.
        Unavailable: a photo can't be read, or the file can't be written.
        Cancelled: Stop was pressed.
    """
    content = _snapshot(project)
    target = target.resolve()
    target = target / file_name(content.name) if target.is_dir() else target
    target = with_ending(target, SUFFIX)
    if not target.parent.is_dir():
        raise InputError(f"There is no folder {target.parent}. Choose another place.")
    sweep(target.parent)
    with in_words(target), unfinished_folder(target.parent) as work:
        with zipfile.ZipFile(work / target.name, "w") as file:
            _pack(_Packer(file), project, content, report, should_stop)
        put_in_place(work / target.name, target)
    return target


@dataclass
class _Content:
    """A project as of one moment.

    Attributes:
        model_classes: of the model's classes, in its order, the places among `classes`.
        held_out: with the names by which the model knows the classes.
    """

    name: str
    classes: list[dict[str, Any]]
    photos: list[dict[str, Any]]
    credits: list[Credit]
    backbones: list[str]
    model: Path | None
    stale: bool
    model_classes: list[int | None]
    caution: float | None
    held_out: list[HeldOutAnswer]
    runs: list[dict[str, Any]]


def _snapshot(project: Project) -> _Content:
    with project.database.reading() as connection:
        labels = all_classes(connection)
        place = {label.id: index for index, label in enumerate(labels)}
        rows = connection.execute("SELECT * FROM photos WHERE state = 'kept' ORDER BY id")
        photos = [
            dict(row)
            | {"class": place[row["class_id"]], "confirmed": row["confirmed"] == row["class_id"]}
            for row in rows
        ]
        model = project.models.current(connection)
        return _Content(
            name=connection.execute("SELECT name FROM project").fetchone()[0],
            classes=[_class_row(connection, label) for label in labels],
            photos=photos,
            credits=read_credits(connection),
            backbones=cached_backbones(connection),
            model=project.models.folder(),
            stale=project.models.is_stale(),
            model_classes=[place.get(i) for i in json.loads(model["class_ids"] if model else "[]")],
            caution=project.models.caution(),
            held_out=read_held_out(connection, model["id"], {}) if model else [],
            runs=run_rows(project.models.runs()),
        )


def _class_row(connection: sqlite3.Connection, label: ClassLabel) -> dict[str, Any]:
    search_settings = asdict(read_search_settings(connection, label.id))
    return {
        "name": label.name,
        "colour": label.colour,
        "hints": list(label.hints),
        "search": search_settings,
    }


@dataclass
class _Packer:
    """A zip file that remembers the size and hash of what goes in."""

    file: zipfile.ZipFile
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, parts: Iterable[bytes], *, compress: bool = False) -> None:
        """Write one entry from its parts."""
        info = zipfile.ZipInfo(name, _BEGINNING_OF_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self.file.open(info, "w", force_zip64=True) as entry:
            for part in parts:
                entry.write(part)
                digest.update(part)
                size += len(part)
        self.entries[name] = {"bytes": size, "sha256": digest.hexdigest()}


def _pack(
    packer: _Packer,
    project: Project,
    content: _Content,
    report: Report,
    should_stop: ShouldStop,
) -> None:
    new_hash, same_pixels, photos = _pack_photos(packer, project, content, report, should_stop)
    features = [
        _pack_features(packer, project, number, backbone, same_pixels)
        for number, backbone in enumerate(content.backbones)
    ]
    model = _pack_model(packer, content, new_hash)
    _pack_credits(packer, content, new_hash, photos)
    parts = {"classes": content.classes, "photos": photos, "features": features, "model": model}
    more = {"runs": content.runs, "caution": content.caution}
    _add_json(packer, CONTENT, {"name": content.name, **parts, **more})
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, "entries": packer.entries}
    _add_json(packer, MANIFEST, {**manifest, "app_version": nocode_classifier.__version__})


def _pack_photos(
    packer: _Packer,
    project: Project,
    content: _Content,
    report: Report,
    should_stop: ShouldStop,
) -> tuple[dict[str, str], dict[str, str], list[dict[str, Any]]]:
    """Write the photos, stripped.

    Returns:
        Old hash to new one, for all; the same for those whose pixels stayed; rows for the list.
    """
    new_hash: dict[str, str] = {}
    same_pixels: dict[str, str] = {}
    rows: dict[str, dict[str, Any]] = {}
    steps = Steps(report, "Packing your photos", len(content.photos))
    for photo in content.photos:
        check_stop(should_stop)
        path = project.folder / PHOTOS / file_name_of(photo["sha256"], photo["suffix"])
        data, suffix = read_stripped(path, photo["name"])
        sha256 = hashlib.sha256(data).hexdigest()
        new_hash[photo["sha256"]] = sha256
        if pixels_stay(photo["suffix"], suffix):
            same_pixels[photo["sha256"]] = sha256
        # Two photos may have differed in their metadata only: the first stands for both.
        if sha256 not in rows:
            packer.add(f"photos/{sha256}{suffix}", [data])
            rows[sha256] = _photo_row(photo, sha256, suffix)
        steps.advance()
    return new_hash, same_pixels, list(rows.values())


def _photo_row(photo: dict[str, Any], sha256: str, suffix: str) -> dict[str, Any]:
    # A name may have come with the folders it lay in, and those tell who someone is.
    name = bare_name(photo["name"])
    kept = ("class", "confirmed", "perceptual_hash", "source", "burst", "added_at", *_ORIGIN)
    return {"sha256": sha256, "suffix": suffix, "name": name} | {key: photo[key] for key in kept}


def _pack_features(
    packer: _Packer, project: Project, number: int, backbone: str, hashes: dict[str, str]
) -> dict[str, Any]:
    items: dict[str, int] = {}

    def parts() -> Iterator[bytes]:
        old = list(hashes)
        for start in range(0, len(old), _PORTION):
            found = project.load_features(backbone, old[start : start + _PORTION])
            for sha256, data in found.items():
                if hashes[sha256] not in items:
                    items[hashes[sha256]] = len(data)
                    yield data

    name = f"features/{number}.bin"
    packer.add(name, parts(), compress=True)
    return {"backbone": backbone, "entry": name, "items": list(items.items())}


def _pack_model(
    packer: _Packer, content: _Content, new_hash: dict[str, str]
) -> dict[str, Any] | None:
    if content.model is None:
        return None
    for path in sorted(content.model.iterdir()):
        if path.is_file() and MODEL_FILE.fullmatch(path.name):
            packer.add(f"model/{path.name}", _parts_of(path), compress=True)
    classes = content.model_classes
    told, probabilities = held_out_part(content.held_out, new_hash, len(classes))
    if probabilities:
        packer.add(PROBABILITIES, probabilities, compress=True)
    return {"stale": content.stale, "classes": classes or None, **told}


def _pack_credits(
    packer: _Packer,
    content: _Content,
    new_hash: dict[str, str],
    photos: list[dict[str, Any]],
) -> None:
    """Write the credits, under the hashes that the photos have in the file."""
    place = {row["sha256"]: f"photos/{row['sha256']}{row['suffix']}" for row in photos}
    first: dict[str, Credit] = {}
    for credit in content.credits:
        sha256 = new_hash[credit.sha256]
        first.setdefault(sha256, replace(credit, sha256=sha256))
    credits = list(first.values())
    table = credits_csv(credits).encode()
    page = credits_page(content.name, credits, lambda credit: place[credit.sha256]).encode()
    packer.add(CREDITS_TABLE, [table], compress=True)
    packer.add(CREDITS_PAGE, [page], compress=True)


def _parts_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            yield part


def _add_json(packer: _Packer, name: str, value: dict[str, Any]) -> None:
    packer.add(name, [json.dumps(value, ensure_ascii=False).encode()], compress=True)
