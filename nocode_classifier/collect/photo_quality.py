"""What can be seen of a photo without a network: how sharp, how light, how big; whether it is text.

Only figures; what they mean for a photo among others is judged in `check/quality_limits.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from nocode_classifier.collect.graphic_detection import ImageStatistics, look_at
from nocode_classifier.predict.headers import open_photo
from nocode_classifier.predict.photos import decode, orientation_of
from nocode_classifier.predict.refusals import LIMITS, Limits

VERSION = 1
"""Figures of another version are measured anew."""

SIDE = 320
"""Pixels of the shorter side at which a photo is measured; smaller photos as they are."""
STRONGEST = 0.005
"""Share of the pixels, those of the strongest edges, that tell how sharp a photo is: what it shows
is in focus, its background need not be."""
LITTLE, MORE = (1, 1), (1, 1, 2)
"""Steps, in pixels, of the two blurs whose edges are compared, the second on top of the first; each
adds half its square to the variance."""
FAINT = 2.0
"""Slope per pixel, of 255, below which there are no edges to judge by."""

STROKE = 8
"""Strokes narrower than this, in pixels, are thin."""
TILE = 16
"""Pixels a side of the parts in which text is looked for."""
STRONG = 40
"""Least difference, of 255, between letters and their ground."""
EVEN = 0.25
"""Most that the ground of a part varies, in terms of that difference."""
INK = (0.05, 0.5)
"""Share of a part that letters take, from and to."""
ONE_WAY = 0.55
"""From so much coherence on, lines are stripes and no letters."""
IN_ROWS = 1.4
"""How much more the ink changes from row to row than from column to column, or the other way."""

Grey = npt.NDArray[np.uint8]
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PhotoQuality:
    """Figures about a photo.

    Attributes:
        width, height: pixels of the whole photo, upright.
        blur: standard deviation of the blur of its sharpest edges, in pixels of a photo whose
            shorter side is `SIDE` at most; below 1.5 where it is sharp, 0 where it has no edges.
        luminance_5, luminance_95, luminance_99: so many percent of its pixels are darker than
            this, 0 to 1.
        text: share of it that is thin strokes on even ground, in rows that all run one way.
        looks: whether it may be a drawing or a placeholder.
    """

    width: int
    height: int
    blur: float
    luminance_5: float
    luminance_95: float
    luminance_99: float
    text: float
    looks: ImageStatistics

    def to_json(self) -> dict[str, float]:
        """Its figures by name, those of `looks` among them."""
        values = asdict(self)
        looks: dict[str, float] = values.pop("looks")
        return {**values, **looks}

    @classmethod
    def from_json(cls, values: Mapping[str, float]) -> PhotoQuality:
        """From what `to_json` of this version gave."""
        looks = {field.name: values[field.name] for field in fields(ImageStatistics)}
        own: dict[str, Any] = {name: values[name] for name in values.keys() - looks}
        return cls(looks=ImageStatistics(**looks), **own)


def measure_quality(image: Image.Image, width: int, height: int) -> PhotoQuality:
    """Measure a photo; takes a few milliseconds.

    Args:
        image: an upright RGB picture of it, at least `SIDE` pixels on the shorter side where the
            photo is.
        width, height: pixels of the photo itself, upright.
    """
    if min(image.size) < 3:
        image = image.resize((max(image.width, 3), max(image.height, 3)))
    grey = image.convert("L")
    factor = SIDE / min(grey.size)
    if factor < 1:
        size = (round(grey.width * factor), round(grey.height * factor))
        grey = grey.resize(size, Image.Resampling.HAMMING)
    values = np.asarray(grey)
    darker = np.cumsum(np.bincount(values.ravel(), minlength=256)) / values.size
    low, high, highest = (np.searchsorted(darker, share) / 255 for share in (0.05, 0.95, 0.99))
    return PhotoQuality(
        width=width,
        height=height,
        blur=round(_blur_of(values), 3),
        luminance_5=round(float(low), 3),
        luminance_95=round(float(high), 3),
        luminance_99=round(float(highest), 3),
        text=round(max(_text_share(values), _text_share(255 - values)), 3),
        looks=look_at(image),
    )


def measure_file(data: bytes, limits: Limits = LIMITS) -> PhotoQuality:
    """Measure a photo that came in before there were these figures.

    Raises:
        refusals.PhotoError: it can't be read any more.
    """
    with open_photo(data, limits) as image:
        width, height = image.size
        small = decode(image, SIDE, SIDE)
        if orientation_of(image) >= 5:
            width, height = height, width
    return measure_quality(small, width, height)


def _blur_of(grey: Grey) -> float:
    """Blur of the sharpest edges, in pixels.

    An edge blurred once more loses the more of its slope the sharper it was. After Zhuo and Sim,
    "Defocus map estimation from a single image" (Pattern Recognition 44, 2011); two blurs instead
    of none and one, so that noise and the blocks of a JPEG count less.
    """
    if min(grey.shape) <= 2 * sum(LITTLE + MORE) + 2:
        return 0.0
    little = _smooth(grey.astype(np.float32), LITTLE)
    much = _smooth(little, MORE)
    rim = sum(MORE)
    steep = _slopes(little[rim:-rim, rim:-rim]).ravel()
    count = max(round(STRONGEST * steep.size), 1)
    places = np.argpartition(steep, -count)[-count:]
    before, after = steep[places].sum(), _slopes(much).ravel()[places].sum()
    if before < FAINT**2 * count:
        return 0.0
    low, high = (sum(step**2 for step in steps) / 2 for steps in (LITTLE, LITTLE + MORE))
    lost = max(float(before / max(after, 1e-6)), 1.001)
    return float(np.sqrt(max((high - lost * low) / (lost - 1), 0.0)))


def _smooth(values: FloatArray, steps: Sequence[int]) -> FloatArray:
    """Blur with 1 2 1 across and down, over so many pixels; costs as many at each side."""
    for step in steps:
        for _ in range(2):
            values = values[:-step] + values[step:]
            values = values[:, :-step] + values[:, step:]
        values *= np.float32(1 / 16)
    return values


def _slopes(values: FloatArray) -> FloatArray:
    """Squared slope per pixel, float32 [h - 2, w - 2]."""
    across = values[1:-1, 2:] - values[1:-1, :-2]
    down = values[2:, 1:-1] - values[:-2, 1:-1]
    across *= across
    down *= down
    across += down
    across *= np.float32(0.25)
    return across


def _text_share(grey: Grey) -> float:
    """Share of the parts of a picture that show dark letters, in rows that all run one way.

    Thin strokes are what a morphological closing fills in (the black top-hat of Serra, "Image
    Analysis and Mathematical Morphology", 1982).
    """
    ground = _extreme(np.minimum, _extreme(np.maximum, grey))
    rim = STROKE - 1
    if min(ground.shape, default=0) < TILE:
        return 0.0
    ground, grey = _in_tiles(ground), _in_tiles(grey[rim:-rim, rim:-rim])
    ink = ground - grey
    most = ink.max(axis=(1, 2))
    uneven = ground.max(axis=(1, 2)) - ground.min(axis=(1, 2))
    strokes = ink > (most // 2)[:, None, None]
    covered = strokes.mean(axis=(1, 2))
    written = (most >= STRONG) & (uneven < EVEN * most) & (INK[0] < covered) & (covered < INK[1])
    letters, strokes = ink[written], strokes[written]
    letters = letters[_coherence(strokes.astype(np.float32)) < ONE_WAY]
    across, down = (letters.mean(axis=axis, dtype=np.float32).std(axis=1) for axis in (2, 1))
    in_rows = max(int((across > IN_ROWS * down).sum()), int((down > IN_ROWS * across).sum()))
    return in_rows / len(ink)


def _coherence(tiles: FloatArray) -> FloatArray:
    """How much all edges of each tile run one way, 0 to 1: that of the structure tensor, [n].

    Source: Bigün and Granlund, "Optimal Orientation Detection of Linear Symmetry" (ICCV, 1987).
    """
    x, y = np.diff(tiles[:, 1:], axis=2), np.diff(tiles[:, :, 1:], axis=1)
    xx, yy, xy = ((one * other).sum(axis=(1, 2)) for one, other in ((x, x), (y, y), (x, y)))
    coherence: FloatArray = np.hypot(xx - yy, 2 * xy) / np.maximum(xx + yy, 1)
    return coherence


def _extreme(larger: Callable[[Grey, Grey], Grey], values: Grey) -> Grey:
    """Largest (or smallest) value in squares of `STROKE` pixels, [h - 7, w - 7]."""
    for _ in range(2):
        reach = 1
        while reach < STROKE and len(values) > reach:
            values = larger(values[:-reach], values[reach:])
            reach *= 2
        values = values.T
    return values


def _in_tiles(values: Grey) -> Grey:
    """[tiles, `TILE`, `TILE`], without the rest at the right and the bottom."""
    rows, columns = (side // TILE for side in values.shape)
    cut = values[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    return cut.swapaxes(1, 2).reshape(-1, TILE, TILE)
