"""Locks on files, which the operating system lets go of when a process ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Let no other thread or process into a block with the same file while this one is in it."""
    lock = locked(file, wait=True)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def locked(file: Path, *, wait: bool = False) -> int | None:
    """Open a file and lock it until it is closed.

    Args:
        file: made if it is not there.
        wait: until whoever has it lets go of it.

    Returns:
        The open file; None if another one has it, it is gone again, or there are no locks.
    """
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if not os.path.samestat(os.fstat(descriptor), file.stat()):
                raise FileNotFoundError(file)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
