"""The one door that every photo comes in by, wherever it is from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile

from nocode_classifier.collect import formats
from nocode_classifier.collect.layout import readable
from nocode_classifier.collect.looks import Looks, look_at
from nocode_classifier.errors import NotAPhoto, PhotoRefused, TooBig, TooSmall
from nocode_classifier.predict.predictor import to_rgb
from nocode_classifier.project.likeness import likeness_of

THUMBNAIL_SIDE = 320
"""Long side of a thumbnail, in pixels."""

BIG_PHOTO = 24_000_000
"""Photos of more pixels than this are decoded one at a time where a `turn` is given."""

EMPTY = "This file is empty (0 bytes): it was never wholly saved. Copy or download it again."
CUT_OFF = "This photo is cut off, only a part of it is here: copy or download it again."
DAMAGED = "This photo is damaged and can't be opened: copy or download it again."


@dataclass(frozen=True, slots=True)
class Limits:
    """How big a photo may be.

    Attributes:
        max_bytes: of the file.
        max_pixels: width times height.
        max_side, min_side: pixels of the longer and the shorter side.
    """

    max_bytes: int = 50_000_000
    max_pixels: int = 100_000_000
    max_side: int = 20_000
    min_side: int = 8


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class CheckedPhoto:
    """What the door found out about a photo that it let in.

    Attributes:
        name: the name it came with, as it can be shown.
        suffix: file ending for its real format, with the dot.
        width, height: pixels, after the EXIF orientation is applied.
        perceptual_hash: 64-bit pHash as 16 hex digits.
        likeness: see `project.likeness`.
        looks: whether it may be a logo or a placeholder.
        thumbnail: a WebP of it, at most `THUMBNAIL_SIDE` pixels long; empty if not asked for.
    """

    name: str
    sha256: str
    suffix: str
    width: int
    height: int
    perceptual_hash: str
    likeness: bytes
    looks: Looks
    thumbnail: bytes


def check_photo(
    data: bytes,
    name: str,
    limits: Limits = LIMITS,
    *,
    thumbnail: bool = True,
    turn: AbstractContextManager[object] | None = None,
) -> CheckedPhoto:
    """Let a photo in, or say why not.

    The photo is decoded to its end, once: a file that is cut off does not come in. Its format is
    told by its content. Sizes are checked in the header, before anything is decoded.

    Args:
        data: the whole file.
        name: what it is called where it comes from.
        limits: how big it may be.
        thumbnail: whether to make one.
        turn: a lock held while a very big photo is decoded, so that a batch never holds several.

    Raises:
        PhotoRefused: with a sentence that says what is wrong and what to do.
    """
    image, kind = check_header(data, limits)
    width, height = image.size
    with turn if turn and width * height > BIG_PHOTO else nullcontext(), _refusing_damage():
        small, turned = _decode(image, kind)
    return CheckedPhoto(
        name=readable(name),
        sha256=hashlib.sha256(data).hexdigest(),
        suffix=kind.suffix,
        width=height if turned else width,
        height=width if turned else height,
        perceptual_hash=perceptual_hash(small),
        likeness=likeness_of(small),
        looks=look_at(small),
        thumbnail=make_thumbnail(small) if thumbnail else b"",
    )


def check_header(
    data: bytes, limits: Limits = LIMITS
) -> tuple[ImageFile.ImageFile, formats.PhotoFormat]:
    """Judge a photo by its format and its sizes, which are known before anything is decoded.

    Enough where a photo is decoded right afterwards, and only looked at.

    Returns:
        The opened, not yet decoded photo and its format.

    Raises:
        PhotoRefused: with a sentence that says what is wrong and what to do.
    """
    if not data:
        raise PhotoRefused(EMPTY)
    kind = formats.recognise(data[: formats.HEAD_BYTES])
    check_bytes(len(data), limits)
    with _refusing_damage():
        image = formats.open_photo(data, kind)
        if kind is formats.TIFF and formats.is_raw(image):
            raise NotAPhoto(formats.RAW)
    check_size(*image.size, limits)
    return image, kind


def check_bytes(size: int, limits: Limits) -> None:
    """Refuse a file of more bytes than `limits` allow.

    Raises:
        TooBig: it is.
    """
    if size > limits.max_bytes:
        raise TooBig(
            f"This file is too big, {_megabytes(size)} MB; a photo may have "
            f"{_megabytes(limits.max_bytes)} MB: save it smaller, as JPEG."
        )


def check_size(width: int, height: int, limits: Limits) -> None:
    """Refuse a photo with too many or too few pixels.

    Raises:
        TooBig: it is too wide, too high or too big in all.
        TooSmall: it is tiny.
    """
    for side, word in ((width, "wide"), (height, "high")):
        if side > limits.max_side:
            raise TooBig(
                f"This photo is too {word}: {side:,} pixels. A side may have "
                f"{limits.max_side:,}: make it smaller and add it again."
            )
    if width * height > limits.max_pixels:
        raise TooBig(
            f"This photo is too big: {width:,} × {height:,} pixels. It may have "
            f"{limits.max_pixels / 1e6:,.0f} million in all: make it smaller and add it again."
        )
    if min(width, height) < limits.min_side:
        raise TooSmall(
            f"This photo is too small: {width} × {height} pixels. Each side needs at least "
            f"{limits.min_side}: find a bigger one."
        )


@contextmanager
def _refusing_damage() -> Iterator[None]:
    """Turn whatever a format's reader raises about a damaged file into a refusal."""
    try:
        yield
    except PhotoRefused:
        raise
    except MemoryError as error:
        raise PhotoRefused(
            "There is not enough memory to open this photo: make it smaller and add it again."
        ) from error
    except Exception as error:  # each reader has its own, undocumented ways to fail
        words = str(error).lower()
        cut_off = isinstance(error, EOFError) or "truncated" in words or "premature" in words
        raise PhotoRefused(CUT_OFF if cut_off else DAMAGED) from error


def _decode(image: ImageFile.ImageFile, kind: formats.PhotoFormat) -> tuple[Image.Image, bool]:
    """Decode all of a photo into a small upright RGB image; also says if its sides were swapped."""
    if kind is formats.JPEG:
        # Decodes every bit of the file, but skips most of the arithmetic of a big photo. Not for
        # HEIC: there a draft is the embedded preview, and the photo itself would stay unread.
        image.draft(None, (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    image.load()
    # Only after loading: Pillow finds some orientations late, and turns TIFFs by itself.
    turned = image.getexif().get(0x0112) in {5, 6, 7, 8}
    factor = min(image.size) // THUMBNAIL_SIDE
    if factor > 1 and image.mode in {"L", "RGB", "RGBA", "LA", "CMYK", "YCbCr"}:
        return to_rgb(image.reduce(factor)), turned
    return to_rgb(image), turned


def perceptual_hash(image: Image.Image) -> str:
    """The 64-bit pHash of a photo as 16 hex digits; photos that look alike differ in few bits.

    Source: Krawetz, "Looks Like It" (hackerfactor.com, 2011), as imagehash computes it.
    """
    import imagehash

    return str(imagehash.phash(image))


def make_thumbnail(image: Image.Image) -> bytes:
    """A small WebP of an upright RGB photo, at most `THUMBNAIL_SIDE` pixels long."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    target = BytesIO()
    # `method` 2 of 0–6 takes a third of the time of the default for a few percent more bytes.
    small.save(target, "WEBP", quality=78, method=2)
    return target.getvalue()


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f}"
