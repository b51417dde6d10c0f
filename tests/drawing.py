"""Photos that tests draw themselves: shapes that are easy to tell apart, no two photos alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIZE = (160, 120)
Colour = tuple[int, int, int]


def draw_photo(shape: str, seed: int, size: tuple[int, int] = SIZE) -> bytes:
    """A drawn photo as the bytes of a JPEG file; see `draw_image`."""
    file = BytesIO()
    draw_image(shape, seed, size).save(file, "JPEG", quality=90)
    return file.getvalue()


def draw_image(shape: str, seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw one photo: the same shape and seed give the same pixels.

    Args:
        shape: one of `SHAPES`.
        seed: decides on colours, places, sizes and the background.
        size: width and height in pixels.
    """
    random = np.random.default_rng([seed, sorted(SHAPES).index(shape)])
    image = _background(random, size)
    dark = np.asarray(image).mean() < 128
    low, high = (165, 256) if dark else (0, 90)
    red, green, blue = (int(value) for value in random.integers(low, high, 3))
    SHAPES[shape](ImageDraw.Draw(image), random, size, (red, green, blue))
    return image


def draw_folder(root: Path, counts: Mapping[str, int], *, first_seed: int = 0) -> Path:
    """Save drawn photos as JPEG files, with a folder for each shape.

    Args:
        root: the folder to make; it is returned.
        counts: photos by shape.
        first_seed: another one gives other photos.
    """
    for shape, count in counts.items():
        save_photos(root / shape, shape, range(first_seed, first_seed + count))
    return root


def save_photos(folder: Path, shape: str, seeds: Iterable[int]) -> list[Path]:
    """Save drawn photos of one shape as `<shape>-<seed>.jpg`, and say where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for seed in seeds:
        paths.append(folder / f"{shape}-{seed:03}.jpg")
        paths[-1].write_bytes(draw_photo(shape, seed))
    return paths


def save_faint_photos(folder: Path, shape: str, seeds: Iterable[int]) -> list[Path]:
    """Save drawn photos that are hard to tell apart: small as a stamp, with much grain."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for seed in seeds:
        small = draw_image(shape, seed).resize((24, 18), Image.Resampling.BILINEAR)
        grain = np.random.default_rng([seed, 9]).normal(0, 30, (18, 24, 3))
        values = np.asarray(small, np.float32) + grain
        image = Image.fromarray(values.clip(0, 255).astype(np.uint8))
        paths.append(folder / f"{shape}-{seed:03}.jpg")
        image.resize(SIZE, Image.Resampling.BICUBIC).save(paths[-1], "JPEG", quality=90)
    return paths


def save_frames(folder: Path, image: Image.Image, count: int) -> list[Path]:
    """Save frames that a camera which stands still takes of one scene: grain and light differ."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        random = np.random.default_rng([number, 5])
        values = np.asarray(image, np.float32) * random.normal(1, 0.03)
        values = values + random.normal(0, 4, values.shape)
        paths.append(folder / f"{number:03}.jpg")
        frame = Image.fromarray(values.clip(0, 255).astype(np.uint8))
        frame.save(paths[-1], "JPEG", quality=88)
    return paths


def _background(random: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Soft blotches of two colours that go together, with grain."""
    rows, columns = (int(value) for value in random.integers(2, 7, 2))
    base = random.choice([random.integers(20, 90), random.integers(165, 235)])
    tint = random.integers(-25, 26, 3)
    blotches = base + tint + random.integers(-30, 31, (rows, columns, 3))
    coarse = Image.fromarray(blotches.clip(0, 255).astype(np.uint8))
    values = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), np.float32)
    grain = random.normal(0, random.uniform(1, 9), values.shape)
    return Image.fromarray((values + grain).clip(0, 255).astype(np.uint8))


def _circles(
    draw: ImageDraw.ImageDraw, random: np.random.Generator, size: tuple[int, int], fill: Colour
) -> None:
    for _ in range(random.integers(1, 4)):
        radius = random.uniform(0.15, 0.32) * min(size)
        x, y = (random.uniform(radius, side - radius) for side in size)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill)


def _triangles(
    draw: ImageDraw.ImageDraw, random: np.random.Generator, size: tuple[int, int], fill: Colour
) -> None:
    for _ in range(random.integers(1, 4)):
        radius = random.uniform(0.2, 0.4) * min(size)
        x, y = (random.uniform(radius, side - radius) for side in size)
        turns = random.uniform(0, 2 * np.pi) + np.arange(3) * 2 * np.pi / 3
        draw.polygon([(x + radius * np.cos(t), y + radius * np.sin(t)) for t in turns], fill)


def _stripes(
    draw: ImageDraw.ImageDraw, random: np.random.Generator, size: tuple[int, int], fill: Colour
) -> None:
    reach, gap = sum(size), random.uniform(14, 30)
    slope, width = random.uniform(-1.5, 1.5), int(random.uniform(4, 9))
    if random.random() < 0.5:
        slope += np.sign(slope) * 2
    for step in np.arange(-reach, 2 * reach, gap * np.hypot(1, slope)):
        draw.line([(0, step), (reach, step + slope * reach)], fill, width)


SHAPES: Mapping[
    str,
    Callable[[ImageDraw.ImageDraw, np.random.Generator, tuple[int, int], Colour], None],
] = {"circle": _circles, "triangle": _triangles, "stripes": _stripes}
"""How to draw each shape; the keys are class names."""
