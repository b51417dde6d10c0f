"""Photos straight out of an archive: .zip, .tar, .tar.gz (also .tar.bz2 and .tar.xz)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from nocode_classifier.collect import formats
from nocode_classifier.collect.intake import Batch, Incoming, Item, Note, Refusal
from nocode_classifier.collect.label_tables import LARGEST
from nocode_classifier.collect.layout import is_ignored, readable
from nocode_classifier.collect.packing import (
    DAMAGE,
    LOCKED,
    Entry,
    NoTar,
    Packed,
    TooMuch,
    open_packed,
)
from nocode_classifier.collect.photo_check import LIMITS, Limits, check_bytes
from nocode_classifier.collect.sorting import sort_files
from nocode_classifier.collect.wrong_archives import too_many, why_not_opened
from nocode_classifier.errors import PhotoRefused

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")

CLIMBS_OUT = "Its path climbs out of the archive with '..': pack it again inside a folder."
ABSOLUTE = "Its path begins at the root of a disk: pack it again with a path inside a folder."
NESTED = "This is an archive in the archive, which is not opened: unpack it and add what is in it."
DAMAGED_ENTRY = "It is damaged in the archive: make or download the archive again."
DAMAGED = (
    "This archive is damaged or not complete, so not all of it could be read: "
    "make or download it again."
)
NO_TAR = (
    "This is a single file that was packed, not an archive of photos: unpack it, and add what is "
    "in it."
)
PASSWORD = "This archive is protected with a password: unpack it and add the folder instead."  # noqa: S105

_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold.

    Attributes:
        entries: files in it.
        expanded: bytes in all, unpacked; counted while reading, whatever the archive claims.
        ratio: times its own size that it may unpack to. Photos hardly shrink in an archive; one
            that grows a hundredfold is made to do harm.
        harmless: bytes it may unpack to whatever the ratio.
    """

    entries: int = 50_000
    expanded: int = 4_000_000_000
    ratio: int = 100
    harmless: int = 250_000_000

    def allowed(self, size: int) -> int:
        """Bytes that an archive of `size` bytes may unpack to."""
        return min(self.expanded, max(self.harmless, self.ratio * size))


ARCHIVE_LIMITS = ArchiveLimits()


def is_archive(path: Path) -> bool:
    """Whether a file is called like an archive; a Word document is a .zip too, but not meant so."""
    return path.name.lower().endswith(SUFFIXES)


def from_archive(
    path: str | Path,
    *,
    name: str = "",
    known: Collection[str] = (),
    chosen: bool = False,
    limits: Limits = LIMITS,
    archive_limits: ArchiveLimits = ARCHIVE_LIMITS,
) -> Batch:
    """The photos in an archive, in its order.

    Its list of contents is read now, so their number is known. The photos are read one at a time,
    when they are asked for, and never written to disk by their names. Their classes are found by
    `sorting`. What can't be used is a `Refusal`; also the archive itself, at the end, when it is
    damaged, locked or too big: what could be read of it still counts.

    Args:
        path: the archive.
        name: what it is called where it comes from, if not as its path.
        known, chosen: as for `sort_files`.
        limits: how big a photo may be.
        archive_limits: how much it may hold.
    """
    archive = Path(path)
    shown = readable(name or archive.name)
    try:
        allowed = archive_limits.allowed(archive.stat().st_size)
    except OSError:
        return _refused(shown, "This file is not there any more: add it again.")
    if why := why_not_opened(archive, archive_limits.entries):
        return _refused(shown, why)
    contents = _list_contents(archive, allowed, archive_limits)
    photos = _photos(_Opening(archive, allowed, limits), contents, shown, known, chosen)
    return Batch(photos, len(contents.entries))


def _refused(name: str, why: str) -> Batch:
    return Batch([Refusal(name, why)], 1)


@dataclass(slots=True)
class _Contents:
    """What an archive says it holds, and what is wrong with the archive itself."""

    entries: list[Entry]
    troubles: list[str]


def _list_contents(archive: Path, allowed: int, archive_limits: ArchiveLimits) -> _Contents:
    contents, locked = _Contents([], []), 0
    try:
        with open_packed(archive, allowed) as packed:
            for entry in packed.entries():
                if _is_left_out(entry):
                    continue
                if len(contents.entries) + locked == archive_limits.entries:
                    return _Contents([], [too_many(archive_limits.entries)])
                if entry.trouble == LOCKED:
                    locked += 1
                else:
                    contents.entries.append(_refuse_bad_path(entry))
    except TooMuch:
        contents.troubles.append(_too_much(allowed))
    except NoTar:
        contents.troubles.append(NO_TAR)
    except DAMAGE:
        contents.troubles.append(DAMAGED)
    if locked:
        contents.troubles.append(PASSWORD)
    return contents


def _is_left_out(entry: Entry) -> bool:
    parts = [part for part in entry.name.split("/") if part not in {"", ".", ".."}]
    return is_ignored(parts)


def _refuse_bad_path(entry: Entry) -> Entry:
    """Nothing is written by its name, so these could do no harm; but no honest archive has them."""
    if ".." in re.split(r"[\\/]", entry.name):
        return replace(entry, trouble=CLIMBS_OUT)
    if re.match(r"[\\/]|[A-Za-z]:", entry.name):
        return replace(entry, trouble=ABSOLUTE)
    return entry


@dataclass(frozen=True, slots=True)
class _Opening:
    """How to open an archive."""

    archive: Path
    allowed: int
    limits: Limits

    def table(self, entry: Entry) -> bytes:
        """A table of labels in it.

        Raises:
            PhotoRefused: it can't be read.
        """
        if entry.size > LARGEST:
            raise PhotoRefused("it is too big for a table of labels")
        try:
            with (
                open_packed(self.archive, self.allowed) as packed,
                closing(packed.open(entry)) as f,
            ):
                return f.read(LARGEST)
        except TooMuch as error:
            raise PhotoRefused("it is too big for a table of labels") from error
        except DAMAGE as error:
            raise PhotoRefused("it is damaged in the archive") from error


def _photos(
    opening: _Opening, contents: _Contents, shown: str, known: Collection[str], chosen: bool
) -> Iterator[Item]:
    meter = _Meter(opening.allowed)
    sound = {PurePosixPath(entry.name): entry for entry in contents.entries if not entry.trouble}
    sorting = sort_files(sound, lambda path: opening.table(sound[path]), known, chosen=chosen)
    try:
        if contents.entries:
            with open_packed(opening.archive, opening.allowed) as packed:
                for entry in contents.entries:
                    path = PurePosixPath(entry.name)
                    if path in sorting.reasons:
                        yield Refusal(readable(entry.name), sorting.reasons[path])
                    elif path not in sorting.tables:
                        yield _take(packed, entry, sorting.classes.get(path), opening.limits, meter)
    except TooMuch:
        contents.troubles.append(_too_much(opening.allowed))
    except DAMAGE:
        contents.troubles.append(DAMAGED)
    yield from (Refusal(shown, trouble) for trouble in dict.fromkeys(contents.troubles))
    yield from map(Note, sorting.notes)


def _take(
    packed: Packed, entry: Entry, class_name: str | None, limits: Limits, meter: _Meter
) -> Incoming | Refusal:
    name = readable(entry.name)
    if entry.trouble:
        return Refusal(name, entry.trouble)
    try:
        with closing(packed.open(entry)) as file:
            data = _read(file, entry.size, limits, meter)
    except PhotoRefused as refused:
        reason = str(refused)
        return Refusal(name, NESTED if reason == formats.ARCHIVE else reason)
    except DAMAGE:
        return Refusal(name, DAMAGED_ENTRY)
    return Incoming(name, partial(bytes, data), class_name, "archive")


def _read(file: IO[bytes], claimed: int, limits: Limits, meter: _Meter) -> bytes:
    """Read an entry; of one that is no photo or too big, only the beginning."""
    chunks = [file.read(formats.HEAD_BYTES)]
    meter.count(chunks[0])
    if chunks[0]:
        formats.recognise(chunks[0])
    check_bytes(claimed, limits)
    size = len(chunks[0])
    while chunk := file.read(_CHUNK):
        meter.count(chunk)
        size += len(chunk)
        check_bytes(size, limits)
        chunks.append(chunk)
    return b"".join(chunks)


class _Meter:
    """Counts what an archive really unpacks to."""

    def __init__(self, allowed: int) -> None:
        self._left = allowed

    def count(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise TooMuch


def _too_much(allowed: int) -> str:
    return (
        f"This archive unpacks to more than {allowed / 1e6:,.0f} MB, so the rest of it was "
        "left out: unpack it and add the folder instead."
    )
