"""Make the reference of strangers anew: `python -m assets.make_strangers`, in the folder above.

Fetches desktop wallpapers out of Debian's packages, lets the bundled networks look at each of them
and at parts of them, and writes down numbers only, with where the pictures are from beside them.
Needs Debian 12, `apt-get` and `dpkg`. Anew is needed when `extractor_key` changes; a test says so.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from nocode_classifier import paths
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.backbones.prepare import extractor_key, prepare
from nocode_classifier.learn.backbones.registry import BACKBONES
from nocode_classifier.learn.features import Extractor
from nocode_classifier.learn.strangers.reference import REFERENCE
from nocode_classifier.predict.photos import to_rgb

SIDE, PART_SIDE = 1600, 480
"""Pixels to which a picture, and then each part of it, is shrunk at most."""

SHARES = (0.35, 0.5, 0.65, 0.8)
"""Of the sides of a picture, those of the parts that are looked at besides the whole."""

WIDEST = 4 / 3
"""As photos are; wallpapers are wider."""

SIZE = re.compile(r"_?(\d+)x\d+$")


@dataclass(frozen=True, slots=True)
class Package:
    """A package of Debian 12 with pictures of a free licence.

    Attributes:
        pictures: pattern of their paths.
        licence: of the pictures, as the package's copyright file has it.
    """

    name: str
    version: str
    pictures: str
    licence: str


PACKAGES = (
    Package(
        "gnome-backgrounds",
        "43.1-1",
        "usr/share/backgrounds/gnome/*.webp",
        "GPL-2+; some CC-BY-SA-3.0",
    ),
    Package(
        "lomiri-wallpapers-16.04",
        "20.04.0-2",
        "usr/share/backgrounds/*.jpg",
        "CC-BY-4.0, CC-BY-SA-4.0 or CC0-1.0",
    ),
    Package("lomiri-wallpapers-20.04", "20.04.0-2", "usr/share/backgrounds/*.jpg", "CC-BY-SA-3.0"),
    Package(
        "lxqt-themes",
        "1.2.0-1",
        "usr/share/lxqt/wallpapers/*",
        "LGPL-2.1+; kde-plasma.png LGPL-3",
    ),
    Package(
        "mate-backgrounds",
        "1.26.0-1",
        "usr/share/backgrounds/mate/*/*",
        "GPL-2+; Ubuntu-Mate-* CC-BY-SA-4.0",
    ),
    Package(
        "plasma-workspace-wallpapers",
        "4:5.27.5-2",
        "usr/share/wallpapers/*/contents/images/*",
        "GPL-2+",
    ),
    Package("ukui-wallpapers", "20.04.3-1.1", "usr/share/backgrounds/*", "CC-BY-SA-3.0"),
    Package("xfdesktop4-data", "4.18.1-1", "usr/share/backgrounds/xfce/*", "GPL-2+"),
)

SOURCES = f"""\
# Where the reference of strangers is from

`{REFERENCE.name}` holds what networks make of pictures: numbers only, from which no picture can be
had back. `assets/make_strangers.py` makes them. Of each wallpaper the networks see the whole and
{{parts}} parts, {{crops}} pictures in all.

| package of Debian 12 | version | wallpapers | licence of the pictures |
|---|---|---|---|
{{rows}}

The authors are named in each package's copyright file.
"""


def main() -> None:
    """Write the numbers and the sources."""
    crops, rows, chance = [], [], random.Random(0)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            found = list(_pictures(package, Path(folder)))
            crops += [crop for picture in found for crop in _crops(picture, chance)]
            cells = (package.name, package.version, str(len(found)), package.licence)
            rows.append(f"| {' | '.join(cells)} |")
    bundled = [backbone for backbone in BACKBONES if backbone.is_bundled]
    np.savez_compressed(
        REFERENCE, **{extractor_key(each): _seen_by(each, crops) for each in bundled}
    )
    REFERENCE.with_name("SOURCES.md").write_text(
        SOURCES.format(parts=len(SHARES), crops=len(crops), rows="\n".join(rows)), "utf-8"
    )


def _pictures(package: Package, folder: Path) -> Iterator[Path]:
    """The wallpapers of a package, each once, in the largest size there is."""
    named = f"{package.name}={package.version}"
    subprocess.run(["apt-get", "-qq", "download", named], cwd=folder, check=True)
    (archive,) = folder.glob(f"{package.name}_*.deb")
    content = folder / package.name
    subprocess.run(["dpkg", "-x", str(archive), str(content)], check=True)
    best: dict[Path, tuple[int, Path]] = {}
    for path in sorted(content.glob(package.pictures)):
        if path.suffix in {".jpg", ".png", ".webp"}:
            size = SIZE.search(path.stem)
            one = path.parent / SIZE.sub("", path.stem)
            best[one] = max(best.get(one, (-1, path)), (int(size[1]) if size else 0, path))
    yield from (path for _, path in best.values())


def _crops(path: Path, chance: random.Random) -> Iterator[Image.Image]:
    """A picture as a whole, and parts of it."""
    with Image.open(path) as file:
        file.draft("RGB", (SIDE, SIDE))
        picture = to_rgb(file)
    picture.thumbnail((SIDE, SIDE))
    for share in (1.0, *SHARES):
        width, height = (max(1, round(side * share)) for side in picture.size)
        if share < 1:
            width = min(width, round(height * WIDEST))
        left = chance.randint(0, picture.width - width)
        top = chance.randint(0, picture.height - height)
        crop = picture.crop((left, top, left + width, top + height))
        crop.thumbnail((PART_SIDE, PART_SIDE))
        yield crop


def _seen_by(
    backbone: Backbone, crops: list[Image.Image]
) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """The features that familiarity is measured on, each row scaled to -127..127."""
    extractor = Extractor(prepare(backbone, paths.cache()), extractor_key(backbone))
    columns = extractor.blocks.familiar
    seen = np.stack([extractor.look_at(np.asarray(crop))[columns] for crop in crops])
    scale = 127 / np.maximum(np.abs(seen).max(axis=1, keepdims=True), 1e-6)
    return np.round(seen * scale).astype(np.int8)


if __name__ == "__main__":
    main()
