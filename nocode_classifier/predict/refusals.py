"""What can be wrong with a photo, in sentences, and how big one may be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class PhotoError(ValueError):
    """A photo that can't be read; the message says why."""


class PhotoTooBig(PhotoError):
    """A photo of more bytes, pixels or scans than may be; the message says how many may be."""


class UnreadKind(PhotoError):
    """Something that is no photo, or of a kind that can't be read; the message says which."""


EMPTY = "This file is empty (0 bytes): it was never wholly saved. Copy or download it again."
CUT_OFF = "This photo is cut off, only a part of it is here: copy or download it again."
DAMAGED = "This photo is damaged and can't be opened: copy or download it again."
NO_MEMORY = "There is not enough memory to open this photo: make it smaller first."
NO_PHOTO = (
    "This file is not a photo that can be read: use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC."
)
NO_AVIF = "AVIF photos can't be read on this computer: save it as JPEG."
NO_HEIC = "HEIC photos can't be read on this computer: save it as JPEG."
BELOW_ZERO = (
    "This is a TIFF of signed numbers, some below zero, which can't be read here: "
    "save it as an ordinary TIFF or PNG with 8 or 16 bits."
)
RAW = "This is a RAW file of a camera: export it as JPEG with your photo program and add that."
CGBI = (
    "This is a PNG made for iPhone apps (Apple's CgBI), which can't be read here: open it on a Mac "
    "or an iPhone and save it as JPEG or as an ordinary PNG."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How big a photo may be. The defaults suit a person's own computer.

    Attributes:
        max_bytes: of the file.
        max_pixels: width times height of what has to be decoded in full.
        max_jpeg_pixels: the same of a JPEG, which is decoded at a fraction of its size.
        max_side, min_side: pixels of the longer and the shorter side. Small ones are only turned
            away where photos are collected.
        memory: bytes that decoding may take. `headers.Cost` says what each format takes for a
            pixel: 1 GB is enough for a HEIC of 100 million, a WebP of 62 million.
        work: pixels times scans of a JPEG; 1,000 million take about two seconds.
    """

    max_bytes: int = 50_000_000
    max_pixels: int = 100_000_000
    max_jpeg_pixels: int = 250_000_000
    max_side: int = 20_000
    min_side: int = 8
    memory: int = 1_000_000_000
    work: int = 2_500_000_000


LIMITS = Limits()


def check_bytes(size: int, limits: Limits) -> None:
    """Refuse a file of too many bytes.

    Raises:
        PhotoTooBig: it has too many.
    """
    if size > limits.max_bytes:
        raise PhotoTooBig(
            f"This file is too big, {size / 1e6:,.0f} MB; a photo may have "
            f"{limits.max_bytes / 1e6:,.0f} MB: save it smaller, as JPEG."
        )


def check_side(width: int, height: int, limits: Limits) -> None:
    """Refuse a photo that is too long.

    Raises:
        PhotoTooBig: a side has too many pixels.
    """
    for side, word in ((width, "wide"), (height, "high")):
        if side > limits.max_side:
            raise PhotoTooBig(
                f"This photo is too {word}: {side:,} pixels. A side may have "
                f"{limits.max_side:,}: make it smaller first."
            )


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Turn whatever a format's reader raises about a damaged file into one of our sentences."""
    try:
        yield
    except PhotoError:
        raise
    except MemoryError as error:
        raise PhotoError(NO_MEMORY) from error
    except Exception as error:  # each reader has its own, undocumented ways to fail
        words = str(error).lower()
        cut_off = isinstance(error, EOFError) or "truncated" in words or "premature" in words
        raise PhotoError(CUT_OFF if cut_off else DAMAGED) from error
