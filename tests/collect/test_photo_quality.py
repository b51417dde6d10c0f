from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.collect.photo_quality import (
    PhotoQuality,
    measure_file,
    measure_quality,
)
from nocode_classifier.predict.refusals import PhotoError
from tests.drawing import draw_image

SENTENCE = "A morning in the garden, and nobody there to see what the frogs wrote down."


def measured(image: Image.Image) -> PhotoQuality:
    """As it is measured when it comes as a file."""
    file = BytesIO()
    image.save(file, "JPEG", quality=85)
    return measure_file(file.getvalue())


def page(ground: str, ink: str, lines: int = 30) -> Image.Image:
    image = Image.new("RGB", (400, 540), ground)
    draw = ImageDraw.Draw(image)
    for line in range(lines):
        place = (20, 15 + line * 17)
        draw.text(place, SENTENCE[line % 9 :][:60], ink, ImageFont.load_default(12))
    return image


@pytest.mark.parametrize("shape", ["circle", "triangle"])
@pytest.mark.parametrize("radius", [2.0, 3.0, 4.0])
def test_the_radius_of_a_blur_is_told_whatever_is_on_the_photo(shape: str, radius: float) -> None:
    for seed in range(3):
        sharp = draw_image(shape, seed, (400, 300))
        assert measured(sharp).blur < 1.2
        blurred = measured(sharp.filter(ImageFilter.GaussianBlur(radius)))
        assert blurred.blur == pytest.approx(radius, rel=0.1)


def test_what_is_in_focus_makes_a_photo_sharp_whatever_its_background() -> None:
    image = draw_image("circle", 3, (400, 300)).filter(ImageFilter.GaussianBlur(6))
    image.paste(draw_image("stripes", 4, (120, 90)), (140, 105))
    assert measured(image).blur < 1.2


def test_a_few_lamps_do_not_make_the_night_light() -> None:
    night = ImageEnhance.Brightness(draw_image("circle", 1, (400, 300))).enhance(0.1)
    ImageDraw.Draw(night).ellipse((100, 100, 160, 160), "white")
    quality = measured(night)
    assert quality.luminance_95 < 0.12
    assert quality.luminance_99 > 0.9


def test_a_thing_on_white_is_not_all_light() -> None:
    white = Image.new("RGB", (400, 300), "white")
    white.paste(draw_image("circle", 1, (150, 120)), (120, 90))
    quality = measured(white)
    assert quality.luminance_5 < 0.6
    assert quality.luminance_99 > 0.95


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("#1e1e24", "#d8d8d8")])
def test_text_is_told_upright_and_turned(ground: str, ink: str) -> None:
    for image in (page(ground, ink), page(ground, ink).transpose(Image.Transpose.ROTATE_90)):
        assert measured(image).text > 0.4
    assert measured(page(ground, ink, lines=2)).text < 0.1


@pytest.mark.parametrize("shape", ["circle", "triangle"])
def test_drawn_photos_are_no_text(shape: str) -> None:
    assert max(measured(draw_image(shape, seed, (400, 300))).text for seed in range(5)) < 0.15


@pytest.mark.parametrize("slope", [0, 40, 400])
def test_stripes_are_no_text(slope: int) -> None:
    image = Image.new("RGB", (400, 400), "white")
    for place in range(-400, 800, 12):
        ImageDraw.Draw(image).line((0, place, 400, place + slope), "black", 3)
    assert measured(image).text < 0.1


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("size", [(1, 1), (2, 400), (17, 17), (31, 30), (400, 300)])
def test_a_picture_of_one_colour_is_measured_at_any_size(size: tuple[int, int], mode: str) -> None:
    quality = measure_quality(Image.new(mode, size, "#808080").convert("RGB"), *size)
    assert (quality.width, quality.height) == size
    assert (quality.blur, quality.text, quality.looks.ground) == (0, 0, 1)
    assert quality.luminance_5 == quality.luminance_99 == pytest.approx(0.5, abs=0.01)


def test_noise_is_not_blurred_and_grey_is_measured_as_colours_are() -> None:
    values = np.random.default_rng(1).integers(0, 256, (300, 400), dtype=np.uint8)
    assert measured(Image.fromarray(values)).blur < 0.8
    grey = draw_image("triangle", 2, (400, 300)).convert("L")
    assert measured(grey).blur == pytest.approx(measured(grey.convert("RGB")).blur, abs=0.1)


def test_a_photo_is_measured_upright_and_the_same_when_it_comes_in_and_later() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = BytesIO()
    draw_image("stripes", 5, (1800, 1200)).save(file, "JPEG", exif=exif)
    later = measure_file(file.getvalue())
    assert (later.width, later.height) == (1200, 1800)
    assert check_photo(file.getvalue(), "photo").quality == later
    assert PhotoQuality.from_json(later.to_json()) == later


def test_a_file_that_is_no_photo_any_more_says_so() -> None:
    with pytest.raises(PhotoError):
        measure_file(b"nothing")
