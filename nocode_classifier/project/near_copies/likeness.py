"""Which photos are near copies: one picture, made smaller, compressed, cropped or brighter.

A likeness is a very small picture of a photo. Two photos are near copies if one of these pictures,
or most of it, lies exactly over the other (`alignment`), better than its mirror image does, and
in the same colours. Correlation without mean and contrast as the measure is that of Lewis, "Fast
Normalized Cross-Correlation" (Vision Interface, 1995).

Measured by `benchmarks/run.py --only likeness`.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from nocode_classifier.project.near_copies.alignment import fit, lay, smooth
from nocode_classifier.project.near_copies.candidates import Outlines, most_alike

if TYPE_CHECKING:
    from PIL import Image

Key = TypeVar("Key", bound=Hashable)
FloatArray = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

SIDE = 32
COLOUR_SIDE = 8
LIKENESS_BYTES = SIDE * SIDE + 2 * COLOUR_SIDE * COLOUR_SIDE

ALIKE = 1.16
"""How well near copies fit each other at least; the same picture has 1.2."""
MIRRORED = 0.004
"""A mirror image that fits better by more than this shows that it was mirrored."""
MAYBE = 0.7
"""Least correlation of outlines for which a closer look is worth while."""
CANDIDATES = 4
"""So many photos are looked at closely. The right one was always among the first three."""
COLOURFUL = 8.0
"""Strength of colours, of 128, from which on they are compared; copies in grey are copies too."""
SAME_COLOURS = 0.6
FLAT = 2.0
"""Contrast, of 255, below which a photo is a plain area that has nothing to compare."""
SAME_AREA = 4.0
"""So much, of 255, may plain areas differ."""


def likeness_of(image: Image.Image) -> bytes:
    """What a photo looks like, small enough to keep: `LIKENESS_BYTES` bytes.

    Args:
        image: the photo, upright, RGB, of any size.

    Returns:
        Its brightness on a grid of 32 × 32, then its two colour channels on one of 8 × 8.
    """
    from PIL import Image

    small = image.resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=2.0).convert("YCbCr")
    brightness, *colours = small.split()
    coarse = [each.resize((COLOUR_SIDE, COLOUR_SIDE), Image.Resampling.BOX) for each in colours]
    return b"".join(each.tobytes() for each in (brightness, *coarse))


def likeness_of_file(data: bytes) -> bytes:
    """The likeness of a stored thumbnail, as `likeness_of` gives it for the photo itself.

    Raises:
        OSError: the bytes are no picture.
    """
    from PIL import Image

    with Image.open(BytesIO(data)) as image:
        return likeness_of(image.convert("RGB"))


def is_likeness(data: bytes) -> bool:
    """Whether these bytes are a likeness of this form; an empty or older one is made anew."""
    return len(data) == LIKENESS_BYTES


def is_near_copy(one: bytes, other: bytes) -> bool:
    """Whether two photos are near copies of each other, told by their likenesses."""
    return bool(are_near_copies([one], [other])[0])


def are_near_copies(ones: Sequence[bytes], others: Sequence[bytes]) -> Flags:
    """As `is_near_copy`, for many pairs at once, which is a good deal quicker.

    Some hundreds at a time are best: a pair takes about 100 KB meanwhile.

    Returns:
        For each pair, bool [m].
    """
    found = np.zeros(len(ones), np.bool_)
    pairs = list(zip(ones, others, strict=True))
    told = np.array([is_likeness(one) and is_likeness(other) for one, other in pairs], np.bool_)
    if told.any():
        known, asked = (_values(list(itertools.compress(each, told))) for each in (ones, others))
        flat = _are_flat(asked)
        same = flat & _are_same_areas(asked, known)
        same[~flat] = _are_same_pictures(asked[~flat], known[~flat])
        found[told] = same
    return found


def mirrored(likeness: bytes) -> bytes:
    """The likeness of the photo's mirror image; nothing of nothing."""
    if not is_likeness(likeness):
        return b""
    values = np.frombuffer(likeness, np.uint8)
    brightness = values[: SIDE * SIDE].reshape(SIDE, SIDE)
    colours = values[SIDE * SIDE :].reshape(2, COLOUR_SIDE, COLOUR_SIDE)
    return brightness[:, ::-1].tobytes() + colours[..., ::-1].tobytes()


class LikenessIndex(Generic[Key]):
    """Photos by their likeness, to ask whether a near copy of another one is among them."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._likenesses: list[bytes] = []
        self._flat: list[int] = []
        self._outlines = Outlines()

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key, likeness: bytes) -> None:
        """Take in a photo; one without a likeness (empty, or of another form) is left out."""
        if is_likeness(likeness):
            values = _values([likeness])
            if _are_flat(values)[0]:
                self._flat.append(len(self))
            self._keys.append(key)
            self._likenesses.append(likeness)
            self._outlines.add(_brightness(values)[0])

    def find(self, likeness: bytes) -> Key | None:
        """The key of the photo that is most surely a near copy of this one; None if none is.

        Takes a few milliseconds among thousands.
        """
        if not self._keys or not is_likeness(likeness):
            return None
        asked = _values([likeness])
        place = self._same_area(asked) if _are_flat(asked)[0] else self._same_picture(asked)
        return None if place is None else self._keys[place]

    def _same_picture(self, asked: FloatArray) -> int | None:
        places, windows = self._outlines.search(_brightness(asked)[0], CANDIDATES, MAYBE)
        if not places.size:
            return None
        known = self._known(places)
        fits = _copies(np.repeat(asked, len(known), axis=0), known, windows)
        best = fits.argmax()
        return int(places[best]) if fits[best] else None

    def _same_area(self, asked: FloatArray) -> int | None:
        """The first plain area of nearly the same colour."""
        if not self._flat:
            return None
        same = np.flatnonzero(_are_same_areas(asked, self._known(self._flat)))
        return self._flat[same[0]] if same.size else None

    def _known(self, places: Iterable[int]) -> FloatArray:
        return _values([self._likenesses[place] for place in places])


# All that follow compare photos pair by pair. Their values are float32 [m, `LIKENESS_BYTES`].


def _are_same_pictures(asked: FloatArray, known: FloatArray) -> Flags:
    """Whether one of the two, or most of it, lies over the other; bool [m]."""
    alike, windows = most_alike(_brightness(asked), _brightness(known))
    likely = alike >= MAYBE
    same = likely.copy()
    if likely.any():
        same[likely] = _copies(asked[likely], known[likely], windows[likely]) > 0
    return same


def _copies(asked: FloatArray, known: FloatArray, windows: FloatArray) -> FloatArray:
    """How well near copies fit each other, 0 for photos that are none; float32 [m].

    Args:
        asked, known: values of photos.
        windows: through which they are most alike, as in `alignment.fit`.
    """
    pictures, others = _brightness(asked), _brightness(known)
    found = fit(smooth(pictures), smooth(others), windows)
    fits = np.where(found.likeness >= ALIKE, found.likeness, 0)
    (close,) = fits.nonzero()
    if close.size:
        mirrored, others = pictures[close, :, ::-1], others[close]
        turned = fit(smooth(mirrored), smooth(others), most_alike(mirrored, others)[1])
        same = turned.likeness <= fits[close] + MIRRORED
        same &= _have_same_colours(asked[close], known[close], found.windows[close])
        fits[close[~same]] = 0
    return fits


def _have_same_colours(asked: FloatArray, known: FloatArray, windows: FloatArray) -> Flags:
    """Whether the colours of two photos agree, or one of them hardly has any; bool [m].

    Args:
        asked, known: values of photos.
        windows: what of the known one is seen in the other, as in `alignment.fit`.
    """
    count = len(asked)
    others = _colours(known).reshape(2 * count, COLOUR_SIDE, COLOUR_SIDE)
    laid, common, *_ = lay(others, np.repeat(windows, 2, axis=0), edge=0)
    mine = (common * _colours(asked).reshape(laid.shape)).reshape(count, -1)
    theirs = (common * laid).reshape(count, -1)
    area = np.maximum(common[::2].sum(axis=(1, 2)), 1)
    energies = [(each**2).sum(axis=1) for each in (mine, theirs)]
    weaker = np.sqrt(np.minimum(*energies) / area)
    agreement = (mine * theirs).sum(axis=1) / np.maximum(np.sqrt(energies[0] * energies[1]), 1e-6)
    same: Flags = (weaker < COLOURFUL) | (agreement >= SAME_COLOURS)
    return same


def _are_flat(values: FloatArray) -> Flags:
    """Whether photos are plain areas; bool [m]."""
    flat: Flags = _brightness(values).std(axis=(1, 2)) < FLAT
    return flat


def _are_same_areas(asked: FloatArray, known: FloatArray) -> Flags:
    """Whether photos are nearly the same plain area as the one that is asked about; bool [m]."""
    same: Flags = np.abs(asked - known).mean(axis=1) <= SAME_AREA
    return same & _are_flat(known)


def _values(likenesses: Sequence[bytes]) -> FloatArray:
    """Float32 [m, `LIKENESS_BYTES`], 0 to 255."""
    joined = np.frombuffer(b"".join(likenesses), np.uint8)
    return joined.reshape(len(likenesses), LIKENESS_BYTES).astype(np.float32)


def _brightness(values: FloatArray) -> FloatArray:
    """Float32 [m, 32, 32], 0 to 255."""
    return values[:, : SIDE * SIDE].reshape(-1, SIDE, SIDE)


def _colours(values: FloatArray) -> FloatArray:
    """Blue and red against grey, float32 [m, 2, 8, 8], -128 to 127."""
    return values[:, SIDE * SIDE :].reshape(-1, 2, COLOUR_SIDE, COLOUR_SIDE) - 128
