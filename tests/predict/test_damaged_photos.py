"""Whatever bytes come: pixels, or one of our sentences; and no more memory than was said."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.errors import AppError
from nocode_classifier.predict.photos import read_photo
from nocode_classifier.predict.refusals import LIMITS, PhotoError
from tests.odd_photos import encoded, odd_greys, odd_photos, original

SENTENCE = re.compile(r"(This|There) .*[:(].*\.", re.DOTALL)
PILLOWS = re.compile(r"image file|decoder|cannot|truncated|unpack|<_io|stream|tile|mode\b|0x")


def whole_photos() -> dict[str, bytes]:
    heic = BytesIO()
    import pillow_heif

    pillow_heif.from_pillow(original()).save(heic, quality=80)
    plain = {
        f"plain.{form}": encoded(original(), form)
        for form in ("PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF")
    }
    packed = {
        f"{way}.tif": encoded(original(), "TIFF", compression=way)
        for way in ("tiff_lzw", "jpeg", "tiff_adobe_deflate")
    }
    return odd_photos() | odd_greys() | plain | packed | {"phone.heic": heic.getvalue()}


PHOTOS = whole_photos()


def damaged(data: bytes, count: int) -> Iterator[bytes]:
    """Cut, flipped, doubled, blanked; the first half near the beginning, where the tables are."""
    for seed in range(count):
        random = np.random.default_rng([seed, len(data)])
        reach = min(len(data), 700) if seed % 2 else len(data)
        broken = bytearray(data)
        for at in random.integers(0, reach, int(random.integers(1, 12))):
            broken[at] = int(random.integers(0, 256))
        start, end = sorted(int(at) for at in random.integers(0, reach, 2))
        yield bytes(
            (
                broken,
                broken[:end],
                broken[:end] + broken[start:],
                broken[:start] + bytes(end - start) + broken[end:],
                broken[:start] + broken[end:],
            )[seed % 5]
        )


def told(data: bytes) -> list[str]:
    """What is said of a photo by those who read it; nothing where it is read."""
    said = []
    try:
        pixels = read_photo(data)
        assert pixels.dtype == np.uint8
        assert 0 < pixels.shape[0] * pixels.shape[1] <= LIMITS.max_pixels
    except PhotoError as error:
        said.append(str(error))
    try:
        check_photo(data, "photo", thumbnail=False)
    except AppError as refused:
        said.append(str(refused))
    return said


def assert_told_well(photos: Iterable[bytes]) -> None:
    for sentence in {sentence for data in photos for sentence in told(data)}:
        assert SENTENCE.fullmatch(sentence)
        assert not PILLOWS.search(sentence)


@pytest.mark.parametrize("name", PHOTOS)
def test_a_damaged_photo_is_read_or_refused_in_our_words(name: str) -> None:
    assert_told_well(damaged(PHOTOS[name], 10))


@pytest.mark.gate
@pytest.mark.parametrize("name", PHOTOS)
def test_photos_damaged_in_hundreds_of_ways(name: str) -> None:
    assert_told_well(damaged(PHOTOS[name], 500))


MEASURED = """
import resource, sys
from pathlib import Path
from nocode_classifier.predict.headers import cost_of, open_photo
from nocode_classifier.predict.photos import read_photo

small, big = (Path(name).read_bytes() for name in sys.argv[1:])
read_photo(small)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
said = cost_of(open_photo(big), big).memory
read_photo(big)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024, said)
"""
LEFT_OVER = 25_000_000
"""Bytes for a band of pixels, what is returned, and the memory's own ways."""


def big_photos() -> dict[str, bytes]:
    side = (3000, 2000)
    random = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    image = Image.fromarray(random).resize(side, Image.Resampling.BICUBIC)
    wide = Image.fromarray(np.asarray(image.convert("L"), np.uint16) * 257)
    heic = BytesIO()
    import pillow_heif

    pillow_heif.from_pillow(image).save(heic, quality=60)
    return {
        "heic": heic.getvalue(),
        "baseline.jpg": encoded(image, "JPEG"),
        "progressive.jpg": encoded(image, "JPEG", progressive=True),
        "progressive 444.jpg": encoded(image, "JPEG", progressive=True, subsampling=0),
        "grey 16.png": encoded(wide, "PNG", compress_level=1),
        "grey 16.tif": encoded(wide, "TIFF"),
        "one strip.tif": encoded(image, "TIFF", compression="tiff_adobe_deflate", strip_size=10**9),
        "fax.tif": encoded(image.convert("1"), "TIFF", compression="group4"),
        "float.tif": encoded(Image.fromarray(np.asarray(image.convert("L"), np.float32)), "TIFF"),
        "palette.gif": encoded(image.quantize(32), "GIF"),
        "444.avif": encoded(image, "AVIF", speed=10, subsampling="4:4:4"),
        "lossless.webp": encoded(image, "WEBP", lossless=True, quality=0, method=0),
    } | {
        f"{mode}.png": encoded(image.convert(mode), "PNG", compress_level=1)
        for mode in ("1", "L", "LA", "P", "RGB", "RGBA")
    }


@pytest.mark.gate
@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in another way there")
def test_no_photo_takes_more_memory_than_its_header_says(tmp_path: Path) -> None:
    (tmp_path / "small").write_bytes(encoded(original(), "JPEG"))
    for each, data in big_photos().items():
        (tmp_path / "big").write_bytes(data)
        command = [sys.executable, "-c", MEASURED, str(tmp_path / "small"), str(tmp_path / "big")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        taken, said = map(int, done.stdout.split())
        assert taken < said + LEFT_OVER, each
