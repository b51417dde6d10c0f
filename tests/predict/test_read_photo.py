from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from nocode_classifier.predict.photos import read_photo, short_side_for, to_rgb
from nocode_classifier.predict.refusals import PhotoError
from tests.drawing import draw_image, draw_photo

Pixels = npt.NDArray[np.uint8]
CORNERS = ((220, 40, 40), (40, 200, 60), (50, 60, 220), (230, 220, 60))


def four_corners(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Red, green, blue and yellow quarters: any turning or mirroring shows."""
    squares = np.array(CORNERS, np.uint8).reshape(2, 2, 3)
    return Image.fromarray(squares).resize(size, Image.Resampling.NEAREST)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def corners_of(pixels: Pixels) -> list[list[int]]:
    """Mean colour of each quarter."""
    height, width, _ = pixels.shape
    halves = pixels[: height // 2 * 2, : width // 2 * 2].reshape(2, height // 2, 2, width // 2, 3)
    means: list[list[int]] = halves.mean(axis=(1, 3)).round().astype(int).reshape(4, 3).tolist()
    return means


def assert_shows_corners(pixels: Pixels, size: tuple[int, int] = (96, 64), by: int = 6) -> None:
    assert pixels.dtype == np.uint8
    assert pixels.shape == (size[1], size[0], 3)
    np.testing.assert_allclose(corners_of(pixels), CORNERS, atol=by)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_every_common_format_is_read(form: str) -> None:
    assert_shows_corners(read_photo(saved(four_corners(), form)), by=12)


def test_heic_of_phones_is_read() -> None:
    import pillow_heif

    file = BytesIO()
    pillow_heif.from_pillow(four_corners()).save(file, quality=90)
    assert_shows_corners(read_photo(file.getvalue()), by=12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,  # stored so; shown, it is turned back
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = four_corners()
    stored = upright.transpose(turns[orientation]) if orientation in turns else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    for form in ("JPEG", "PNG"):
        assert_shows_corners(read_photo(saved(stored, form, exif=exif)))


def test_sixteen_bits_are_scaled_and_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 64 * 48).reshape(48, 64)
    data = saved(Image.fromarray(ramp.astype(np.uint16)), "PNG")
    expected = np.repeat((ramp / 257).round()[:, :, None], 3, axis=2)
    np.testing.assert_allclose(read_photo(data), expected, atol=1)


def test_grey_in_wide_numbers_is_read_as_what_it_holds() -> None:
    ramp = np.linspace(0, 255, 64 * 48).reshape(48, 64)
    for kind, top in ((np.int32, 1), (np.int32, 257), (np.float32, 1 / 255), (np.float32, 9)):
        data = saved(Image.fromarray((ramp * top).astype(kind)), "TIFF")
        np.testing.assert_allclose(read_photo(data)[:, :, 0], ramp, atol=2)


def test_print_colours_are_turned_into_screen_colours() -> None:
    photo = read_photo(saved(four_corners().convert("CMYK"), "JPEG", quality=95))
    assert_shows_corners(photo, by=10)


@pytest.mark.parametrize("mode", ["L", "1", "P", "YCbCr", "HSV", "LAB"])
def test_an_opened_image_of_any_mode_becomes_rgb(mode: str) -> None:
    image = four_corners().convert("RGB").convert(mode) if mode != "LAB" else four_corners()
    assert to_rgb(image).mode == "RGB"
    assert to_rgb(image).size == (96, 64)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_parts_are_white(mode: str) -> None:
    image = four_corners().convert(mode)
    image.paste(0, (0, 0, 48, 64), Image.new("L", (48, 64), 255))  # black and fully transparent
    pixels = read_photo(saved(image, "PNG"))
    assert (pixels[:, :48] == 255).all()
    assert (pixels[:, 48:] < 255).any(axis=2).all()


def test_a_transparent_colour_of_a_palette_is_white() -> None:
    image = Image.new("P", (20, 10), 0)
    image.putpalette([10, 20, 30, 200, 0, 0])
    image.paste(1, (10, 0, 20, 10))
    pixels = read_photo(saved(image, "PNG", transparency=0))
    assert pixels[5, 2].tolist() == [255, 255, 255]
    assert pixels[5, 17].tolist() == [200, 0, 0]


def test_half_transparent_parts_are_mixed_with_white() -> None:
    image = Image.new("RGBA", (9, 9), (0, 0, 0, 128))
    assert read_photo(saved(image, "WEBP", lossless=True))[4, 4].tolist() == [127, 127, 127]


def test_the_first_picture_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "lime", "blue")]
    for form in ("GIF", "PNG", "WEBP"):
        more = {"save_all": True, "append_images": frames[1:], "duration": 100}
        pixels = read_photo(saved(frames[0], form, **more))
        assert pixels.shape == (20, 30, 3)
        np.testing.assert_allclose(pixels[10, 15], (255, 0, 0), atol=6)


@pytest.mark.parametrize(
    ("form", "size"), [("JPEG", (4000, 3000)), ("JPEG", (1000, 5000)), ("PNG", (2000, 1500))]
)
def test_a_huge_photo_is_reduced_but_not_too_far(form: str, size: tuple[int, int]) -> None:
    pixels = read_photo(saved(four_corners(size), form))
    height, width, _ = pixels.shape
    assert 240 <= min(height, width) < 480
    assert width / height == pytest.approx(size[0] / size[1], rel=0.01)
    np.testing.assert_allclose(corners_of(pixels), CORNERS, atol=6)


def test_a_huge_photo_on_its_side_is_reduced_and_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(four_corners((3000, 4000)).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
    height, width, _ = read_photo(data).shape
    assert 240 <= width < height


@pytest.mark.parametrize("side", [96, 224, 260, 384, 640])
def test_a_photo_is_never_reduced_so_far_that_a_network_would_miss_much(side: int) -> None:
    least = short_side_for(side)
    centre = 7 / 8 * least
    assert 15 / 16 * side - 1 < centre <= side  # enlarged by a fifteenth at most, bar rounding
    pixels = read_photo(saved(four_corners((4000, 3000)), "JPEG"), short_side=least)
    assert least <= pixels.shape[0] < 2 * least


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_plain_photos_keep_the_pixels_that_models_have_learnt_from(form: str) -> None:
    data = saved(draw_image("stripes", 5, (1350, 1000)), form)
    with Image.open(BytesIO(data)) as image:
        image.draft(None, (480, 480))
        expected = np.asarray(image.convert("RGB").reduce(min(image.size) // 240))
    np.testing.assert_array_equal(read_photo(data), expected)


def test_a_photo_that_is_small_enough_stays_as_it_is() -> None:
    image = draw_image("triangle", 1, (790, 479))
    np.testing.assert_array_equal(read_photo(saved(image, "PNG")), np.asarray(image))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "see-through P"])
def test_squares_of_colours_as_they_are_seen_are_averaged(mode: str) -> None:
    image = draw_image("stripes", 4, (643, 481)).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    if mode == "I;16":
        grey = np.asarray(image.convert("L"), np.uint16) * 257
        data = saved(Image.fromarray(grey), "PNG")
    elif mode.endswith("P"):
        hidden = {"transparency": 3} if mode != "P" else {}
        data = saved(image.convert("RGB").quantize(16), "PNG", **hidden)
    else:
        data = saved(image.convert(mode), "PNG")
    whole = Image.fromarray(read_photo(data, short_side=481))
    assert whole.size == (643, 481)
    found = read_photo(data, short_side=240).astype(int)
    np.testing.assert_allclose(found, np.asarray(whole.reduce(2)), atol=2)


def test_bytes_a_path_an_open_file_an_image_and_an_array_are_one_photo(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(draw_photo("circle", 1))
    expected = read_photo(path)
    with path.open("rb") as file, Image.open(path) as image:
        for source in (str(path), path.read_bytes(), file, image, expected):
            np.testing.assert_array_equal(read_photo(source), expected)


@pytest.mark.parametrize(
    "data", [b"", b"<html>", draw_photo("circle", 1)[:900], b"\xff\xd8\xff\xe0", b"GIF89a"]
)
def test_what_is_no_whole_photo_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(PhotoError, match=r"^This (photo|file) is .*[:(].*\.$"):
        read_photo(data)


def test_a_missing_photo_and_a_folder_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match=r"^There is no photo at .*nothing\.jpg\.$"):
        read_photo(tmp_path / "nothing.jpg")
    with pytest.raises(PhotoError, match="can't be read"):
        read_photo(tmp_path)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
)
def test_an_array_that_is_no_photo_is_refused(array: Pixels) -> None:
    with pytest.raises(PhotoError, match="must be uint8"):
        read_photo(array)
