"""Small pictures for the page."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from nocode_classifier.errors import PhotoRefused
from nocode_classifier.predict.predictor import PhotoError, read_photo

LONG_SIDE = 320
QUALITY = 80


def make_thumbnail(data: bytes) -> bytes:
    """Draw a photo small: upright WebP, at most 320 pixels wide and high, nothing but the picture.

    Raises:
        PhotoRefused: the bytes are no photo, or a damaged one.
    """
    try:
        small = Image.fromarray(read_photo(data, short_side=LONG_SIDE))
    except PhotoError as error:
        raise PhotoRefused(str(error)) from error
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "WEBP", quality=QUALITY)
    return out.getvalue()


def likeness_or_nothing(thumbnail: bytes) -> bytes:
    """What the photo of a thumbnail looks like (see `likeness`); nothing if it is no picture."""
    from nocode_classifier.project.near_copies.likeness import likeness_of_file

    try:
        return likeness_of_file(thumbnail)
    except OSError:
        return b""
