"""The one place where what the disk and SQLite say becomes a sentence."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nocode_classifier.errors import AppError, Busy, NotFound, Unavailable, Unwritable

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_IN_THE_WAY = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR, errno.ELOOP}
_TOO_MANY = {errno.EMFILE, errno.ENFILE}
_FULL_WORDS = os.strerror(errno.ENOSPC)
_LEAST_ROOM = 128 * 1024  # bytes; less is no room for what SQLite needs beside a database


def in_sentence(error: BaseException, place: Path | None = None, what: str = "") -> AppError | None:
    """What a person can be told about an error.

    Args:
        error: what was raised.
        place: the file or folder that was worked on, for errors that don't tell.
        what: that is there, as the beginning of a sentence ("The list of take-downs").

    Returns:
        The error with a sentence; None if it has to do with neither the disk nor a database.
    """
    if isinstance(error, AppError):
        return error
    if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
        return None  # a mistake in this program
    if isinstance(error, sqlite3.DatabaseError):
        return _of_database(error, place, what or "The database")
    if isinstance(error, OSError):
        return _of_disk(error, error.filename or place)
    # Libraries that write files with code of their own pass on the words alone.
    return _full(place) if _FULL_WORDS in str(error) else None


@contextmanager
def in_words(place: Path, what: str = "") -> Iterator[None]:
    """Raise what the disk and SQLite say in this block as sentences; see `in_sentence`."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        told = in_sentence(error, place, what)
        if told is None:
            raise
        raise told from error


def _of_disk(error: OSError, place: object) -> AppError | None:
    number = error.errno
    if number in _FULL:
        return _full(place)
    if number in _TOO_MANY:
        return Unavailable("Too many files are open on this computer. Close some programs first.")
    if place is None or isinstance(place, int):
        return None
    if number in _FORBIDDEN:
        return _forbidden(place)
    if number == errno.ENAMETOOLONG:
        name = os.path.basename(os.fsdecode(str(place)))  # noqa: PTH119 - it may be no path at all
        return Unavailable(f"The name '{name[:40]}…' is too long for this disk. Use a shorter one.")
    if number == errno.EFBIG:
        return Unwritable(f"{place} is too large for this disk. Use another disk for it.")
    if number == errno.EIO:
        return _failing(place)
    if number == errno.ENOENT:
        return NotFound(f"{place} is not there any more.")
    if number in _IN_THE_WAY:
        return Unavailable(f"{place} is not of the kind it should be. Move it away and try again.")
    return None


def _of_database(error: sqlite3.DatabaseError, path: Path | None, what: str) -> AppError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    kind, where = code & 0xFF, f" in {path}" if path else ""
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy("Another window of the app is working on this. Try again in a moment.")
    if kind == sqlite3.SQLITE_FULL or (kind in _CANT and path and has_no_room(path)):
        return _full(path)
    if kind not in _CANT or path is None or code == sqlite3.SQLITE_IOERR_SHORT_READ:
        return damaged(f"{what}{where}", str(error))
    if not may_be_file(path):
        return damaged(f"{what}{where}", "there is no such file")
    return _failing(path) if kind == sqlite3.SQLITE_IOERR else _forbidden(path)


_CANT = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)
"""What SQLite says, among other things, where files can't be made beside the database."""


def is_unwritable(error: sqlite3.Error) -> bool:
    """Whether SQLite may have failed only because nothing can be written."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (*_CANT, sqlite3.SQLITE_FULL)


def has_no_room(path: Path) -> bool:
    """Whether the disk that holds a file is full."""
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False


def may_be_file(path: Path) -> bool:
    """Whether there is a file, or something that may not be looked at."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        return True
    except OSError:
        return False


def damaged(what: str, detail: str) -> Unavailable:
    """What is there can't be understood."""
    return Unavailable(
        f"{what} is damaged and can't be opened ({detail}). Bring it back from a backup, or move "
        "it away to go on without."
    )


def _full(place: object) -> Unwritable:
    where = "" if place is None else f" that holds {place}"
    return Unwritable(
        f"The disk{where} is full. Make room, for example by emptying bins, and try again. What "
        "was there before is still there."
    )


def _forbidden(place: object) -> Unwritable:
    return Unwritable(
        f"{place} can't be written or can't be read: this computer does not allow it. See who may "
        "change it and whether another program uses it, or choose another place."
    )


def _failing(place: object) -> Unavailable:
    return Unavailable(
        f"The disk could not read or write {place}. Copy what you have there to another disk, and "
        "try again."
    )
