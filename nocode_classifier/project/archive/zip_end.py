"""The record at the end of a zip file, which says how much its list of contents holds.

Python's zipfile reads the whole list into memory, millions of entries if need be: whoever opens the
files of strangers looks here first.

Source: PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_END = struct.Struct("<4s4H2LH")
_SIGNATURE = b"PK\x05\x06"
_END64 = struct.Struct("<4sQ2H2L4Q")
_SIGNATURE64 = b"PK\x06\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_SIGNATURE = b"PK\x06\x07"


@dataclass(frozen=True, slots=True)
class ZipEnd:
    """What the record claims.

    Attributes:
        disk: number of this file among the parts of a split archive; 0 for a whole one.
        entries: in the list of contents.
        bytes: of the list; zipfile reads as many, whatever `entries` says.
    """

    disk: int
    entries: int
    bytes: int


def read_zip_end(path: Path) -> ZipEnd | None:
    """Read the record; None where there is none, so that it is no zip file, or only a part of one.

    Raises:
        OSError: the file can't be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END.size - 0xFFFF - _LOCATOR.size))
        tail = file.read()
        place = tail.rfind(_SIGNATURE)
        if place < 0 or len(tail) < place + _END.size:
            return None
        _, disk, _, _, entries, listed, *_ = _END.unpack_from(tail, place)
        locator = place - _LOCATOR.size
        if locator >= 0 and tail[locator : locator + 4] == _LOCATOR_SIGNATURE:
            start = size - len(tail) + locator - _END64.size
            # Some versions of zipfile go where the locator says, others just before it.
            for where in (start, _LOCATOR.unpack_from(tail, locator)[2]):
                file.seek(min(max(0, where), size))
                record = file.read(_END64.size)
                if len(record) == _END64.size and record[:4] == _SIGNATURE64:
                    _, _, _, _, disk64, _, _, entries64, listed64, _ = _END64.unpack(record)
                    disk = max(disk if disk != 0xFFFF else 0, disk64)
                    entries = max(entries if entries != 0xFFFF else 0, entries64)
                    listed = max(listed if listed != 0xFFFFFFFF else 0, listed64)
        return ZipEnd(disk, entries, listed)
