"""JPEG files without their pixels: segments, scans, ends.

Source: ITU-T T.81 annex B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PIL.JpegImagePlugin import JpegImageFile

from nocode_classifier.predict.refusals import CUT_OFF, DAMAGED, PhotoError, UnreadKind
from nocode_classifier.predict.tiff import check_exif

MOST_SCANS = 100
"""Passes over the picture in one JPEG; encoders make ten, the most thorough ones a few more."""

MOST_SEGMENTS = 10_000
"""In front of the first scan; with previews and profiles there are some hundreds at most."""

SCAN, END = b"\xff\xda", b"\xff\xd9"
# Inside a scan, FF 00 is a byte of the picture and FF D0 to FF D7 only mark places to restart.
_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and payload of the segments up to the first scan: they are few, and lie close."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        found = _MARKER.search(data, at, at + 65_536)
        if found is None:  # Pillow would go on byte by byte
            raise PhotoError(DAMAGED if at + 65_536 < len(data) else CUT_OFF)
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
        yield data[found.end() - 1], data[found.end() + 2 : at]
        if data[found.end() - 1] == SCAN[1]:
            return
    raise PhotoError(DAMAGED)


def check_segments(data: bytes) -> None:
    """Refuse a JPEG whose segments would keep a reader busy, or whose colours it can't read.

    Raises:
        PhotoError: there are too many, or they hold more than there is.
        UnreadKind: its colours have more than 8 bits.
    """
    exif = b""
    for marker, payload in _segments(data):
        if marker == 0xE1 and payload[:6] == b"Exif\0\0":
            exif += payload[6:]
        elif 0xC0 <= marker <= 0xC3 and payload[:1] not in (b"\x08", b""):
            raise UnreadKind(
                f"This is a JPEG with {payload[0]} bits a colour, which can't be read here: "
                "save it as an ordinary JPEG, with 8 bits."
            )
    check_exif(exif)


def count_scans(image: JpegImageFile, data: bytes) -> int:
    """How often the picture is gone over; once where the first scan holds all of it."""
    last = next((payload for marker, payload in _segments(data) if marker == SCAN[1]), b"\0")
    if "progressive" not in image.info and last[:1] == bytes((len(image.layer),)):
        return 1
    most = data.count(SCAN)  # of previews, too: counting is quicker than telling them apart
    if most <= MOST_SCANS // 4:
        return max(most, 2)
    at, scans = 2, 0
    while (found := _MARKER.search(data, at)) and data[found.end() - 1] != END[1]:
        at = found.end()
        if data[at - 1] not in (0x01, 0xD8):
            scans += data[at - 1] == SCAN[1]
            at += int.from_bytes(data[at : at + 2], "big")
    return max(scans, 2)


def coded_bytes(image: JpegImageFile) -> int:
    """What a decoder keeps for a pixel until the last scan has come: two bytes a value."""
    layers = [(across, down) for _, across, down, _ in image.layer]
    most = max(across for across, _ in layers) * max(down for _, down in layers)
    return -(-2 * sum(across * down for across, down in layers) // max(most, 1))


def has_end(data: bytes) -> bool:
    """Whether an end marker follows the first scan; from behind it is found at once."""
    return data.rfind(END, sum(4 + len(payload) for _, payload in _segments(data))) >= 0


def endings(data: bytes) -> tuple[bytes, bytes]:
    """A JPEG without an end, ended at once, and after more of a picture.

    Where every row is there, it makes no difference what follows.
    """
    kept = data.rstrip(b"\0\xff")  # what unwritten space on a card reads as
    kept += b"\xff\0" if data[len(kept) : len(kept) + 2] == b"\xff\0" else b""
    more = b"\x55" * 40
    restarts = b"".join(b"\xff" + bytes((0xD0 + count % 8,)) + more for count in range(16))
    return kept + END, kept + more + restarts + END
