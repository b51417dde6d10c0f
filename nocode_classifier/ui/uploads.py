"""What a browser sent, on its way to the photo door."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from operator import length_hint
from pathlib import Path, PurePosixPath
from typing import Any

from gradio.utils import get_upload_folder

from nocode_classifier.collect.archives import from_archive, is_archive
from nocode_classifier.collect.camera import read_shot
from nocode_classifier.collect.folders import read_file
from nocode_classifier.collect.intake import Batch, Incoming, Item, Note, Refusal
from nocode_classifier.collect.label_tables import LARGEST
from nocode_classifier.collect.layout import class_name_of, is_ignored, readable
from nocode_classifier.collect.photo_check import LIMITS
from nocode_classifier.collect.sorting import Sorting, sort_files
from nocode_classifier.errors import InputError
from nocode_classifier.project.names import comparing_key


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file in the upload folder.

    Attributes:
        relative: where it was on the person's disk, from the folder they gave.
    """

    path: Path
    relative: PurePosixPath


def uploaded_files(files: Iterable[Mapping[str, Any]]) -> list[Uploaded]:
    """Check what a page says it uploaded; hidden and system files are left out.

    Raises:
        InputError: a path lies outside the upload folder.
    """
    uploads = (
        Uploaded(inside_uploads(file["path"]), _relative(str(file["relative"]))) for file in files
    )
    return [upload for upload in uploads if not is_ignored(upload.relative.parts)]


def inside_uploads(path: str) -> Path:
    """The path, if it lies in the folder that Gradio puts uploads into.

    Raises:
        InputError: it doesn't, so a page has no business with it.
    """
    folder = Path(get_upload_folder()).resolve()
    resolved = Path(path).resolve()
    if resolved == folder or not resolved.is_relative_to(folder):
        raise InputError("This file did not come from this page: add it again.")
    return resolved


def _relative(text: str) -> PurePosixPath:
    parts = [part for part in text.split("/") if part not in ("", ".", "..")]
    return PurePosixPath(*parts or ["photo"])


def incoming_of(
    uploads: Sequence[Uploaded],
    class_names: Collection[str],
    *,
    on_card: bool,
    source: str,
    refused: Sequence[Refusal] = (),
) -> Batch:
    """The photos in some uploads, archives opened.

    Args:
        class_names: of the project.
        on_card: dropped on one class, so that folders don't count.
        source: as in `NewPhoto`, for files that are not in an archive.
        refused: what the page itself turned away; passed on for the report.
    """
    archives = [upload for upload in uploads if is_archive(upload.path)]
    photos = [upload for upload in uploads if not is_archive(upload.path)]
    sorting = Sorting({}, {}) if on_card else sort_uploads(photos, class_names)
    single = [_incoming(photo, sorting, source) for photo in photos]
    packed = [
        from_archive(each.path, name=str(each.relative), known=class_names, chosen=True)
        for each in archives
    ]
    wanted = [item for item in single if item is not None]
    total = len(wanted) + sum(length_hint(batch) for batch in packed) + len(refused)
    items = chain(wanted, *packed, refused, map(Note, sorting.notes))
    return Batch(map(_without_class, items) if on_card else items, total)


def sort_uploads(uploads: Sequence[Uploaded], class_names: Collection[str]) -> Sorting:
    """Which class each file goes to, as in `sort_files`; None for the class that was chosen.

    The outermost folder is the one that was given, so it only names a class when the project has
    one of that name. Neither does a single sub-folder ("holiday/DCIM") make a class of its own.
    """
    tops = {upload.relative.parts[0] for upload in uploads if len(upload.relative.parts) > 1}
    top = tops.pop() if len(tops) == 1 else None
    inner = {_below(upload.relative, top): upload for upload in uploads}

    def read(path: PurePosixPath) -> bytes:
        return read_file(inner[path].path, replace(LIMITS, max_bytes=LARGEST))

    sorting = sort_files(inner, read, class_names, chosen=True)
    known = {comparing_key(name) for name in class_names}
    top_class = None if top is None else class_name_of(top)
    if top_class is not None and comparing_key(top_class) not in known:
        top_class = None
    ignored = _no_new_classes(sorting, known, inside_class=top_class is not None)
    places = [(each.relative, _below(each.relative, top)) for each in uploads]
    classes = {
        relative: (None if (name := sorting.classes[path]) in ignored else name)
        or (top_class if relative != path else None)
        for relative, path in places
    }
    reasons = {place: sorting.reasons[path] for place, path in places if path in sorting.reasons}
    tables = frozenset(relative for relative, path in places if path in sorting.tables)
    notes = () if ignored else sorting.notes
    return Sorting(classes, reasons, tables, notes, sorting.by_folder)


def _no_new_classes(
    sorting: Sorting, known: Collection[str], *, inside_class: bool
) -> frozenset[str]:
    """What lies in a class's own folder, or is a single folder, makes no class of its own."""
    found = {name for name in sorting.classes.values() if name is not None}
    if not sorting.by_folder or (len(found) > 1 and not inside_class):
        return frozenset()
    return frozenset(name for name in found if comparing_key(name) not in known)


def _below(path: PurePosixPath, top: str | None) -> PurePosixPath:
    inside = top is not None and len(path.parts) > 1 and path.parts[0] == top
    return PurePosixPath(*path.parts[1:]) if inside else path


def _incoming(upload: Uploaded, sorting: Sorting, source: str) -> Incoming | Refusal | None:
    name = readable(str(upload.relative))
    if upload.relative in sorting.tables:
        return None
    if upload.relative in sorting.reasons:
        return Refusal(name, sorting.reasons[upload.relative])
    read = partial(read_file, upload.path, LIMITS)
    return Incoming(name, read, sorting.classes.get(upload.relative), source)


def _without_class(item: Item) -> Item:
    return replace(item, class_name=None) if isinstance(item, Incoming) else item


def discard(paths: Iterable[Path]) -> None:
    """Delete uploads that have been taken in or are not wanted."""
    for path in paths:
        # A virus scanner may still hold a file; the upload folder is emptied now and then anyway.
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
            path.parent.rmdir()


def shot_of(photo: str, *, number: int, burst: str) -> Incoming:
    """One shot of the camera in the page.

    Args:
        photo: a JPEG as a data URL.
        number: in its burst, from 1.
        burst: the same for all shots of one press of the button.
    """
    moment = datetime.now().astimezone()
    name = f"camera {moment:%Y-%m-%d %H.%M.%S} ({number})"
    return Incoming(name, partial(read_shot, photo, LIMITS), None, "camera", burst[:64] or None)
