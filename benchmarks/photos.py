"""The photos that are measured with: real ones, and altered copies where many are needed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps

PHONE_EVERY = 50
PHONE_SIZE = (4032, 3024)


def in_folder(folder: Path) -> list[Path]:
    """All photos in a folder and those in it, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def make_views(photos: list[Path], folder: Path, count: int) -> list[Path]:
    """Write 640 x 480 JPEGs, as a camera or a web page gives them."""
    folder.mkdir(parents=True)
    made = []
    for index, path in enumerate(photos[:: max(1, len(photos) // count)][:count]):
        with Image.open(path) as photo:
            view = ImageOps.fit(photo.convert("RGB"), (640, 480))
        made.append(folder / f"{index:03}.jpg")
        view.save(made[-1], quality=90)
    return made


def make_many(source: Path, folder: Path, count: int) -> None:
    """Write `count` different photos, by class, from those in the class folders of `source`.

    Each is a random crop of a real one, half of them mirrored, and every fiftieth is enlarged to
    the 12 megapixels of a phone: memory peaks depend on the biggest photos. The same every time.
    """
    chance = random.Random(0)
    classes = sorted(path for path in source.iterdir() if path.is_dir())
    endless = [_endless(in_folder(one), chance) for one in classes]
    for index in range(count):
        which = index % len(classes)
        target = folder / classes[which].name / f"{index:05}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(next(endless[which])) as photo:
            altered = _crop(photo.convert("RGB"), chance)
        if index % PHONE_EVERY == 0:
            altered = altered.resize(PHONE_SIZE)
        altered.save(target, quality=90)


def _endless(photos: list[Path], chance: random.Random) -> Iterator[Path]:
    while True:
        yield from chance.sample(photos, len(photos))


def _crop(photo: Image.Image, chance: random.Random) -> Image.Image:
    share = chance.uniform(0.6, 0.9)
    width, height = (max(1, round(side * share)) for side in photo.size)
    left = chance.randint(0, photo.width - width)
    top = chance.randint(0, photo.height - height)
    cropped = photo.crop((left, top, left + width, top + height))
    return ImageOps.mirror(cropped) if chance.random() < 0.5 else cropped
