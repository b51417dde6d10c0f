"""What lies in a .zip or a .tar, as entries that are alike. Nothing is ever unpacked to disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from nocode_classifier.collect.code_pages import guess_code_page

LOCKED = "locked"
"""The `trouble` of an entry that needs a password."""

_AT_ONCE = 16_000_000
"""Bytes that may be asked for in one go; names and other headers are far shorter."""

LINK = "This is a link to another file, which is not followed: pack the photo itself."
DEVICE = "This is a device or a pipe, not a photo: leave it out."
UNUSUAL = "It is packed in an unusual way: make the archive again as an ordinary .zip."

DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    ArithmeticError,
    LookupError,
)
"""What Python's readers raise about an archive that is damaged."""


class TooMuch(Exception):
    """An archive unpacks to more than is allowed."""


class NoTar(tarfile.ReadError):
    """What was packed with gzip, bzip2 or xz is no tar."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an archive.

    Attributes:
        name: its path in there, with "/".
        size: bytes, as the archive claims.
        trouble: a sentence why it can't be used, `LOCKED`, or None.
        handle: how the archive finds it again.
    """

    name: str
    size: int
    trouble: str | None
    handle: zipfile.ZipInfo | tarfile.TarInfo


class Packed(Protocol):
    """An open archive."""

    def entries(self) -> Iterator[Entry]:
        """The files in it, in its order; raises one of `DAMAGE` or `TooMuch` on the way."""

    def open(self, entry: Entry) -> IO[bytes]:
        """Read one of them; raises one of `DAMAGE` or `TooMuch`, here or while it is read."""


@contextmanager
def open_packed(path: Path, allowed: int) -> Iterator[Packed]:
    """Open an archive; its first bytes say of which kind it is.

    Args:
        path: the archive.
        allowed: bytes that a tar may have when it is unpacked.

    Raises:
        Exception: one of `DAMAGE`.
    """
    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            yield _Zip(archive)
        return
    with _decompress(path, head) as stream:
        first = _Guarded(stream, allowed).read(tarfile.BLOCKSIZE)
        if head.startswith(_PACKED) and b"\0" * 8 not in first:
            # The fields of a tar's header are filled up with zeros.
            raise NoTar
        stream.seek(0)
        yield _Tar(_Guarded(stream, allowed))


_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def _decompress(path: Path, head: bytes) -> IO[bytes]:
    if head.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if head.startswith(b"BZh"):
        return cast("IO[bytes]", bz2.open(path, "rb"))
    if head.startswith(b"\xfd7zXZ"):
        return cast("IO[bytes]", lzma.open(path, "rb"))
    return path.open("rb")


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def entries(self) -> Iterator[Entry]:
        infos = self._archive.infolist()
        for info, named in zip(infos, _zip_names(infos), strict=True):
            name = named.replace("\\", "/")
            if not name.endswith("/"):
                yield Entry(name, info.file_size, _zip_trouble(info), info)

    def open(self, entry: Entry) -> IO[bytes]:
        return self._archive.open(cast("zipfile.ZipInfo", entry.handle))


def _zip_trouble(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return LINK
    if kind not in {0, stat.S_IFREG}:
        return DEVICE
    if info.flag_bits & 0x1:
        return LOCKED
    # Python unpacks the other methods without a limit: a few bytes of bzip2 can fill the memory.
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return UNUSUAL
    return None


def _zip_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of entries, whatever system packed them.

    Only newer programs mark their names as UTF-8. Others put a second, Unicode name beside the
    first (Info-ZIP's field 0x7075), write UTF-8 unmarked (macOS), or use the code page of their
    country, which is the same for all names of an archive and has to be guessed.
    """
    names = [_told_name(info) for info in infos]
    foreign = [_raw_name(info) for info, name in zip(infos, names, strict=True) if name is None]
    page = "utf-8"
    try:
        b"\n".join(foreign).decode(page)
    except UnicodeDecodeError:
        page = guess_code_page(foreign)
    return [
        _raw_name(info).decode(page, "replace") if name is None else name
        for info, name in zip(infos, names, strict=True)
    ]


def _told_name(info: zipfile.ZipInfo) -> str | None:
    """The name that an archive itself gives in Unicode."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return _unicode_name(info.extra, zlib.crc32(_raw_name(info)))
    except UnicodeError:
        return None


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("cp437")


def _unicode_name(extra: bytes, name_crc: int) -> str | None:
    while len(extra) >= 4:
        key, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if key == 0x7075 and len(field) > 5 and struct.unpack("<BL", field[:5]) == (1, name_crc):
            return field[5:].decode("utf-8")
    return None


class _Tar:
    def __init__(self, stream: _Guarded) -> None:
        self._stream = stream

    def entries(self) -> Iterator[Entry]:
        with tarfile.open(fileobj=cast("IO[bytes]", self._stream), mode="r:") as archive:
            for member in archive:
                if not member.isdir():
                    yield Entry(member.name, member.size, _tar_trouble(member), member)
            self._stream.seek(archive.offset)
            # tarfile takes a broken header after the first for the end; a real end is zeros.
            if any(self._stream.read(tarfile.BLOCKSIZE)):
                raise tarfile.ReadError("no end of archive")

    def open(self, entry: Entry) -> IO[bytes]:
        member = cast("tarfile.TarInfo", entry.handle)
        return cast("IO[bytes]", _Slice(self._stream, member.offset_data, member.size))


def _tar_trouble(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return LINK
    if member.issparse():
        return UNUSUAL
    return None if member.isreg() else DEVICE


class _Guarded:
    """A stream that goes only so far, and gives only so much at once.

    tarfile believes the sizes in headers: it would read a header of four gigabytes into memory.
    """

    def __init__(self, stream: IO[bytes], allowed: int) -> None:
        self._stream = stream
        self._allowed = allowed

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _AT_ONCE or self._stream.tell() + size > self._allowed:
            raise TooMuch
        return self._stream.read(size)

    def seek(self, position: int) -> int:
        if position > self._allowed:
            raise TooMuch
        return self._stream.seek(position)

    def tell(self) -> int:
        return self._stream.tell()


class _Slice:
    """A part of a stream, read from its beginning to its end."""

    def __init__(self, stream: _Guarded, start: int, size: int) -> None:
        self._stream = stream
        self._left = size
        stream.seek(start)

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left))
        if len(data) < min(size, self._left):
            raise EOFError("the archive ends in the middle of a file")
        self._left -= len(data)
        return data

    def close(self) -> None:
        """The stream belongs to the archive."""
