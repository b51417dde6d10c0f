"""Photos without what they tell about their owner: places, dates, cameras, comments, previews."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

from PIL import Image

from nocode_classifier.errors import PhotoRefused, Unavailable
from nocode_classifier.predict.headers import open_photo
from nocode_classifier.predict.photos import orientation_of, read_photo
from nocode_classifier.predict.refusals import PhotoError, refusing_damage
from nocode_classifier.project.archive.containers import (
    PNG_SIGNATURE,
    MalformedError,
    strip_jpeg,
    strip_png,
    strip_webp,
)

JPEG_QUALITY = 95
_WHOLE = 1 << 30  # pixels: no photo is that large, so none is reduced


def read_stripped(path: Path, name: str) -> tuple[bytes, str]:
    """A project's photo without its private metadata; see `strip_private`.

    Args:
        path: its file, named after its SHA-256.
        name: what people call it.

    Raises:
        Unavailable: it can't be read any more, or is not what was stored.
    """
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != path.stem:
            raise Unavailable(
                f"The file of the photo '{name}' was changed or damaged on the disk, so it is not "
                "the photo that was added. Remove it, then try again."
            )
        return strip_private(data, path.suffix)
    except (FileNotFoundError, PhotoRefused) as error:
        raise Unavailable(
            f"The photo '{name}' can't be read any more. Remove it, then try again."
        ) from error


def strip_private(data: bytes, suffix: str) -> tuple[bytes, str]:
    """Remove all metadata but the orientation and the colour profile.

    JPEG, PNG and WebP keep every pixel: only their wrapping is rewritten. Other formats (and files
    whose wrapping is broken) are decoded and written anew: HEIC and AVIF, which are lossy
    themselves, as JPEG of high quality, all else as PNG.

    Args:
        data: a photo's file.
        suffix: its ending, with the dot; the format itself is told by the content.

    Returns:
        The new file and its ending: ".jpg", ".png" or ".webp".

    Raises:
        PhotoRefused: it can't be read.
    """
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return strip_jpeg(data, _orientation(data)), ".jpg"
        if data.startswith(PNG_SIGNATURE):
            return strip_png(data, _orientation(data)), ".png"
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return strip_webp(data, _orientation(data)), ".webp"
    except MalformedError:
        return _written_anew(data, lossless=True)
    return _written_anew(data, lossless=suffix not in (".heic", ".heif", ".avif"))


def pixels_stay(suffix: str, new_suffix: str) -> bool:
    """Whether `strip_private` kept every pixel when it made one ending of the other."""
    return new_suffix != ".jpg" or suffix in (".jpg", ".jpeg")


def _orientation(data: bytes) -> int:
    """How the photo has to be turned, 1 to 8, the way it is turned when it is read."""
    try:
        with open_photo(data) as image, refusing_damage():
            if image.format == "PNG" and "exif" not in image.info:
                image.load()  # there it may come last
            return orientation_of(image)
    except PhotoError:  # what is broken goes anyway
        return 1


def _written_anew(data: bytes, *, lossless: bool) -> tuple[bytes, str]:
    try:
        picture = Image.fromarray(read_photo(data, short_side=_WHOLE))
    except PhotoError as error:
        raise PhotoRefused(str(error)) from error
    out = BytesIO()
    if lossless:
        picture.save(out, "PNG")
        return out.getvalue(), ".png"
    picture.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return out.getvalue(), ".jpg"
