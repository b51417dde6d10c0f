"""Large files of the cache that are trusted when they are read: each has its SHA-256 beside it.

One that was cut off, emptied or changed since then is taken for one that is not there.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nocode_classifier.learn.backbones.weights import sha256_of
from nocode_classifier.placing import write_whole


def seal(path: Path) -> None:
    """Remember what is in a file that is whole."""
    write_whole(_seal_of(path), sha256_of(path).encode())


def is_sealed(path: Path) -> bool:
    """Whether a file is there and is what it was when it was sealed; read once in a process."""
    try:
        stat = path.stat()
        return _sha256(path, stat.st_size, stat.st_mtime_ns) == _seal_of(path).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return False


@lru_cache(maxsize=64)
def _sha256(path: Path, _size: int, _changed: int) -> str:
    return sha256_of(path)


def _seal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")
