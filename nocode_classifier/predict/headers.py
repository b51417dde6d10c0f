"""What a photo's file says about itself, and what decoding it will cost, before that is spent.

Only formats that people have photos in are opened.

Source of the brands: ISO/IEC 23008-12 and the AVIF specification.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from PIL import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from nocode_classifier.predict.colours import profile_of
from nocode_classifier.predict.jpeg import (
    MOST_SCANS,
    SCAN,
    coded_bytes,
    count_scans,
    endings,
    has_end,
)
from nocode_classifier.predict.readers import READERS
from nocode_classifier.predict.refusals import (
    CUT_OFF,
    EMPTY,
    LIMITS,
    NO_PHOTO,
    Limits,
    PhotoError,
    PhotoTooBig,
    UnreadKind,
    check_bytes,
    check_side,
    refusing_damage,
)

HEAD_BYTES = 4096
"""So much of a file is enough to recognise it."""

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
# Colours by their numbers in ITU-T H.273, in PNG and in boxes.
_NUMBERED = re.compile(rb"(?:cICP|colrnclx\0)(.)\0?(.)", re.DOTALL)
_SPELT = {"WEBP": "WebP", "HEIF": "HEIC", "MPO": "JPEG"}
_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})


@dataclass(frozen=True, slots=True)
class Cost:
    """What decoding a photo takes at most.

    Attributes:
        memory: bytes, without those of the file. Measured for a pixel, in a fresh process: one
            for each byte that Pillow holds of it, and besides what the decoder needs: WebP 16 in
            all, AVIF 11, GIF 3, HEIC 10 (with more than 8 bits 16), a TIFF's whole strips 4, a
            JPEG in several scans 2 for each value it codes.
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
        image = READERS[kind](data)
        check_side(*image.size, limits)
        check_cost(image, cost_of(image, data), limits)
        if kind == "JPEG" and not has_end(data):
            return _ended(data, limits)
    if kind in {"PNG", "AVIF", "HEIF"} and (numbers := _NUMBERED.search(data, 0, 65_536)):
        primaries, transfer = (int.from_bytes(each, "big") for each in numbers.group(1, 2))
        image.info.setdefault("icc_profile", profile_of(primaries, transfer))
    return image


def _ended(data: bytes, limits: Limits) -> ImageFile.ImageFile:
    """Open a JPEG whose end marker is missing, as some cameras leave it out.

    Raises:
        PhotoError: rows are missing, or it is too big to find out.
    """
    ended, continued = endings(data)
    image = READERS["JPEG"](ended)
    cost = cost_of(image, ended)
    memory = cost.memory + 7 * image.width * image.height  # its pixels in full, and once more
    if memory > limits.memory or 2 * cost.work > limits.work:
        raise PhotoError(CUT_OFF)
    if _digest(image) != _digest(READERS["JPEG"](continued)):
        raise PhotoError(CUT_OFF)
    return READERS["JPEG"](ended)


def _digest(image: ImageFile.ImageFile) -> bytes:
    return hashlib.sha256(image.tobytes()).digest()


def cost_of(image: ImageFile.ImageFile, data: bytes) -> Cost:
    """What decoding an opened photo takes; see `Cost`."""
    pixels = image.width * image.height
    held = 1 if image.mode in {"1", "L", "P"} else 2 if image.mode.startswith("I;16") else 4
    if isinstance(image, JpegImageFile):
        scans = count_scans(image, data)
        kept = coded_bytes(image) if scans > 1 else 0
        return Cost(1 + pixels // 4 + pixels * kept, pixels * scans)
    match image.format:
        case "TIFF" if image.info.get("compression") != "raw":
            strips = len(image.tag_v2.get(273, image.tag_v2.get(324, (0,))))  # type: ignore[attr-defined]
            return Cost(pixels * (held + 4), pixels * (1 + data.count(SCAN) // strips))
        case "BMP" if image.info.get("compression") in (1, 2):  # read in Python, byte by byte
            return Cost(pixels * 3, 500 * max(pixels, len(data) // 2))
        case "GIF":
            return Cost(pixels * 3, pixels)
        case "HEIF":
            return Cost(pixels * (10 if image.info.get("bit_depth", 16) == 8 else 16), pixels)
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
        kind = _SPELT.get(image.format or "", image.format)
        name = "JPEG in several scans" if is_jpeg and scans > 1 else f"{kind} like this"
        as_jpeg = "" if is_jpeg and scans == 1 else ", or save it as an ordinary JPEG"
        raise PhotoTooBig(
            f"This photo is too big: {image.width:,} × {image.height:,} pixels. A {name} may have "
            f"{most / 1e6:,.0f} million in all: make it smaller{as_jpeg} first."
        )
