"""Taking a photo down by whatever names it: its address, its file or its hash."""

from __future__ import annotations

import re
from pathlib import Path

from nocode_classifier.collect.download.addresses import is_link
from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.errors import InputError, NotFound
from nocode_classifier.project.blocklist.removal import TakedownReport
from nocode_classifier.project.library import Library

HASH = re.compile(r"[0-9a-fA-F]{64}")


def take_down_named(library: Library, given: str, *, note: str = "") -> TakedownReport:
    """Take a photo down by the address of its picture or page, or by its SHA-256.

    Raises:
        InputError: it is neither.
    """
    named = given.strip()
    if HASH.fullmatch(named):
        return library.take_down(given=named, sha256=named, note=note)
    if is_link(named):
        return library.take_down(given=named, address=named, note=note)
    raise InputError(
        "Give the address of the photo (it begins with https://), or its SHA-256 hash of 64 "
        "letters and digits."
    )


def take_down_file(library: Library, data: bytes, name: str, *, note: str = "") -> TakedownReport:
    """Take a photo down by a copy of it, of any size and quality.

    Args:
        library: all projects.
        data: the file.
        name: what it is called.
        note: a remark, such as who asked.

    Raises:
        PhotoRefused: the file is no photo.
    """
    photo = check_photo(data, name, thumbnail=False)
    return library.take_down(
        given=f"the file {photo.name}", sha256=photo.sha256, likeness=photo.likeness, note=note
    )


def take_down_path(library: Library, path: Path, *, note: str = "") -> TakedownReport:
    """Take down the photo in a file; `NotFound` if there is no such file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(
            f"There is no file {path}; give the address, the file or the hash of a photo."
        ) from error
    return take_down_file(library, data, path.name, note=note)
