"""Pillow's reader of each format, called once it is known that it will not be kept busy.

Sources: PNG: W3C Portable Network Graphics, third edition; GIF89a.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from itertools import islice

from PIL import Image, ImageFile, features

from nocode_classifier.predict.jpeg import check_segments
from nocode_classifier.predict.refusals import (
    CGBI,
    DAMAGED,
    NO_AVIF,
    NO_HEIC,
    RAW,
    PhotoError,
    UnreadKind,
)
from nocode_classifier.predict.tiff import (
    check_exif,
    is_misread,
    is_raw,
    read_tags,
    unread_tiff,
)

MOST_FRAMES = 24
"""Pictures of an animation that are looked at until one shows something."""

MOST_PARTS = 100_000
"""Chunks or blocks of a file; a photo of 50 MB has a fraction of this."""

_EXIF_IN_BOXES = re.compile(rb"(?:Exif\0\0|\0\0\0\0)(?:II\*\0|MM\0\*)")


def _read(kind: str, data: bytes) -> ImageFile.ImageFile:
    """Not `Image.open`: that one guesses among all formats, and judges sizes in its own way."""
    if kind not in Image.OPEN:
        Image.init()
    return Image.OPEN[kind][0](BytesIO(data), "")


def _open_jpeg(data: bytes) -> ImageFile.ImageFile:
    check_segments(data)
    return _read("JPEG", data)


def _open_png(data: bytes) -> ImageFile.ImageFile:
    """Texts are left out: Pillow unpacks them, and refuses photos for those that are long."""
    kept, at = [data[:8]], 8
    for _ in range(MOST_PARTS):
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if kind == b"CgBI":
            raise UnreadKind(CGBI)
        is_bomb = kind == b"iCCP" and not _unpacks(data[at + 8 : end - 4])
        if kind not in (b"tEXt", b"zTXt", b"iTXt") and not is_bomb:
            kept.append(data[at:end])
        at = end
        if kind == b"IEND" or at >= len(data):
            return _read("PNG", data if at == sum(map(len, kept)) else b"".join(kept))
    raise PhotoError(DAMAGED)


def _unpacks(chunk: bytes) -> bool:
    """Whether the profile in an iCCP chunk is one, and of a size that Pillow unpacks."""
    name, _, packed = chunk.partition(b"\0")
    try:
        return bool(name) and len(zlib.decompressobj().decompress(packed[1:], 2**20)) < 2**20
    except zlib.error:
        return False


def _open_gif(data: bytes) -> ImageFile.ImageFile:
    """Leave later pictures out where they would make the first one larger.

    Pillow goes byte by byte to the next picture, and joins comments block by block.
    """
    width, height = struct.unpack_from("<HH", data, 6)
    at, frames, comments, begun = 13 + _palette_bytes(data[10]), 0, 0, len(data)
    blocks = is_comment = False
    for _ in range(4 * MOST_PARTS):
        mark = data[at : at + 1]
        if blocks:
            comments += mark[0] if is_comment and mark else 0
            blocks = mark > b"\0"
            at += 1 + (mark[0] if mark else 0)
        elif mark == b"!":
            blocks, is_comment = True, data[at + 1 : at + 2] == b"\xfe"
            at += 2
        elif mark == b"," and at + 10 < len(data):
            left, top, across, down = struct.unpack_from("<4H", data, at + 1)
            if frames and (left + across > width or top + down > height or frames == MOST_FRAMES):
                return _read("GIF", data[:at] + b";")
            blocks, is_comment, frames, begun = True, False, frames + 1, at
            at += 11 + _palette_bytes(data[at + 9])
        else:
            at += 1
        if at >= len(data) or comments > MOST_PARTS:
            break
    if comments > MOST_PARTS or (at < len(data) and frames < 2):
        raise PhotoError(DAMAGED)
    return _read("GIF", data if at >= len(data) else data[:begun] + b";")


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _open_tiff(data: bytes) -> ImageFile.ImageFile:
    tags = read_tags(data)
    if is_raw(tags):
        raise UnreadKind(RAW)
    if is_misread(tags, is_big_endian=data[:1] == b"M"):
        raise unread_tiff(tags)
    try:
        return _read("TIFF", data)
    except Exception as error:
        raise unread_tiff(tags) if tags.keys() >= {256, 257} else error from error


def _open_avif(data: bytes) -> ImageFile.ImageFile:
    if not features.check("avif"):
        raise UnreadKind(NO_AVIF)
    blocks = [found.end() - 4 for found in islice(_EXIF_IN_BOXES.finditer(data), 9)]
    if len(blocks) > 8:
        raise PhotoError(DAMAGED)
    for at in blocks:
        check_exif(data[at:])
    return _read("AVIF", data)


def _open_heic(data: bytes) -> ImageFile.ImageFile:
    """Phones save HEIC; reading it needs pillow-heif, which is optional here."""
    if "HEIF" not in Image.OPEN:
        try:
            import pillow_heif
        except ImportError as error:
            raise UnreadKind(NO_HEIC) from error
        pillow_heif.register_heif_opener()
    return _read("HEIF", data)


READERS: dict[str, Callable[[bytes], ImageFile.ImageFile]] = {
    "JPEG": _open_jpeg,
    "PNG": _open_png,
    "GIF": _open_gif,
    "TIFF": _open_tiff,
    "AVIF": _open_avif,
    "HEIF": _open_heic,
    "WEBP": partial(_read, "WEBP"),
    "BMP": partial(_read, "BMP"),
}
