"""What people's photos are like besides plain: each is read as what it shows, or its kind named."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from typing import Any
from unittest import mock

import numpy as np
import pytest
from PIL import Image, features

from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.predict import readers
from nocode_classifier.predict.headers import cost_of, open_photo
from nocode_classifier.predict.photos import read_photo
from nocode_classifier.predict.refusals import CUT_OFF, Limits, PhotoError
from tests.odd_photos import (
    DISPLAY_P3,
    SIZE,
    encoded,
    in_colours,
    odd_greys,
    odd_photos,
    original,
    tiff,
    with_chunk,
)

PHOTOS, GREYS = odd_photos(), odd_greys()
WHOLE = 1 << 20


def difference(data: bytes, image: Image.Image) -> float:
    """Mean, of 255."""
    found = read_photo(data, short_side=WHOLE).astype(int)
    return float(np.abs(found - np.asarray(image.convert("RGB"))).mean())


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PhotoError) as caught:
        read_photo(data, limits=limits or Limits())
    return str(caught.value)


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_in_an_odd_form_is_what_it_shows(name: str) -> None:
    assert difference(PHOTOS[name], original()) < 4.0


@pytest.mark.parametrize("name", GREYS)
def test_a_grey_in_wide_numbers_is_what_it_shows(name: str) -> None:
    assert difference(GREYS[name], original().convert("L")) < 1.0


@pytest.mark.parametrize("name", [*PHOTOS, *GREYS])
def test_the_photo_door_sees_odd_forms_the_same_way(name: str) -> None:
    photo = check_photo((PHOTOS | GREYS)[name], name)
    assert (photo.width, photo.height) == SIZE
    seen = np.asarray(Image.open(BytesIO(photo.thumbnail)).convert("L"), int)
    assert np.abs(seen - np.asarray(original().convert("L"), int)).mean() < 8


# JPEGs without an end


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("share", [0.4, 0.8, 0.97])
def test_a_jpeg_of_which_rows_are_missing_is_refused(
    options: dict[str, object], share: float
) -> None:
    data = encoded(original(), "JPEG", quality=95, **options)
    assert refusal(data[: int(len(data) * share)]) == CUT_OFF
    assert refusal(data[: int(len(data) * share)] + bytes(5000)) == CUT_OFF


def test_a_jpeg_cut_where_a_row_begins_anew_is_refused() -> None:
    data = encoded(original(), "JPEG", quality=95, restart_marker_rows=1)
    *_, last = re.finditer(rb"\xff[\xd0-\xd7]", data)
    assert refusal(data[: last.start()]) == CUT_OFF


# Colours


def test_a_profile_of_srgb_leaves_every_pixel_as_it_is() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in ("JPEG", "PNG", "WEBP"):
        plain, named = encoded(original(), form), encoded(original(), form, icc_profile=profile)
        np.testing.assert_array_equal(read_photo(plain), read_photo(named))


def test_without_a_colour_converter_photos_are_read_nevertheless() -> None:
    with mock.patch.object(features, "check", lambda name: name != "littlecms2"):
        picture = original().convert("CMYK")
        data = encoded(picture, "JPEG", quality=95, icc_profile=b"of a printing press")
        assert read_photo(data).shape == (*reversed(SIZE), 3)


def test_a_profile_for_other_pixels_changes_nothing() -> None:
    _, profile = in_colours(DISPLAY_P3)
    data = encoded(original().convert("CMYK"), "JPEG", icc_profile=profile)
    np.testing.assert_array_equal(
        read_photo(data), read_photo(encoded(original().convert("CMYK"), "JPEG"))
    )


# TIFFs


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("1 channel of 16-bit signed", {"bits": 16, "photometric": 1, "numbers": 2}),
        ("1 channel of 8-bit signed", {"bits": 8, "photometric": 1, "numbers": 2}),
        ("1 channel of 64-bit floating-point", {"bits": 64, "photometric": 1, "numbers": 3}),
        ("3 channels of 32-bit floating-point", {"bits": 32, "photometric": 2, "channels": 3}),
        ("16-bit whole numbers in separate", {"bits": 16, "photometric": 2, "planes": 2}),
        ("YCbCr colours", {"bits": 8, "photometric": 6, "channels": 3}),
        ("YCbCr colours", {"bits": 8, "photometric": 6, "channels": 3, "planes": 2}),
        ("Lab colours", {"bits": 8, "photometric": 8, "channels": 3, "planes": 2}),
        ("raw sensor colours", {"bits": 16, "photometric": 32803}),
        ("big numbers", {"bits": 32, "photometric": 1, "packed": True, "order": ">"}),
    ],
)
def test_a_tiff_that_would_be_misread_is_refused_by_its_kind(
    kind: str, options: dict[str, Any]
) -> None:
    if options["bits"] == 32 and options.get("channels") == 3:
        options = options | {"numbers": 3}
    if options.get("planes") == 2:
        options = options | {"channels": 3}
    numbers = np.zeros(SIZE[0] * SIZE[1] * options["bits"] // 8 * options.get("channels", 1), "u1")
    sentence = refusal(tiff(numbers, **options))
    assert sentence.startswith("This is a TIFF of a kind that can't be read here (")
    assert kind == "big numbers" or kind in sentence


def test_a_tiff_with_numbers_below_zero_is_refused() -> None:
    numbers = np.arange(SIZE[0] * SIZE[1], dtype="<i4") - 9
    assert "below zero" in refusal(tiff(numbers, bits=32, photometric=1, numbers=2))


def test_a_lab_tiff_shows_its_greys() -> None:
    numbers = np.zeros((SIZE[1], SIZE[0], 3), "u1")
    numbers[..., 0] = 128
    found = read_photo(tiff(numbers, bits=8, photometric=8, channels=3))
    assert np.abs(found.astype(int) - 119).max() <= 1


# What costs too much


def many_scans(count: int, size: tuple[int, int] = (64, 48)) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = encoded(Image.new("RGB", size, "red"), "JPEG", progressive=True)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * count + data[-2:]


def test_a_jpeg_of_hundreds_of_scans_is_refused_before_it_is_decoded() -> None:
    assert refusal(many_scans(400)).startswith("This JPEG is made of 410 scans, and 100 are more")
    assert read_photo(many_scans(20)).shape == (48, 64, 3)


def test_scans_times_pixels_are_bounded_too() -> None:
    sentence = refusal(many_scans(80, (4000, 3000)), Limits(work=600_000_000))
    assert "4,000 × 3,000 pixels. A JPEG in several scans may have 7 million" in sentence


def test_previews_and_what_follows_the_end_are_no_scans() -> None:
    data = encoded(original(), "JPEG", progressive=True) + many_scans(400)
    assert read_photo(data).shape == (SIZE[1], SIZE[0], 3)


def header_of(width: int, height: int, form: str) -> bytes:
    """A file that claims a size; only its header is right."""
    data = encoded(original(), form)
    if form == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]
    ihdr = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
    return data[:12] + ihdr + struct.pack(">I", zlib.crc32(ihdr)) + data[33:]


def test_a_jpeg_of_a_phone_may_be_far_larger_than_what_must_be_decoded_whole() -> None:
    small = Limits(max_pixels=50_000_000, memory=200_000_000)
    assert open_photo(header_of(16_320, 12_240, "JPEG"), small).size == (16_320, 12_240)
    sentence = refusal(header_of(12_000, 9_000, "PNG"), small)
    assert "12,000 × 9,000 pixels. A PNG like this may have 50 million" in sentence
    assert sentence.endswith("make it smaller, or save it as an ordinary JPEG first.")


def test_a_progressive_jpeg_counts_what_its_decoder_keeps() -> None:
    plain, progressive = (
        encoded(original(), "JPEG", progressive=each, subsampling=0) for each in (False, True)
    )
    pixels = SIZE[0] * SIZE[1]
    assert cost_of(open_photo(plain), plain).memory < pixels
    assert cost_of(open_photo(progressive), progressive).memory > 6 * pixels


def test_tables_that_name_the_same_bytes_again_and_again_are_refused() -> None:
    entries = b"".join(struct.pack("<HHII", 40_000 + at, 1, 60_000, 8) for at in range(5000))
    table = b"II*\0" + struct.pack("<IH", 8, 5000) + entries + bytes(4)
    jpeg = encoded(original(), "JPEG", exif=b"Exif\0\0" + table[:60_000])
    for data in (table, jpeg[:2] + jpeg[20:]):  # without JFIF, Pillow looks into Exif at once
        with mock.patch.object(readers, "_read") as read, pytest.raises(PhotoError):
            read_photo(data)
        read.assert_not_called()


@pytest.mark.parametrize(
    "data",
    [
        encoded(original(), "GIF")[:781] + b"!\xfe" + b"\xffx" * 200_000 + b"\0",
        encoded(original(), "JPEG")[:2] + b"\xff\xe5\0\2" * 20_000,
        encoded(original(), "JPEG")[:20] + bytes(200_000),
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0tEXt\0\0\0\0" * 200_000,
    ],
    ids=["comment", "segments", "nothing", "chunks"],
)
def test_what_would_keep_a_reader_itself_busy_is_refused(data: bytes) -> None:
    with mock.patch.object(readers, "_read") as read, pytest.raises(PhotoError):
        read_photo(data)
    read.assert_not_called()


def test_a_packed_bitmap_counts_as_much_as_its_slow_reader_takes() -> None:
    head = struct.pack("<IiiHHIIiiII", 40, 2500, 2500, 1, 8, 1, 0, 0, 0, 256, 0)
    data = b"BM" + struct.pack("<IHHI", 2000, 0, 0, 1078) + head + bytes(1024 + 2500)
    assert "A BMP like this may have 5 million" in refusal(data)


def test_later_pictures_of_an_animation_never_make_it_larger() -> None:
    data = encoded(
        Image.new("L", (60, 40), 255),
        "GIF",
        save_all=True,
        append_images=[Image.new("L", (60, 40))],
    )
    at = data.rindex(b",\0\0\0\0") + 1
    data = data[:at] + struct.pack("<4H", 0, 0, 65_000, 65_000) + data[at + 8 :]
    assert read_photo(data).shape == (40, 60, 3)


# Words


def test_a_png_of_an_iphone_app_is_called_so() -> None:
    data = with_chunk(encoded(original(), "PNG"), b"IDAT", b"")
    data = data[:8] + b"\0\0\0\4CgBI\x50\0\x20\2" + bytes(4) + data[8:]
    assert "made for iPhone apps (Apple's CgBI)" in refusal(data)


def test_formats_that_nobody_has_photos_in_are_not_opened() -> None:
    for form in ("ICO", "PPM", "TGA", "ICNS", "PCX", "JPEG2000"):
        assert refusal(encoded(original(), form)).startswith("This file is not a photo that")
