"""The icons of a page: two photos in the colours of its first classes, and a tick."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from nocode_classifier.colours import ClassColour

if TYPE_CHECKING:
    from PIL import Image

FINE = 4
"""Drawn so many times larger and then reduced, for smooth edges."""

PAPER = "#fbf6ee"


def draw_icons(front: ClassColour, back: ClassColour) -> Mapping[str, bytes]:
    """PNG files by name.

    Phones cut a maskable icon to a shape of their own, so there the drawing keeps to the middle.
    """
    return {
        "icon-192.png": _png(_draw(192, front, back, corner=0.22, scale=0.78)),
        "icon-512.png": _png(_draw(512, front, back, corner=0.22, scale=0.78)),
        "maskable-512.png": _png(_draw(512, front, back, corner=0, scale=0.6)),
        "apple-touch-icon.png": _png(_draw(180, front, back, corner=0, scale=0.72)),
    }


def _draw(
    side: int, front: ClassColour, back: ClassColour, *, corner: float, scale: float
) -> Image.Image:
    """Draw on paper.

    Args:
        side: of the icon, pixels.
        corner: radius of the paper's corners as a share of the side; 0 leaves no paper out.
        scale: size of the drawing as a share of the side.
    """
    from PIL import Image, ImageDraw

    size = side * FINE
    image = Image.new("RGBA" if corner else "RGB", (size, size))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, size - 1, size - 1), corner * size, PAPER)
    unit = size * scale / 28
    edge = size * (1 - scale) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return edge + x * unit, edge + y * unit

    draw.rounded_rectangle((*at(0, 6), *at(19, 25)), 5 * unit, back.fill)
    draw.rounded_rectangle((*at(8, 2), *at(28, 22)), 6 * unit, PAPER)
    draw.rounded_rectangle((*at(9, 3), *at(28, 22)), 5 * unit, front.fill)
    tick = [at(13.8, 12.7), at(17.2, 16.1), at(23.6, 9.3)]
    draw.line(tick, front.text, round(2.7 * unit), joint="curve")
    for x, y in (tick[0], tick[-1]):
        radius = 1.35 * unit
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), front.text)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
