"""What a file really is: its first bytes decide, its name never does."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from nocode_classifier.errors import NotAPhoto
from nocode_classifier.predict.headers import HEAD_BYTES, brands_of, kind_of
from nocode_classifier.predict.refusals import RAW

__all__ = ["HEAD_BYTES", "RAW", "PhotoFormat", "recognise"]


@dataclass(frozen=True, slots=True)
class PhotoFormat:
    """A kind of photo that is taken.

    Attributes:
        key: Pillow's name for it.
        suffix: the file ending it is kept under, with the dot.
    """

    key: str
    suffix: str


JPEG = PhotoFormat("JPEG", ".jpg")
PNG = PhotoFormat("PNG", ".png")
GIF = PhotoFormat("GIF", ".gif")
BMP = PhotoFormat("BMP", ".bmp")
TIFF = PhotoFormat("TIFF", ".tif")
WEBP = PhotoFormat("WEBP", ".webp")
AVIF = PhotoFormat("AVIF", ".avif")
HEIC = PhotoFormat("HEIF", ".heic")
PHOTOS = {each.key: each for each in (JPEG, PNG, GIF, BMP, TIFF, WEBP, AVIF, HEIC)}

WEB_PAGE = "This is a web page, not a photo: open it in a browser and save the picture itself."
SVG = "This is an SVG drawing, not a photo: export it as PNG and add that."
PDF = "This is a PDF document, not a photo: export the pictures in it as JPEG and add those."
POSTSCRIPT = "This is a PostScript document, not a photo: export it as PNG and add that."
PHOTOSHOP = "This is a Photoshop file, not a photo: export it as JPEG or PNG and add that."
VIDEO = "This is a video, not a photo: save some still pictures from it and add those."
AUDIO = "This is a sound recording, not a photo: leave it out."
ICON = "This is an icon file, not a photo: save it as PNG and add that."
JPEG_XL = "This is a JPEG XL file, which can't be read here: save it as JPEG or PNG and add that."
JPEG_2000 = "This is a JPEG 2000 file, which can't be read here: save it as JPEG and add that."
ARCHIVE = "This is an archive, not a photo: unpack it and add the photos in it."
TEXT = "This is a text file, not a photo: leave it out."
UNKNOWN = (
    "This is not a photo, or not in a format we know: "
    "use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC."
)

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"II*\0", RAW),  # Canon's CR2, as any other TIFF is a photo
    (b"%PDF", PDF),
    (b"%!PS", POSTSCRIPT),
    (b"8BPS", PHOTOSHOP),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"IIRO", RAW),
    (b"IIRS", RAW),
    (b"IIU\0", RAW),
    (b"FOVb", RAW),
    (b"\0MRM", RAW),
    (b"\x1aE\xdf\xa3", VIDEO),
    (b"\0\0\x01\xba", VIDEO),
    (b"\0\0\x01\xb3", VIDEO),
    (b"FLV\x01", VIDEO),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", VIDEO),
    (b"ID3", AUDIO),
    (b"fLaC", AUDIO),
    (b"OggS", AUDIO),
    (b"\0\0\x01\0", ICON),
    (b"\xff\x0a", JPEG_XL),
    (b"\0\0\0\x0cJXL ", JPEG_XL),
    (b"\0\0\0\x0cjP  ", JPEG_2000),
    (b"\xff\x4f\xff\x51", JPEG_2000),
    (b"PK\x03\x04", ARCHIVE),
    (b"PK\x05\x06", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\0", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
)


def recognise(head: bytes) -> PhotoFormat:
    """Say which kind of photo a file is.

    Args:
        head: the first bytes of the file; `HEAD_BYTES` of them are enough.

    Raises:
        NotAPhoto: it is not a photo; the sentence says what it is, where that can be told.
    """
    kind = kind_of(head)
    if kind is None:
        raise NotAPhoto(_describe(head))
    return PHOTOS[kind]


def _describe(head: bytes) -> str:
    """The sentence for something that is not a photo."""
    for mark, sentence in _OTHERS:
        if head.startswith(mark):
            return sentence
    if head[4:8] == b"ftyp":
        brands = brands_of(head)
        return RAW if b"crx " in brands else AUDIO if brands[0] == b"M4A " else VIDEO
    if head[:4] == b"RIFF":
        return {b"AVI ": VIDEO, b"WAVE": AUDIO}.get(head[8:12], UNKNOWN)
    if head[257:262] == b"ustar":
        return ARCHIVE
    return _describe_text(head)


def _describe_text(head: bytes) -> str:
    # Pages saved by a browser may be UTF-16; without the zeros their tags read like ASCII.
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    tags = text.lower()
    if tags.startswith(b"<") and b"<svg" in tags and b"<html" not in tags:
        return SVG
    if re.match(rb"<(!doctype html|html|head|body|script|meta|title|div|!--)", tags):
        return WEB_PAGE
    if tags.startswith(b"<?xml") and b"<html" in tags:
        return WEB_PAGE
    return TEXT if _is_text(text) else UNKNOWN


def _is_text(data: bytes) -> bool:
    unprintable = {*range(9), *range(14, 27), *range(28, 32)}
    try:
        # Not to the end: the last letter may be cut in the middle.
        codecs.getincrementaldecoder("utf-8")().decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return bool(data) and unprintable.isdisjoint(data)
