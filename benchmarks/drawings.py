"""Drawn pictures such as searches find among photos: logos, placeholders, clip art and the like."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Mapping
from random import Random

from PIL import Image, ImageDraw, ImageFont

SHARPER = 3
"""Drawn so many times as big and made smaller, which makes edges smooth."""

Colour = tuple[int, int, int]
Canvas = tuple[Image.Image, ImageDraw.ImageDraw]

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
GREYS = ((238, 238, 238), (204, 204, 204), (245, 247, 250), WHITE)
LOST = ("No image available", "NO PHOTO", "Image not found", "Photo no longer available")
NAMES = ("ACME", "Northwind", "bluebird", "FOOD & CO", "Hot Dog Inn")


def _logo(chance: Random) -> Image.Image:
    image, draw = _canvas(chance, _ground(chance))
    width, height = image.size
    for _ in range(chance.randint(1, 4)):
        _shape(draw, chance, _near(image, chance), chance.uniform(0.1, 0.3) * min(image.size))
    _write(draw, chance.choice(NAMES), (width / 2, height * 0.85), width * 0.9, _vivid(chance))
    return image


def _placeholder(chance: Random) -> Image.Image:
    ground = chance.choice(GREYS)
    image, draw = _canvas(chance, ground)
    width, height = image.size
    ink = tuple(value - chance.randint(40, 140) for value in ground)
    x, y, size = width / 2, height * 0.4, min(width, height) * 0.2
    frame = (x - size, y - size * 0.8, x + size, y + size * 0.8)
    draw.rounded_rectangle(frame, size * 0.1, outline=ink, width=round(size * 0.1))
    hills = ((-0.8, 0.6), (-0.2, -0.2), (0.2, 0.3), (0.4, 0), (0.8, 0.6))
    draw.polygon([(x + across * size, y + down * size) for across, down in hills], ink)
    draw.circle((x + size * 0.4, y - size * 0.4), size * 0.15, ink)
    _write(draw, chance.choice(LOST), (x, height * 0.8), width * 0.8, ink)
    return image


def _clip_art(chance: Random) -> Image.Image:
    image, draw = _canvas(chance, _ground(chance))
    thick = round(min(image.size) * 0.012)
    for _ in range(chance.randint(3, 9)):
        radius = chance.uniform(0.08, 0.3) * min(image.size)
        _shape(draw, chance, _near(image, chance), radius, outline=BLACK, width=thick)
    return image


def _icon(chance: Random) -> Image.Image:
    image, draw = _canvas(chance, _ground(chance))
    (x, y), size = (image.width / 2, image.height / 2), min(image.size) * 0.4
    box = (x - size, y - size, x + size, y + size)
    draw.rounded_rectangle(box, size * 0.25, _vivid(chance))
    _shape(draw, chance, (x, y), size * 0.6, fill=WHITE)
    return image


def _diagram(chance: Random) -> Image.Image:
    image, draw = _canvas(chance, WHITE)
    width, height = image.size
    bars = chance.randint(4, 9)
    for bar in range(bars):
        left, top = width * (0.1 + 0.8 * bar / bars), height * chance.uniform(0.2, 0.8)
        draw.rectangle((left, top, left + width * 0.6 / bars, height * 0.9), _vivid(chance))
    draw.line((width * 0.08, height * 0.9, width * 0.95, height * 0.9), BLACK, 2 * SHARPER)
    draw.line((width * 0.08, height * 0.1, width * 0.08, height * 0.9), BLACK, 2 * SHARPER)
    _write(draw, "Sales by quarter", (width / 2, height * 0.06), width * 0.6, BLACK)
    return image


def _banner(chance: Random) -> Image.Image:
    image, draw = _canvas(chance, _vivid(chance))
    middle = (image.width / 2, image.height / 2)
    _write(draw, chance.choice(NAMES), middle, image.width * 0.8, WHITE)
    return image


def _line_art(chance: Random) -> Image.Image:
    image, draw = _canvas(chance, WHITE)
    thick = round(min(image.size) * 0.01) + SHARPER
    for _ in range(chance.randint(3, 8)):
        radius = chance.uniform(0.08, 0.35) * min(image.size)
        _shape(draw, chance, _near(image, chance), radius, WHITE, outline=BLACK, width=thick)
    return image


KINDS: Mapping[str, Callable[[Random], Image.Image]] = {
    "logos": _logo,
    "placeholders": _placeholder,
    "clip art": _clip_art,
    "icons": _icon,
    "diagrams": _diagram,
    "banners": _banner,
    "line art": _line_art,
}


def draw(kind: str, seed: int) -> Image.Image:
    """One drawing of a kind; the same seed gives the same."""
    image = KINDS[kind](Random(f"{kind} {seed}"))
    size = (image.width // SHARPER, image.height // SHARPER)
    return image.resize(size, Image.Resampling.LANCZOS)


def _canvas(chance: Random, ground: Colour) -> Canvas:
    width = chance.choice((200, 300, 400, 600, 800)) * SHARPER
    image = Image.new("RGB", (width, round(width * chance.choice((1, 0.75, 0.66, 1.3)))), ground)
    return image, ImageDraw.Draw(image)


def _ground(chance: Random) -> Colour:
    return chance.choice((WHITE, WHITE, WHITE, BLACK, (240, 240, 240), _vivid(chance)))


def _vivid(chance: Random) -> Colour:
    colour = colorsys.hsv_to_rgb(chance.random(), chance.uniform(0.5, 1), chance.uniform(0.4, 1))
    red, green, blue = (round(255 * value) for value in colour)
    return red, green, blue


def _near(image: Image.Image, chance: Random) -> tuple[float, float]:
    return chance.uniform(0.25, 0.75) * image.width, chance.uniform(0.2, 0.7) * image.height


def _shape(
    draw: ImageDraw.ImageDraw,
    chance: Random,
    middle: tuple[float, float],
    radius: float,
    fill: Colour | None = None,
    outline: Colour | None = None,
    width: int = 0,
) -> None:
    fill = fill or _vivid(chance)
    x, y = middle
    box = (x - radius, y - radius, x + radius, y + radius)
    match chance.randint(0, 3):
        case 0:
            draw.ellipse(box, fill, outline, width)
        case 1:
            draw.rounded_rectangle(box, radius * 0.2, fill, outline, width)
        case 2:
            draw.pieslice(
                box, chance.randint(0, 180), chance.randint(200, 360), fill, outline, width
            )
        case _:
            corners, turn = chance.randint(3, 8), chance.randint(0, 90)
            draw.regular_polygon((x, y, radius), corners, turn, fill, outline, width)


def _write(
    draw: ImageDraw.ImageDraw,
    text: str,
    middle: tuple[float, float],
    width: float,
    ink: tuple[int, ...],
) -> None:
    font = ImageFont.load_default(100)
    size = max(8, round(100 * width / draw.textlength(text, font)))
    draw.text(middle, text, ink, ImageFont.load_default(min(size, 300)), anchor="mm")
