"""Turns a photo's file into pixels, the one way everything here does it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, _imaging
from PIL.JpegImagePlugin import JpegImageFile

from nocode_classifier.predict.colours import as_srgb, mode_of
from nocode_classifier.predict.greys import BAND, WideGrey, wide_grey
from nocode_classifier.predict.headers import open_photo
from nocode_classifier.predict.readers import MOST_FRAMES
from nocode_classifier.predict.refusals import (
    LIMITS,
    Limits,
    PhotoError,
    refusing_damage,
)
from nocode_classifier.predict.tiff import ORIENTATION, read_tags

Pixels = npt.NDArray[np.uint8]
PhotoSource = str | Path | bytes | BinaryIO | Image.Image | Pixels

PIXELS_VERSION = 2
"""Grows whenever the same file becomes other pixels: features of the old ones are void then."""

USUAL_SIDE = 224
"""Of the square that most networks look at, pixels."""

FRAME_PIXELS = 100_000_000
"""Of all pictures of an animation that are looked at."""
BLANK = 16
"""A picture whose colours differ by no more than this, of 255, shows nothing."""

# In Pillow's pieces of 16 MB, memory is seldom given back once it was used; pieces of more than 32
# are taken from the system one by one, and go back to it.
_imaging.set_block_size(64 * 1024 * 1024)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def short_side_for(side: int) -> int:
    """How far a photo may be reduced for a network that looks at squares of `side` pixels.

    The centre that it looks at is 7/8 as wide as the photo's short side, so down to 8/7 of `side`
    nothing is lost. A fifteenth less is not seen, and halves the 480 lines of many cameras.
    """
    return side * 15 // 14


def read_photo(
    source: PhotoSource,
    *,
    short_side: int = short_side_for(USUAL_SIDE),
    limits: Limits = LIMITS,
) -> Pixels:
    """Read a photo the one way everything here reads it.

    Args:
        source: a path, the bytes of a file, an open file, an opened Pillow image or an RGB array.
        short_side: big photos may come out smaller than they are, but not below this, in pixels.
        limits: how big it may be.

    Returns:
        uint8 [height, width, 3], sRGB, upright, on white where it is see-through.

    Raises:
        PhotoError: it is missing, damaged, too big or not a photo.
    """
    if isinstance(source, np.ndarray):
        return _check_array(source)
    if isinstance(source, Image.Image):
        return np.asarray(to_rgb(source))
    with open_photo(_bytes_of(source), limits) as image:
        # Decoding at half the size or less is quick, but each decoder does it in its own way:
        # what browsers can do exactly alike, averaging squares of pixels, comes last.
        return np.asarray(decode(image, short_side, 2 * short_side))


def decode(image: ImageFile.ImageFile, short_side: int, draft_side: int) -> Image.Image:
    """Decode an opened photo.

    Args:
        image: from `open_photo`.
        short_side: it may come out smaller, but not below this, in pixels.
        draft_side: a JPEG is not decoded at a size below this, in pixels.

    Returns:
        RGB, as `read_photo` describes it.

    Raises:
        PhotoError: it is damaged.
    """
    with refusing_damage():
        # Only JPEG: drafting a HEIC would give its small preview instead of the photo.
        if isinstance(image, JpegImageFile):
            image.draft(None, (draft_side, draft_side))
        image.load()
        first = _reduced(image, min(image.size) // short_side)
    if _shows_something(first):
        return first
    first = first.copy()  # the next frames may be drawn over it
    return next(filter(_shows_something, _later_frames(image, short_side)), first)


def to_rgb(image: Image.Image) -> Image.Image:
    """Turn an opened photo of any mode upright and into sRGB.

    Greys in wide numbers are scaled to 8 bits instead of clipped; transparent parts become white,
    as on a page.
    """
    image.load()
    return _reduced(image, 1)


def orientation_of(image: Image.Image) -> int:
    """How a photo has to be turned, 1 to 8, by its Exif block, as browsers do it.

    TIFF, AVIF and HEIC are turned by their readers.
    """
    block = image.info.get("exif")
    if not isinstance(block, bytes):
        return 1
    try:
        value = read_tags(block.removeprefix(b"Exif\0\0")).get(ORIENTATION, (1,))[0]
    except (struct.error, PhotoError):  # broken camera data don't cost the photo
        return 1
    return value if value in _TURNS else 1


def _bytes_of(source: str | Path | bytes | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes() if isinstance(source, str | Path) else source.read()
    except FileNotFoundError as error:
        raise PhotoError(f"There is no photo at {error.filename}.") from error
    except OSError as error:
        raise PhotoError(f"This photo can't be read: {error.strerror or 'no access'}.") from error


def _check_array(array: Pixels) -> Pixels:
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3 or 0 in array.shape:
        raise PhotoError("A photo given as an array must be uint8 [height, width, 3], RGB.")
    return array


# Sizes and turns


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """In sRGB and upright, squares of so many pixels averaged, on white where see-through."""
    profile, turn = image.info.get("icc_profile"), _TURNS.get(orientation_of(image))
    grey = wide_grey(image)
    small = _averaged(image, max(factor, 1), grey)
    small = _opaque(small, profile, is_grey=image.mode[0] in "1LIF")
    return small if turn is None else small.transpose(turn)


def _averaged(image: Image.Image, factor: int, grey: WideGrey | None) -> Image.Image:
    """In a mode in which colours can be averaged, a band of rows after the other."""
    if grey is None and (factor == 1 or _can_average(image)):
        return image.reduce(factor) if factor > 1 else image
    width, height = image.size
    rows = max(BAND // width // factor, 1) * factor
    small: Image.Image | None = None
    for top in range(0, height, rows):
        band = image.crop((0, top, width, min(top + rows, height)))
        band = grey.to_8_bits(band) if grey else band.convert("RGBA").convert("RGBa")
        band = band.reduce(factor)
        if small is None:
            small = Image.new(band.mode, (band.width, -(-height // factor)))
        small.paste(band, (0, top // factor))
    assert small is not None
    return small


def _can_average(image: Image.Image) -> bool:
    """Numbers of a palette are no colours, and a pixel counts as much as it covers."""
    has_profile = image.mode == mode_of(image.info.get("icc_profile"))
    return (
        image.mode in {"L", "RGB", "LAB"} or (image.mode == "CMYK" and has_profile)
    ) and "transparency" not in image.info


def _opaque(image: Image.Image, profile: bytes | None, *, is_grey: bool) -> Image.Image:
    """RGB, on white, with its profile applied."""
    if image.mode in {"CMYK", "LAB"}:
        image, profile = as_srgb(image, profile), None
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    if is_grey and mode_of(profile) == "L":
        image = as_srgb(image.convert("L"), profile)
    image = image if image.mode == "RGB" else image.convert("RGB")
    return as_srgb(image, profile)


# Animations


def _shows_something(image: Image.Image) -> bool:
    return any(high - low > BLANK for low, high in image.convert("RGB").getextrema())  # type: ignore[misc]


def _later_frames(image: ImageFile.ImageFile, short_side: int) -> Iterator[Image.Image]:
    """The next pictures of an animation; a damaged one ends it.

    The other pictures in a HEIC, a TIFF or a phone's JPEG are no later ones.
    """
    if image.format not in {"GIF", "PNG", "WEBP", "AVIF"}:
        return
    for number in range(1, min(MOST_FRAMES, FRAME_PIXELS // (image.width * image.height))):
        try:
            image.seek(number)
            image.load()
        except Exception:  # noqa: BLE001  (the first picture is whole, and is taken then)
            return
        yield _reduced(image, min(image.size) // short_side)
