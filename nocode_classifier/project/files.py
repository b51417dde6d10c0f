"""Files and folders that appear as a whole or not at all.

What is being written has a name that begins with ".new-"; a rename makes it real. A process that
is killed leaves such names behind, and they are swept away once they are old enough to belong to
no living one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

UNFINISHED = ".new-"
OLD_SECONDS = 24 * 60 * 60


def unfinished_name() -> str:
    """A fresh name for something that is not whole yet."""
    return UNFINISHED + secrets.token_hex(8)


def write_beside(folder: Path, data: bytes, *, durable: bool) -> Path:
    """Write a file under an unfinished name, to be renamed by the caller.

    Args:
        folder: where it will live; it must exist.
        data: the whole file.
        durable: also wait until the disk has it, so that a power cut can't empty it afterwards.
    """
    path = folder / unfinished_name()
    try:
        with path.open("xb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that can be made again, so that nobody ever sees half of it."""
    temporary = write_beside(path.parent, data, durable=False)
    try:
        temporary.replace(path)
    except PermissionError:
        # Windows: someone reads the very same bytes under that name just now.
        if not path.exists():
            raise
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """A new folder in `parent` that is gone afterwards unless the caller renamed it."""
    folder = parent / unfinished_name()
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rename_folder(source: Path, target: Path) -> None:
    """Rename, patiently: on Windows a virus scanner may hold a file for a moment."""
    for pause in (0.05, 0.1, 0.2, 0.4, 0.8):
        try:
            source.rename(target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    source.rename(target)


def replace_file(source: Path, target: Path) -> None:
    """Put a file in the place of another one, patiently: on Windows someone may be reading it."""
    try:
        for pause in (0.05, 0.1, 0.2, 0.4, 0.8):
            try:
                source.replace(target)
            except PermissionError:
                time.sleep(pause)
            else:
                return
        source.replace(target)
    finally:
        source.unlink(missing_ok=True)


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


def sweep_unfinished(folder: Path) -> None:
    """Remove what processes that were killed left unfinished in `folder`."""
    for path in folder.glob(f"{UNFINISHED}*"):
        if is_old(path):
            remove(path)


def is_old(path: Path) -> bool:
    """Whether nothing in `path` changed for a day; what vanished meanwhile does not count."""
    limit = time.time() - OLD_SECONDS
    with suppress(OSError):
        inside = path.rglob("*") if path.is_dir() else iter(())
        return all(each.stat().st_mtime < limit for each in (path, *inside))
    return False


def clear_away(folder: Path, aside: Path) -> None:
    """Make room where something is about to be put.

    What is unfinished, left by work that had not heard of a deletion, is removed; whatever else
    is there is moved into `aside`.
    """
    if not os.path.lexists(folder):
        return
    inside = [path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir()]
    ours = folder.is_dir() and not folder.is_symlink()
    if ours and all(any(map(_is_unfinished, path.parts)) for path in inside):
        remove(folder)
    else:
        aside.mkdir(exist_ok=True)
        rename_folder(folder, aside / f"{folder.name}-{secrets.token_hex(4)}")


def _is_unfinished(name: str) -> bool:
    return name.startswith(UNFINISHED)


def remove(path: Path) -> None:
    """Delete a file or folder; one that is in use (Windows) stays until the next time."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
