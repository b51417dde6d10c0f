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
from nocode_classifier.collect.photo_quality import PhotoQuality, measure_quality
from nocode_classifier.errors import NotAPhoto, PhotoRefused, TooBig, TooSmall
from nocode_classifier.predict import refusals
from nocode_classifier.predict.headers import cost_of, open_photo
from nocode_classifier.predict.photos import decode, orientation_of
from nocode_classifier.predict.refusals import EMPTY, LIMITS, Limits
from nocode_classifier.project.near_copies.likeness import likeness_of
from nocode_classifier.project.near_copies.near_duplicates import perceptual_hash

__all__ = ["LIMITS", "CheckedPhoto", "Limits", "check_bytes", "check_header", "check_photo"]

THUMBNAIL_SIDE = 320
"""Long side of a thumbnail, in pixels."""

BIG_PHOTO = 100_000_000
"""Bytes of memory; photos whose decoding takes more wait for each other."""


@dataclass(frozen=True, slots=True)
class CheckedPhoto:
    """What the photo check found out about a photo that it let in.

    Attributes:
        name: the name it came with, as it can be shown.
        suffix: file ending for its real format, with the dot.
        width, height: pixels, after the EXIF orientation is applied.
        perceptual_hash: 64-bit pHash as 16 hex digits.
        likeness: see `project.likeness`.
        quality: how sharp and how light it is, and whether it may be a logo or a placeholder.
        thumbnail: a WebP of it, at most `THUMBNAIL_SIDE` pixels long; empty if not asked for.
    """

    name: str
    sha256: str
    suffix: str
    width: int
    height: int
    perceptual_hash: str
    likeness: bytes
    quality: PhotoQuality
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
    with turn if turn and is_big(image, data) else nullcontext(), _in_our_errors():
        small = decode(image, THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    # Only after decoding: in some formats the orientation comes last.
    if orientation_of(image) >= 5:
        width, height = height, width
    return CheckedPhoto(
        name=readable(name),
        sha256=hashlib.sha256(data).hexdigest(),
        suffix=kind.suffix,
        width=width,
        height=height,
        perceptual_hash=perceptual_hash(small),
        likeness=likeness_of(small),
        quality=measure_quality(small, width, height),
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
    with _in_our_errors():
        image = open_photo(data, limits)
    if min(image.size) < limits.min_side:
        raise TooSmall(
            f"This photo is too small: {image.width} × {image.height} pixels. Each side needs at "
            f"least {limits.min_side}: find a bigger one."
        )
    return image, kind


def is_big(image: ImageFile.ImageFile, data: bytes) -> bool:
    """Whether decoding an opened photo takes so much memory that only one at a time should be."""
    return cost_of(image, data).memory > BIG_PHOTO


def check_bytes(size: int, limits: Limits) -> None:
    """Refuse a file of more bytes than `limits` allow.

    Raises:
        TooBig: it is.
    """
    with _in_our_errors():
        refusals.check_bytes(size, limits)


@contextmanager
def _in_our_errors() -> Iterator[None]:
    try:
        yield
    except refusals.PhotoTooBig as error:
        raise TooBig(str(error)) from error
    except refusals.UnreadKind as error:
        raise NotAPhoto(str(error)) from error
    except refusals.PhotoError as error:
        raise PhotoRefused(str(error)) from error


def make_thumbnail(image: Image.Image) -> bytes:
    """A small WebP of an upright RGB photo, at most `THUMBNAIL_SIDE` pixels long."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    target = BytesIO()
    # `method` 2 of 0–6 takes a third of the time of the default for a few percent more bytes.
    small.save(target, "WEBP", quality=78, method=2)
    return target.getvalue()
