from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from nocode_classifier.collect.graphic_detection import (
    ImageStatistics,
    is_graphic,
    is_plain,
    look_at,
)
from nocode_classifier.collect.photo_check import check_photo

FORMS = {"PNG": {}, "GIF": {}, "JPEG": {"quality": 75}, "WEBP": {"quality": 75}}


def image_statistics(image: Image.Image, form: str = "JPEG", **options: object) -> ImageStatistics:
    """As the photo check sees it when it comes as a file."""
    file = BytesIO()
    image.save(file, form, **options)
    return check_photo(file.getvalue(), "picture").quality.looks


def logo() -> Image.Image:
    image = Image.new("RGB", (500, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((170, 30, 330, 190), "#e4572e")
    draw.pieslice((200, 60, 300, 160), 30, 330, "#ffd166")
    draw.text((250, 240), "Hot Dog Inn", "#17324d", ImageFont.load_default(60), anchor="mm")
    return image


def placeholder() -> Image.Image:
    image = Image.new("RGB", (400, 400), "#eeeeee")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((140, 110, 260, 210), 8, outline="#999999", width=8)
    draw.polygon([(150, 200), (190, 150), (210, 175), (225, 160), (250, 200)], "#999999")
    draw.text((200, 280), "No image available", "#777777", ImageFont.load_default(30), anchor="mm")
    return image


def clip_art() -> Image.Image:
    image = Image.new("RGB", (600, 450), "#fff4d6")
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 200, 380, 400), "#c0392b", "black", 6)
    draw.polygon([(90, 200), (250, 70), (410, 200)], "#8e5a2b", "black", 6)
    draw.circle((500, 90), 50, "#f9d423", "black", 6)
    draw.ellipse((430, 250, 560, 420), "#2e8b57", "black", 6)
    return image


def diagram() -> Image.Image:
    image = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(image)
    for bar, (height, colour) in enumerate(zip((90, 240, 170, 310), "rgbk", strict=True)):
        fill = {"r": "#d1495b", "g": "#66a182", "b": "#2e4057", "k": "#edae49"}[colour]
        draw.rectangle((100 + bar * 120, 420 - height, 180 + bar * 120, 420), fill)
    draw.line([(60, 40), (60, 420), (600, 420)], "black", 3)
    return image


def photo(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Blotches, light from one side and the noise of a sensor."""
    random = np.random.default_rng(seed)
    values = np.zeros((size[1], size[0], 3), np.float32)
    for blotches in (3, 9, 40):
        coarse = Image.fromarray(random.integers(0, 256, (blotches, blotches, 3), dtype=np.uint8))
        values += np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), np.float32) / 3
    values += np.linspace(-20, 20, size[0])[None, :, None]
    values += random.normal(0, 4, values.shape)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def pasted_on(ground: Image.Image, share: float) -> Image.Image:
    """A round part of a photo in the middle of something else."""
    side = round(min(ground.size) * share)
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).ellipse((2, 2, side - 2, side - 2), 255)
    place = ((ground.width - side) // 2, (ground.height - side) // 2)
    ground.paste(photo(9, (side, side)), place, mask.filter(ImageFilter.GaussianBlur(1)))
    return ground


def sky() -> Image.Image:
    size = (800, 600)
    values = np.linspace(150, 215, size[1])[:, None, None] + np.array([-60, 0, 30])
    noise = np.random.default_rng(3).normal(0, 2, (size[1], size[0], 3))
    return Image.fromarray((values + noise).clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("draw", [logo, placeholder, clip_art, diagram])
def test_drawings_are_told_in_every_format(draw: Callable[[], Image.Image], form: str) -> None:
    assert is_graphic(image_statistics(draw(), form, **FORMS[form]))


def test_a_drawing_is_told_also_when_it_was_made_smaller() -> None:
    for draw in (logo, placeholder, clip_art, diagram):
        assert is_graphic(image_statistics(draw().resize((200, 150)), quality=85))


def test_a_logo_on_transparent_ground_is_told() -> None:
    image = logo().convert("RGBA")
    image.putalpha(image.convert("L").point(lambda value: 0 if value > 250 else 255))
    assert is_graphic(image_statistics(image, "PNG"))


@pytest.mark.parametrize("quality", [40, 75, 95])
def test_photos_are_not_taken_for_drawings(quality: int) -> None:
    for seed in range(4):
        looks = image_statistics(photo(seed), quality=quality)
        assert not is_graphic(looks)
        assert not is_plain(looks)


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_thing_cut_out_on_white_stays_a_photo(share: float) -> None:
    assert not is_graphic(image_statistics(pasted_on(Image.new("RGB", (600, 600), "white"), share)))


def test_something_small_in_the_sky_stays_a_photo() -> None:
    assert not is_graphic(image_statistics(pasted_on(sky(), 0.15)))


def test_a_placeholder_is_plain_and_a_full_picture_is_not() -> None:
    assert is_plain(image_statistics(placeholder()))
    assert is_plain(image_statistics(Image.new("RGB", (100, 100), "silver")))
    assert not is_plain(image_statistics(photo(1)))
    icon = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(icon).rounded_rectangle((20, 20, 280, 280), 40, "#2e86de")
    ImageDraw.Draw(icon).regular_polygon((150, 150, 90), 5, fill="white")
    assert is_graphic(image_statistics(icon))
    assert not is_plain(image_statistics(icon))


def test_shares_of_a_picture_in_two_halves_are_as_they_should_be() -> None:
    image = Image.new("RGB", (102, 102), "white")
    image.paste("black", (0, 0, 51, 102))
    looks = look_at(image)
    assert looks.ground == pytest.approx(0.5, abs=0.01)
    assert looks.flat == pytest.approx(0.98, abs=0.01)
    assert (looks.few, looks.shaded) == (1.0, 0.0)
