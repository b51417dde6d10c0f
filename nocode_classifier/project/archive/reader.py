"""Opening a `.nocode` file without trusting it."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nocode_classifier.disk_errors import in_words
from nocode_classifier.errors import InputError, NotFound, Unavailable
from nocode_classifier.project.archive.json_fields import Fields, damaged, parse
from nocode_classifier.project.archive.layout import (
    CONTENT,
    ENTRY,
    FORMAT,
    FORMAT_VERSION,
    LARGEST,
    MANIFEST,
    MOST_BYTES,
    MOST_ENTRIES,
    MOST_EXPANSION,
)
from nocode_classifier.project.archive.zip_end import read_zip_end

_SLACK = 10 * 1024**2  # bytes a small file may grow by whatever the factor
_PART = 1 << 17


class ArchiveReader:
    """A project file whose list of contents was checked; contents are checked as they are read.

    Attributes:
        names: all entries but the manifest.
        bytes: of all entries together, unpacked.
    """

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        infos = file.infolist()
        _check_infos(infos, Path(file.filename or "").stat().st_size)
        self._infos = {info.filename: info for info in infos}
        manifest = self._manifest()
        # After the version: a newer app may put in what this one knows nothing of.
        _check_names(infos)
        self._hashes = self._checked_entries(manifest)
        self.names = frozenset(self._hashes)
        self.bytes = sum(info.file_size for info in infos)

    def content(self) -> Fields:
        """What `project.json` says."""
        if CONTENT not in self.names:
            raise damaged(f"{CONTENT} is missing")
        return parse(self.read(CONTENT), CONTENT)

    def size(self, name: str) -> int:
        """Bytes of an entry, unpacked."""
        return self._infos[name].file_size

    def read(self, name: str) -> bytes:
        """A whole entry."""
        return b"".join(self.parts(name))

    def parts(self, name: str) -> Iterator[bytes]:
        """An entry piece by piece; the hash is compared after the last."""
        digest = hashlib.sha256()
        for part in self._unchecked(name):
            digest.update(part)
            yield part
        if digest.hexdigest() != self._hashes[name]:
            raise damaged(f"{name} was changed")

    def _unchecked(self, name: str) -> Iterator[bytes]:
        # zipfile stops at the size that the list of contents declares and compares the CRC.
        with _unpacking(), self._file.open(self._infos[name]) as entry:
            while part := entry.read(_PART):
                yield part

    def _manifest(self) -> Fields:
        if MANIFEST not in self._infos:
            raise _foreign()
        manifest = parse(b"".join(self._unchecked(MANIFEST)), MANIFEST)
        if manifest.text("format", 100) != FORMAT:
            raise _foreign()
        if manifest.whole("format_version", 1 << 30) > FORMAT_VERSION:
            raise Unavailable(
                "This project file was made by a newer version of the app."
                " Update the app to open it."
            )
        return manifest

    def _checked_entries(self, manifest: Fields) -> dict[str, str]:
        entries = manifest.by_name("entries")
        if {*entries, MANIFEST} != set(self._infos):
            raise damaged("its contents are not those on its list")
        for name, entry in entries.items():
            if entry.whole("bytes", MOST_BYTES) != self.size(name):
                raise damaged(f"{name} has another size")
        return {name: entry.text("sha256", 64) for name, entry in entries.items()}


@contextmanager
def opened(path: Path) -> Iterator[ArchiveReader]:
    """Open a project file for as long as the block lasts.

    Raises:
        NotFound: there is no such file.
        InputError: it is no project file, damaged or a trap; raised while reading in it, too.
        Unavailable: a newer version of the app made it, or it may not be read.
    """
    if not path.exists():
        raise NotFound(f"There is no file {path}.")
    if not path.is_file():
        raise _foreign()
    with in_words(path):
        _check_end(path)
    with _unpacking():
        file = zipfile.ZipFile(path)
    with file:
        yield ArchiveReader(file)


@contextmanager
def _unpacking() -> Iterator[None]:
    """One sentence for the many ways in which a zip file can be broken."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        OverflowError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise damaged("it can't be unpacked") from error


def _check_infos(infos: list[zipfile.ZipInfo], packed: int) -> None:
    if len({info.filename for info in infos}) != len(infos):
        raise damaged("an entry is in it twice")
    for info in infos:
        if info.flag_bits & 0x1:
            raise InputError("This project file is locked with a password. Export it without.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged("it is packed in an unknown way")
        kind = info.filename.partition("/")[0]
        if info.file_size > LARGEST.get(kind, MOST_BYTES):
            raise InputError("A part of this project file is too large to open.")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_BYTES or unpacked > packed * MOST_EXPANSION + _SLACK:
        raise InputError("This project file grows too large when it is unpacked.")


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    if not all(info.filename == MANIFEST or ENTRY.fullmatch(info.filename) for info in infos):
        raise InputError(
            "This project file holds something that does not belong there, so it was not opened."
            " Only open project files from people you trust."
        )


def _check_end(path: Path) -> None:
    end = read_zip_end(path)
    if end is None:
        raise _foreign()
    # An entry of ours takes about 140 bytes in the list.
    if end.bytes > MOST_ENTRIES * 200:
        raise InputError("This project file holds too many files to open.")


def _foreign() -> InputError:
    return InputError(
        "This is not a project file. Choose a file that was exported from this app;"
        " its name ends in .nocode."
    )
