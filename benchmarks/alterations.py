"""What becomes of a photo on its way through the web."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

Alter = Callable[[Image.Image, Random], bytes]


def saved(image: Image.Image, form: str = "JPEG", quality: int = 85) -> bytes:
    file = BytesIO()
    image.save(file, form, quality=quality)
    return file.getvalue()


def _resized(factor: float, quality: int, image: Image.Image, _: Random) -> bytes:
    return saved(_scaled(image, factor), quality=quality)


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    width, height = (max(8, round(side * factor)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _compressed(form: str, quality: int, image: Image.Image, _: Random) -> bytes:
    return saved(image, form, quality)


def _cropped(
    image: Image.Image, left: float, top: float, right: float, bottom: float
) -> Image.Image:
    width, height = image.size
    box = (left * width, top * height, width - right * width, height - bottom * height)
    return image.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))


def _cut(*sides: float) -> Alter:
    return lambda image, _: saved(_cropped(image, *sides))


def _cut_anyhow(image: Image.Image, chance: Random) -> Image.Image:
    return _cropped(image, *(chance.uniform(0, 0.1) for _ in range(4)))


def _all_at_once(image: Image.Image, chance: Random) -> bytes:
    brighter = ImageEnhance.Brightness(_cut_anyhow(image, chance)).enhance(1.2)
    return saved(_scaled(brighter, 0.5), quality=60)


def _enhanced(
    kind: Callable[[Image.Image], ImageEnhance._Enhance],
    factor: float,
    image: Image.Image,
    _: Random,
) -> bytes:
    return saved(kind(image).enhance(factor))


def _framed(share: float, colour: str, image: Image.Image, _: Random) -> bytes:
    return saved(ImageOps.expand(image, max(1, round(share * max(image.size))), colour))


def _marked(image: Image.Image, _: Random) -> bytes:
    mark = Image.new("RGBA", image.size)
    font = ImageFont.load_default(max(10, image.width // 9))
    place = (image.width / 2, image.height / 2)
    ImageDraw.Draw(mark).text(place, "© a photographer", (255, 255, 255, 130), font, anchor="mm")
    return saved(Image.alpha_composite(image.convert("RGBA"), mark).convert("RGB"))


def _captioned(image: Image.Image, _: Random) -> bytes:
    copy, (width, height) = image.copy(), image.size
    draw = ImageDraw.Draw(copy)
    draw.rectangle((width * 0.7, height * 0.9, width, height), "black")
    font = ImageFont.load_default(max(6, width // 24))
    draw.text((width * 0.85, height * 0.95), "example.org", "white", font, anchor="mm")
    return saved(copy)


ASKED: Mapping[str, Alter] = {
    "half the size": partial(_resized, 0.5, 85),
    "a quarter of the size": partial(_resized, 0.25, 85),
    "a quarter, JPEG 30": partial(_resized, 0.25, 30),
    "JPEG 30": partial(_compressed, "JPEG", 30),
    "WebP 40": partial(_compressed, "WEBP", 40),
    "10 % off the left": _cut(0.1, 0, 0, 0),
    "10 % off the top": _cut(0, 0.1, 0, 0),
    "10 % off the right": _cut(0, 0, 0.1, 0),
    "10 % off the bottom": _cut(0, 0, 0, 0.1),
    "5 % off every side": _cut(0.05, 0.05, 0.05, 0.05),
    "10 % off every side": _cut(0.1, 0.1, 0.1, 0.1),
    "0 to 10 % off each side": lambda image, chance: saved(_cut_anyhow(image, chance)),
    "25 % brighter": partial(_enhanced, ImageEnhance.Brightness, 1.25),
    "20 % darker": partial(_enhanced, ImageEnhance.Brightness, 0.8),
    "30 % more contrast": partial(_enhanced, ImageEnhance.Contrast, 1.3),
    "25 % less contrast": partial(_enhanced, ImageEnhance.Contrast, 0.75),
    "cropped, brighter, half the size, JPEG 60": _all_at_once,
}
"""Near copies as the project promises to notice them."""

BESIDES: Mapping[str, Alter] = {
    "grey": lambda image, _: saved(ImageOps.grayscale(image).convert("RGB")),
    "40 % more colour": partial(_enhanced, ImageEnhance.Color, 1.4),
    "white frame of 2 %": partial(_framed, 0.02, "white"),
    "black frame of 4 %": partial(_framed, 0.04, "black"),
    "watermark": _marked,
    "caption in a corner": _captioned,
}
"""Near copies that are noticed in passing."""

MIRRORED: Mapping[str, Alter] = {
    "mirrored": lambda image, _: saved(ImageOps.mirror(image)),
    "mirrored, a quarter of the size": lambda image, chance: _resized(
        0.25, 85, ImageOps.mirror(image), chance
    ),
    "mirrored and cropped": lambda image, chance: saved(
        ImageOps.mirror(_cut_anyhow(image, chance))
    ),
}
"""What counts as another photo."""
