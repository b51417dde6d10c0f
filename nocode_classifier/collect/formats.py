"""What a file really is: its first bytes decide, its name never does."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile, features

from nocode_classifier.errors import NotAPhoto, PhotoRefused

HEAD_BYTES = 4096
"""So much of a file is enough to recognise it."""


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

WEB_PAGE = "This is a web page, not a photo: open it in a browser and save the picture itself."
SVG = "This is an SVG drawing, not a photo: export it as PNG and add that."
PDF = "This is a PDF document, not a photo: export the pictures in it as JPEG and add those."
POSTSCRIPT = "This is a PostScript document, not a photo: export it as PNG and add that."
PHOTOSHOP = "This is a Photoshop file, not a photo: export it as JPEG or PNG and add that."
RAW = "This is a RAW file of a camera: export it as JPEG with your photo program and add that."
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

_PHOTOS: tuple[tuple[bytes, PhotoFormat], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
)

_OTHERS: tuple[tuple[bytes, str], ...] = (
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

_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)


def recognise(head: bytes) -> PhotoFormat:
    """Say which kind of photo a file is.

    Args:
        head: the first bytes of the file; `HEAD_BYTES` of them are enough.

    Raises:
        NotAPhoto: it is not a photo; the sentence says what it is, where that can be told.
    """
    # CR2, Canon's RAW, wears the mark of a TIFF and needs a second look.
    if head[8:10] == b"CR" and head[:4] == b"II*\0":
        raise NotAPhoto(RAW)
    for mark, photo in _PHOTOS:
        if head.startswith(mark):
            return photo
    if head[4:8] == b"ftyp":
        return _recognise_box(head)
    if head[:4] == b"RIFF":
        return _recognise_riff(head)
    # "BM" alone could begin a text; a bitmap goes on with its size and four zeros.
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return BMP
    raise NotAPhoto(_describe(head))


def _recognise_box(head: bytes) -> PhotoFormat:
    """HEIC, AVIF, Canon's CR3 and most videos share one container and differ in the brands."""
    length = max(16, min(int.from_bytes(head[:4], "big"), len(head)))
    brands = [head[at : at + 4] for at in (8, *range(16, length, 4))]
    if b"crx " in brands:
        raise NotAPhoto(RAW)
    if b"avif" in brands or b"avis" in brands:
        return AVIF
    if brands[0] in _HEIC_BRANDS or b"heic" in brands or b"heix" in brands:
        return HEIC
    raise NotAPhoto(AUDIO if brands[0] == b"M4A " else VIDEO)


def _recognise_riff(head: bytes) -> PhotoFormat:
    if head[8:12] == b"WEBP":
        return WEBP
    kinds = {b"AVI ": VIDEO, b"WAVE": AUDIO}
    raise NotAPhoto(kinds.get(head[8:12], UNKNOWN))


def _describe(head: bytes) -> str:
    """The sentence for something that is not a photo."""
    for mark, sentence in _OTHERS:
        if head.startswith(mark):
            return sentence
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


def open_photo(data: bytes, kind: PhotoFormat) -> ImageFile.ImageFile:
    """Read a photo's header, without decoding its pixels.

    The format's own reader is called rather than `Image.open`: that one guesses among all formats,
    and warns or raises about big photos before their size can be seen, where our limits decide.

    Raises:
        PhotoRefused: this installation can't read the format.
        Exception: whatever the reader raises about a damaged header.
    """
    if kind is AVIF and not features.check("avif"):
        raise PhotoRefused("AVIF photos can't be read on this computer: save it as JPEG.")
    if kind is HEIC and "HEIF" not in Image.OPEN:
        try:
            import pillow_heif
        except ImportError as error:  # a server that only answers goes without
            raise PhotoRefused(
                "HEIC photos can't be read on this computer: save it as JPEG."
            ) from error
        pillow_heif.register_heif_opener()
    if kind.key not in Image.OPEN:
        Image.init()
    reader, _ = Image.OPEN[kind.key]
    return reader(BytesIO(data), "")


def is_raw(image: ImageFile.ImageFile) -> bool:
    """Whether a TIFF is a camera's RAW file (DNG, NEF, ARW…), of which we'd only see a preview."""
    tags = getattr(image, "tag_v2", {})
    dng_version, new_subfile_type, sub_images = 50706, 254, 330
    return dng_version in tags or (tags.get(new_subfile_type) == 1 and sub_images in tags)
