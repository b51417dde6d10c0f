"""What a file is that is called like an archive and can't be opened as one, and the way out."""

from __future__ import annotations

import re
from pathlib import Path

from nocode_classifier.collect import formats
from nocode_classifier.errors import NotAPhoto
from nocode_classifier.project.archive.zip_end import read_zip_end

NAME_BYTES = 250
"""Bytes that an entry of an honest archive may take in its list of contents, on the mean."""

EMPTY = "This file is empty (0 bytes): it was never wholly saved. Copy or download it again."
SPLIT = (
    "This is one part of an archive that was split into several: put the parts together with the "
    "program that made them, unpack them, and add the folder."
)
DOWNLOAD = (
    "This is a web page, not an archive: the page that offers the download was saved in its place. "
    "Open the address in a browser, sign in if it asks, and download it there."
)

_KINDS = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"MSCF", "Windows Cabinet"),
    (b"xar!", "XAR"),
    (b"\x1f\x9d", "compress"),
    (b"ISc(", "InstallShield"),
)
_PACKED = (b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def why_not_opened(path: Path, entries: int) -> str | None:
    """The sentence about a file that is no archive of a kind that can be opened, or too full.

    Args:
        path: a file that is there.
        entries: how many files an archive may hold.

    Returns:
        None where it may be opened; it may still be damaged.
    """
    try:
        with path.open("rb") as file:
            head = file.read(formats.HEAD_BYTES)
        return _why(path, head, entries)
    except OSError as error:
        return f"This file can't be read ({error.strerror or 'the disk gave an error'})."


def _why(path: Path, head: bytes, entries: int) -> str | None:
    if not head:
        return EMPTY
    for mark, kind in _KINDS:
        if head.startswith(mark):
            return (
                f"This is a {kind} archive, which can't be opened here, whatever its name says: "
                "unpack it and add the folder, or pack the photos as a .zip."
            )
    if head.startswith(b"PK"):
        return _why_no_zip(path, head, entries)
    return None if head.startswith(_PACKED) or head[257:262] == b"ustar" else _described(head)


def _why_no_zip(path: Path, head: bytes, entries: int) -> str | None:
    end = read_zip_end(path)
    if end is None:
        return SPLIT if head.startswith(b"PK\x07\x08") else None
    if end.disk > 0:
        return SPLIT
    full = end.entries > entries or end.bytes > max(1_000_000, NAME_BYTES * entries)
    return too_many(entries) if full else None


def _described(head: bytes) -> str | None:
    try:
        photo = formats.recognise(head)
    except NotAPhoto as told:
        if str(told) == formats.WEB_PAGE:
            return DOWNLOAD
        if str(told) == formats.UNKNOWN:
            return None
        kind = re.split("[,:]", str(told))[0]
    else:
        kind = f"This is a {photo.key} photo"
    return f"{kind}, not an archive: give it the ending that belongs to it, or add the photos."


def too_many(entries: int) -> str:
    """An archive holds more files than `entries`."""
    return (
        f"This archive holds more than {entries:,} files, so it was not opened: "
        "split it into smaller ones."
    )
