"""Files and folders that appear as a whole or not at all; nothing else in a folder is ever touched.

What is being written lies in a work folder beside its place:

    .new-0123456789abcdef/     in the folder where it will appear, so on the same disk
        lock                   locked by the process that writes, for as long as it lives
        new/                   what is not whole yet
        old/NAME               what was at the place, for the moment in which it is replaced

A process that is killed leaves its work folder behind. The next one that writes to, or misses
something in, the folder around it finds the lock free: it puts back what had not been replaced yet,
and sweeps the rest away. The operating system knows who lives; no clock and no number is asked.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

from nocode_classifier.errors import InputError
from nocode_classifier.file_locks import locked

WORK = re.compile(r"\.new-[0-9a-f]{16}")
LOCK, NEW, OLD = "lock", "new", "old"
OF_NOBODY = frozenset({"__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini"})
"""Names of what computers put into folders by themselves."""

TRIES = 5

T = TypeVar("T")


@contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """An empty folder for what shall appear in `parent`; it goes, unless it was renamed."""
    work, lock = _work_folder(parent)
    try:
        yield work / NEW
    finally:
        _end(work, lock)


def sweep(folder: Path) -> None:
    """End what processes that were killed had begun in a folder; what lives is left alone."""
    with suppress(OSError):  # no such folder, or not ours to look into
        for path in folder.iterdir():
            if WORK.fullmatch(path.name) and (lock := locked(path / LOCK)) is not None:
                _end(path, lock)


def restored(path: Path) -> Path:
    """The path; what a process that was killed while it replaced it had moved aside is back."""
    if not os.path.lexists(path):  # False of a name that is too long, too
        sweep(path.resolve().parent)
    return path


def put_in_place(made: Path, target: Path, *, also: Collection[str] = ()) -> None:
    """Give what was made in an unfinished folder its place, instead of what is there.

    Args:
        made: a file or a folder.
        target: where it goes; its folder is there.
        also: files that an earlier one of this kind had and this one has not, with "/".

    Raises:
        InputError: what is there is of another kind, or a folder that holds other things, too.
        OSError: it can't be written; what was there is there.
    """
    if not made.is_dir():
        _patiently(lambda: made.replace(target))
        return
    kept = next(parent for parent in made.parents if WORK.fullmatch(parent.name)) / OLD
    kept.mkdir(exist_ok=True)
    old = kept / target.name
    names = {*_files_in(made), *also}
    while True:
        found = _identity(target)
        try:
            check_replaceable(target, names)
        except (InputError, FileNotFoundError):
            # What was looked at piece by piece may have been replaced meanwhile: then once more.
            if found is not None and found == _identity(target):
                raise
            continue
        remove(old)
        with suppress(FileNotFoundError):
            rename_folder(target, old)
        try:
            rename_folder(made, target)
        except OSError as error:
            # Another process may have put its own there this very moment: then once more.
            taken = _is_taken(target, error)
            if not _put_back(kept, target.parent) or not taken:
                raise
        else:
            return


def check_replaceable(target: Path, names: Collection[str], landmark: str = "") -> None:
    """Make sure that a folder may be put at a place: it is free, or only such files are there.

    Args:
        target: the place.
        names: paths of files, with "/", that may be replaced.
        landmark: one of them, without which the others are something else.

    Raises:
        InputError: a file is there, or something that must not be lost.
        OSError: what is there can't be seen.
    """
    if target.exists() and not target.is_dir():
        raise InputError(f"{target} is a file; name a folder.")
    with suppress(FileNotFoundError):  # whoever stands in a folder that is gone is not in this one
        if Path.cwd().is_relative_to(target):
            raise InputError(f"{target} is the folder you are in; name another one.")
    known = set(names) if (target / landmark).exists() else set()
    # A whole home folder may have been named: a few are enough.
    if others := [*islice((name for name in _files_in(target) if name not in known), 3)]:
        raise InputError(
            f"{target} also holds other things ({', '.join(others)}), which must not be lost. "
            "Name a new folder."
        )


def _files_in(folder: Path) -> Iterator[str]:
    """Paths, with "/", of the files and empty folders below a folder that are someone's."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in OF_NOBODY:
            continue
        inside = path.is_dir() and not path.is_symlink() and next(path.iterdir(), None)
        yield from (f"{path.name}/{name}" for name in _files_in(path)) if inside else [path.name]


def write_whole(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a file so that nobody ever sees half of it.

    Args:
        path: in a folder that exists.
        data: the whole file.
        durable: also wait until the disk has it, so that a power cut can't empty it afterwards.
    """
    with unfinished_folder(path.parent) as work:
        write_new(work / path.name, data, durable=durable)
        try:
            _patiently(lambda: (work / path.name).replace(path))
        except PermissionError:
            # Windows: someone goes on reading the very same bytes under that name.
            if not path.exists() or path.read_bytes() != data:
                raise


def write_new(path: Path, data: bytes, *, durable: bool) -> None:
    """Write a file that no one reads yet; see `write_whole`."""
    with path.open("xb") as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def rename_folder(source: Path, target: Path) -> None:
    """Rename, patiently: on Windows a virus scanner may hold a file for a moment."""
    _patiently(lambda: source.rename(target))


def link_or_copy(source: Path, target: Path) -> None:
    """Let `target` be the same bytes as `source`, which must never be rewritten.

    A hard link costs nothing; file systems that have none (FAT, other disks) get a copy.
    """
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def flush_folder(folder: Path) -> None:
    """Wait until the disk has every file in `folder`."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def remove(path: Path) -> None:
    """Delete a file or folder; one that is in use (Windows) stays until the next time."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def clear_away(folder: Path, aside: Path) -> None:
    """Make room where something is about to be put.

    What is unfinished, left by work that had not heard of a deletion, is removed; whatever else
    is there is moved into `aside`.
    """
    if not os.path.lexists(folder):
        return
    ours = folder.is_dir() and not folder.is_symlink()
    inside = [path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()]
    if ours and all(any(map(WORK.fullmatch, path.parts)) for path in inside):
        remove(folder)
    else:
        aside.mkdir(exist_ok=True)
        rename_folder(folder, aside / f"{folder.name}-{secrets.token_hex(4)}")


def _work_folder(parent: Path) -> tuple[Path, int | None]:
    """A new work folder and its lock; None where the file system has no locks, so no sweeping."""
    for last in (*[False] * TRIES, True):
        work = parent / f".new-{secrets.token_hex(8)}"
        work.mkdir()
        # Whoever sweeps may have come between the two: then it gets another name.
        lock = locked(work / LOCK)
        if lock is not None or last:
            break
        remove(work)
    (work / NEW).mkdir()
    return work, lock


def _end(work: Path, lock: int | None) -> None:
    """Put back what was moved aside and has no other in its place; remove the rest."""
    if _put_back(work / OLD, work.parent):
        remove(work / NEW)
        remove(work / OLD)
        for path in work.iterdir() if work.is_dir() else ():
            if path.name != LOCK:
                remove(path)
    # Windows does not delete what is open. The folder goes last, and only empty: it may belong to
    # someone else as soon as the lock is free.
    if sys.platform != "win32":
        remove(work / LOCK)
    if lock is not None:
        os.close(lock)
    if sys.platform == "win32":
        remove(work / LOCK)
    with suppress(OSError):
        work.rmdir()


def _put_back(kept: Path, folder: Path) -> bool:
    """Whether nothing is kept that is nowhere else."""
    for old in kept.iterdir() if kept.is_dir() else ():
        target = folder / old.name
        if not target.exists():
            try:
                rename_folder(old, target)
            except OSError as error:
                if not _is_taken(target, error):
                    return False
    return True


def _is_taken(target: Path, error: OSError) -> bool:
    """Whether a folder could not be renamed because there is one; it may be gone again by now."""
    return error.errno in {errno.EEXIST, errno.ENOTEMPTY} or target.exists()


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file or folder from another one that takes its place; None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_ctime_ns


def _patiently(action: Callable[[], T]) -> T:
    """Do it, on Windows again and again for a moment: someone may be reading the file."""
    for pause in (0.05, 0.1, 0.2, 0.4, 0.8) if sys.platform == "win32" else ():
        try:
            return action()
        except PermissionError:
            time.sleep(pause)
    return action()
