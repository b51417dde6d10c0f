"""JPEG, PNG and WebP files taken apart and put together again without what is private.

Only the wrapping changes: the coded picture is copied byte for byte, so every pixel stays. What
is kept is listed, and all else goes, so that kinds of metadata nobody thought of go too.

Sources: JPEG: ITU-T T.81 annex B, JFIF 1.02; PNG: W3C Portable Network Graphics, third edition;
WebP: RFC 9649; orientation: Exif 2.32 (CIPA DC-008).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT"
    b" acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset((b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"))
_WEBP_EXIF_FLAG, _WEBP_XMP_FLAG = 0x08, 0x04

_JPEG_START, _JPEG_END, _JPEG_SCAN = 0xD8, 0xD9, 0xDA
_JPEG_APP0, _JPEG_APP2, _JPEG_APP14, _JPEG_APP15, _JPEG_COMMENT = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
# Inside a scan, FF 00 is a byte of the picture and FF D0 to FF D7 only mark places to restart.
_JPEG_AFTER_SCAN = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")


class MalformedError(ValueError):
    """The file is not built as its format says."""


def strip_jpeg(data: bytes, orientation: int) -> bytes:
    """Keep tables, scans, the colour profile and how colours are coded; cut what follows the end.

    Raises:
        MalformedError: it can't be taken apart safely.
    """
    header = b""
    body: list[bytes] = []
    for marker, payload, scan in _jpeg_segments(data):
        if marker == _JPEG_APP0 and payload[:5] == b"JFIF\0" and len(payload) >= 14:
            header = _jpeg_segment(marker, payload[:12] + b"\0\0")  # without its thumbnail
        elif _jpeg_kept(marker, payload):
            kept = payload[:12] if marker == _JPEG_APP14 else payload
            body.append(_jpeg_segment(marker, kept) + scan)
    if orientation != 1:
        header += _jpeg_segment(0xE1, b"Exif\0\0" + orientation_as_tiff(orientation))
    return b"\xff\xd8" + header + b"".join(body) + b"\xff\xd9"


def strip_png(data: bytes, orientation: int) -> bytes:
    """Keep the chunks that say how the picture looks.

    Raises:
        MalformedError: it can't be taken apart safely.
    """
    out = [PNG_SIGNATURE]
    position, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND":
        length, kind = _number(">I", data, position), data[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(data):
            raise MalformedError("a chunk is longer than the file")
        if kind in _PNG_KEPT:
            out.append(data[position:end])
        if kind == b"IHDR" and orientation != 1:
            out.append(_png_chunk(b"eXIf", orientation_as_tiff(orientation)))
        position = end
    return b"".join(out)


def strip_webp(data: bytes, orientation: int) -> bytes:
    """Keep the picture, its transparency, animation and colour profile.

    Raises:
        MalformedError: it can't be taken apart safely.
    """
    end = min(len(data), 8 + _number("<I", data, 4))
    position, out, has_picture = 12, [], False
    while position + 8 <= end:
        kind, length = data[position : position + 4], _number("<I", data, position + 4)
        payload = data[position + 8 : position + 8 + length]
        if len(payload) < length:
            raise MalformedError("a chunk is longer than the file")
        if kind == b"VP8X":
            flags = payload[0] & ~(_WEBP_EXIF_FLAG | _WEBP_XMP_FLAG)
            flags |= _WEBP_EXIF_FLAG if orientation != 1 else 0
            payload = bytes((flags,)) + payload[1:]
        if kind in _WEBP_KEPT:
            out.append(_webp_chunk(kind, payload))
        has_picture |= kind in (b"VP8 ", b"VP8L", b"ANMF")
        position += 8 + length + length % 2
    if not has_picture:
        raise MalformedError("there is no picture")
    if orientation != 1:
        out.append(_webp_chunk(b"EXIF", orientation_as_tiff(orientation)))
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def orientation_as_tiff(orientation: int) -> bytes:
    """The smallest Exif block that says how to turn the picture (1 to 8), and nothing else."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)


def _jpeg_kept(marker: int, payload: bytes) -> bool:
    if marker == _JPEG_APP2:
        return payload.startswith(b"ICC_PROFILE\0")
    if marker == _JPEG_APP14:
        return payload.startswith(b"Adobe") and len(payload) >= 12
    return not (_JPEG_APP0 <= marker <= _JPEG_APP15 or marker == _JPEG_COMMENT)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, payload and, after a start of scan, the coded picture; up to the end marker."""
    position = 2
    while True:
        start = position
        while data[position : position + 1] == b"\xff":
            position += 1
        if position == start or position >= len(data):
            raise MalformedError("a marker is missing")
        marker = data[position]
        position += 1
        if marker == _JPEG_END:
            return
        if marker in (0x00, 0x01, _JPEG_START) or 0xD0 <= marker <= 0xD7:
            raise MalformedError("a marker is out of place")
        length = _number(">H", data, position)
        payload = data[position + 2 : position + length]
        if length < 2 or len(payload) != length - 2:
            raise MalformedError("a segment is longer than the file")
        position += length
        scan = b""
        if marker == _JPEG_SCAN:
            following = _JPEG_AFTER_SCAN.search(data, position)
            if following is None:
                yield marker, payload, data[position:]
                return
            scan, position = data[position : following.start()], following.start()
        yield marker, payload, scan


def _jpeg_segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _png_chunk(kind: bytes, payload: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + payload))
    return struct.pack(">I", len(payload)) + kind + payload + checksum


def _webp_chunk(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def _number(layout: str, data: bytes, position: int) -> int:
    try:
        return int(struct.unpack_from(layout, data, position)[0])
    except struct.error as error:
        raise MalformedError("the file ends too early") from error
