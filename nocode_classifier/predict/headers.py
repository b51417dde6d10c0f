"""What a photo's file says about itself, and what decoding it will cost, before that is spent.

Only formats that people have photos in are opened. Before Pillow's reader of a format is called,
what could keep that reader itself busy is counted, so that each photo's cost is bounded.

Sources: JPEG: ITU-T T.81 annex B; PNG: W3C Portable Network Graphics, third edition; GIF89a;
brands: ISO/IEC 23008-12 and the AVIF specification.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import islice

from PIL import Image, ImageFile, features
from PIL.JpegImagePlugin import JpegImageFile

from nocode_classifier.predict.colours import profile_of
from nocode_classifier.predict.refusals import (
    CGBI,
    CUT_OFF,
    DAMAGED,
    EMPTY,
    LIMITS,
    NO_AVIF,
    NO_HEIC,
    NO_PHOTO,
    RAW,
    Limits,
    PhotoError,
    PhotoTooBig,
    UnreadKind,
    check_bytes,
    check_side,
    refusing_damage,
)
from nocode_classifier.predict.tiff import (
    check_exif,
    is_misread,
    is_raw,
    read_tags,
    unread_tiff,
)

HEAD_BYTES = 4096
"""So much of a file is enough to recognise it."""

MOST_SCANS = 100
"""Passes over the picture in one JPEG; encoders make ten, the most thorough ones a few more."""

MOST_FRAMES = 24
"""Pictures of an animation that are looked at until one shows something."""

MOST_PARTS = 100_000
"""Chunks, blocks or segments of a file; a photo of 50 MB has a fraction of this."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})


@dataclass(frozen=True, slots=True)
class Cost:
    """What decoding a photo takes at most.

    Attributes:
        memory: bytes, without those of the file. Measured for a pixel, in a fresh process: one
            for each byte that Pillow holds of it, and besides what the decoder needs: WebP 16 in
            all, AVIF 11, HEIC 9 (with more than 8 bits 16), a TIFF's whole strips 4, a JPEG in
            several scans 2 for each value it codes.
        work: pixels that are gone through, in all scans.
    """

    memory: int
    work: int


def kind_of(head: bytes) -> str | None:
    """Pillow's name for the format of a photo, told by its first `HEAD_BYTES`; None for others."""
    if head[8:10] == b"CR" and head[:4] == b"II*\0":  # Canon's RAW wears the mark of a TIFF
        return None
    for mark, kind in _SIGNATURES:
        if head.startswith(mark):
            return kind
    if head[4:8] == b"ftyp":
        return _kind_of_boxes(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    # "BM" alone could begin a text; a bitmap goes on with the size of its second header.
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    return None


def brands_of(head: bytes) -> list[bytes]:
    """What a file of boxes says it is: HEIC, AVIF, Canon's CR3 and most videos differ in these."""
    length = max(16, min(int.from_bytes(head[:4], "big"), len(head)))
    return [head[at : at + 4] for at in (8, *range(16, length, 4))]


def _kind_of_boxes(head: bytes) -> str | None:
    brands = brands_of(head)
    if b"crx " in brands:
        return None
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    is_heic = brands[0] in _HEIC_BRANDS or b"heic" in brands or b"heix" in brands
    return "HEIF" if is_heic else None


def open_photo(data: bytes, limits: Limits = LIMITS) -> ImageFile.ImageFile:
    """Read a photo's header and see that decoding it will not cost too much.

    The format's own reader is called rather than `Image.open`: that one guesses among all formats,
    and warns or raises about big photos before their size can be seen, where our limits decide.

    Args:
        data: the whole file.
        limits: how big it may be.

    Returns:
        The photo, not yet decoded.

    Raises:
        PhotoError: it can't be read here, is damaged or too big; the sentence says which.
    """
    if not data:
        raise PhotoError(EMPTY)
    kind = kind_of(data)
    if kind is None:
        raise UnreadKind(NO_PHOTO)
    check_bytes(len(data), limits)
    with refusing_damage():
        image = _OPEN[kind](data)
        if kind in _NUMBERED_KINDS and (numbers := _NUMBERED.search(data, 0, 65_536)):
            primaries, transfer = (int.from_bytes(each, "big") for each in numbers.group(1, 2))
            image.info.setdefault("icc_profile", profile_of(primaries, transfer))
        check_side(*image.size, limits)
        check_cost(image, cost_of(image, data), limits)
        if kind == "JPEG" and not _has_end(data):
            image = _ended(data, limits)
    return image


def cost_of(image: ImageFile.ImageFile, data: bytes) -> Cost:
    """What decoding an opened photo takes; see `Cost`."""
    pixels = image.width * image.height
    held = 1 if image.mode in {"1", "L", "P"} else 2 if image.mode.startswith("I;16") else 4
    if isinstance(image, JpegImageFile):
        scans = _count_scans(image, data)
        return Cost(pixels // 4 + pixels * _coded_bytes(image) * (scans > 1), pixels * scans)
    match image.format:
        case "TIFF" if image.info.get("compression") != "raw":
            strips = len(image.tag_v2.get(273, image.tag_v2.get(324, (0,))))  # type: ignore[attr-defined]
            return Cost(pixels * (held + 4), pixels * (1 + data.count(_SCAN) // strips))
        case "BMP" if image.info.get("compression") in (1, 2):  # read in Python, byte by byte
            return Cost(pixels * 3, pixels * 400)
        case "HEIF":
            return Cost(pixels * (9 if image.info.get("bit_depth", 16) == 8 else 16), pixels)
        case other:
            return Cost(pixels * {"WEBP": 16, "AVIF": 11}.get(other or "", held), pixels)


def check_cost(image: ImageFile.ImageFile, cost: Cost, limits: Limits) -> None:
    """Refuse a photo that takes too much memory or time.

    Raises:
        PhotoTooBig: the sentence says how many pixels such a photo may have.
    """
    pixels = image.width * image.height
    is_jpeg = isinstance(image, JpegImageFile)
    scans = cost.work // pixels
    most = min(
        limits.max_jpeg_pixels if is_jpeg else limits.max_pixels,
        pixels * limits.memory // cost.memory,
        limits.work // scans,
    )
    if scans > MOST_SCANS and is_jpeg:
        raise PhotoTooBig(
            f"This JPEG is made of {scans:,} scans, and {MOST_SCANS} are more than any camera "
            "writes: open it and save it anew."
        )
    if pixels > most:
        name = "JPEG in several scans" if is_jpeg and scans > 1 else f"{image.format} like this"
        way = "make it smaller" + ("" if is_jpeg else ", or save it as JPEG") + " first."
        raise PhotoTooBig(
            f"This photo is too big: {image.width:,} × {image.height:,} pixels. A {name} may have "
            f"{most / 1e6:,.0f} million in all: {way}"
        )


# JPEG

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
# Inside a scan, FF 00 is a byte of the picture and FF D0 to FF D7 only mark places to restart.
_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and payload of the segments up to the first scan: they are few, and lie close."""
    at = 2
    for _ in range(MOST_PARTS // 10):
        found = _MARKER.search(data, at, at + 65_536)
        if found is None:
            return
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
        yield data[found.end() - 1], data[found.end() + 2 : at]
        if data[found.end() - 1] == _SCAN[1]:
            return
    raise PhotoError(DAMAGED)


def _open_jpeg(data: bytes) -> ImageFile.ImageFile:
    exif = b""
    for marker, payload in _segments(data):
        if marker == 0xE1 and payload[:6] == b"Exif\0\0":
            exif += payload[6:]
        elif 0xC0 <= marker <= 0xC3 and payload[:1] != b"\x08":
            raise UnreadKind(
                f"This is a JPEG with {payload[0]} bits a colour, which can't be read here: "
                "save it as an ordinary JPEG, with 8 bits."
            )
    check_exif(exif)
    return _read("JPEG", data)


def _count_scans(image: JpegImageFile, data: bytes) -> int:
    """How often the picture is gone over; once where the first scan holds all of it."""
    last = next((payload for marker, payload in _segments(data) if marker == _SCAN[1]), b"\0")
    if "progressive" not in image.info and last[:1] == bytes((len(image.layer),)):
        return 1
    most = data.count(_SCAN)  # of previews, too: counting is quicker than telling them apart
    if most <= MOST_SCANS // 4:
        return max(most, 2)
    at, scans = 2, 0
    while (found := _MARKER.search(data, at)) and data[found.end() - 1] != _END[1]:
        at = found.end()
        if data[at - 1] not in (0x01, 0xD8):
            scans += data[at - 1] == _SCAN[1]
            at += int.from_bytes(data[at : at + 2], "big")
    return max(scans, 2)


def _coded_bytes(image: JpegImageFile) -> int:
    """What a decoder keeps for a pixel until the last scan has come: two bytes a value."""
    layers = [(across, down) for _, across, down, _ in image.layer]
    most = max(across for across, _ in layers) * max(down for _, down in layers)
    return -(-2 * sum(across * down for across, down in layers) // max(most, 1))


def _has_end(data: bytes) -> bool:
    """Whether an end marker follows the first scan; from behind it is found at once."""
    return data.rfind(_END, sum(4 + len(payload) for _, payload in _segments(data))) >= 0


def _ended(data: bytes, limits: Limits) -> ImageFile.ImageFile:
    """Open a JPEG whose end marker is missing, as some cameras leave it out.

    Where every row is there, it makes no difference what follows: nothing, or more of a picture.

    Raises:
        PhotoError: rows are missing, or it is too big to find out.
    """
    kept = data.rstrip(b"\0\xff")  # what unwritten space on a card reads as
    kept += b"\xff\0" if data[len(kept) : len(kept) + 2] == b"\xff\0" else b""
    more = b"".join(b"\xff" + bytes((0xD0 + count % 8,)) + b"\x55" * 40 for count in range(16))
    image = _read("JPEG", kept + _END)
    cost = cost_of(image, kept)
    whole = Cost(cost.memory + 7 * image.width * image.height, 2 * cost.work)
    if whole.memory > limits.memory or whole.work > limits.work:
        raise PhotoError(CUT_OFF)
    if _digest(image) != _digest(_read("JPEG", kept + b"\x55" * 40 + more + _END)):
        raise PhotoError(CUT_OFF)
    return _read("JPEG", kept + _END)


def _digest(image: ImageFile.ImageFile) -> bytes:
    return hashlib.sha256(image.tobytes()).digest()


# Other formats


def _read(kind: str, data: bytes) -> ImageFile.ImageFile:
    if kind not in Image.OPEN:
        Image.init()
    return Image.OPEN[kind][0](BytesIO(data), "")


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


_EXIF_IN_BOXES = re.compile(rb"(?:Exif\0\0|\0\0\0\0)(?:II\*\0|MM\0\*)")
# Colours by their numbers in ITU-T H.273.
_NUMBERED_KINDS = frozenset({"PNG", "AVIF", "HEIF"})
_NUMBERED = re.compile(rb"(?:cICP|colrnclx\0)(.)\0?(.)", re.DOTALL)
_OPEN: dict[str, Callable[[bytes], ImageFile.ImageFile]] = {
    "JPEG": _open_jpeg,
    "PNG": _open_png,
    "GIF": _open_gif,
    "TIFF": _open_tiff,
    "AVIF": _open_avif,
    "HEIF": _open_heic,
    "WEBP": partial(_read, "WEBP"),
    "BMP": partial(_read, "BMP"),
}
