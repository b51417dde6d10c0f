"""Tables of TIFF files and of Exif blocks: what they hold, before a reader trusts them.

Source: TIFF 6.0, Adobe Systems 1992, with its supplements for BigTIFF.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from nocode_classifier.predict.refusals import CUT_OFF, DAMAGED, PhotoError, UnreadKind

Tags = dict[int, tuple[int, ...]]

BITS, COMPRESSION, PHOTOMETRIC, STRIPS, ORIENTATION = 258, 259, 262, 273, 274
CHANNELS, PLANES, EXTRA, FORMAT, TILES = 277, 284, 338, 339, 324

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
          16: 8, 17: 8, 18: 8}  # fmt: skip
_WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I", 16: "Q"}
_INNER_TABLES = (34665, 34853, 40965)  # Exif, GPS, interoperability
_MOST_NUMBERS = 200_000
"""Of strips or tiles; a scan of 20,000 rows in three planes has 60,000 strips."""

_COLOURS = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr",
            8: "Lab", 9: "Lab", 10: "Lab", 32803: "raw sensor", 34892: "raw sensor"}  # fmt: skip
_NUMBERS = {1: "whole", 2: "signed", 3: "floating-point", 5: "complex", 6: "complex"}


@dataclass(slots=True)
class _Walk:
    """One way through the tables of a block."""

    data: bytes
    big: bool
    order: str
    tags: Tags = field(default_factory=dict)
    held: int = 0

    def number(self, layout: str, at: int) -> int:
        return int(struct.unpack_from(self.order + layout, self.data, at)[0])

    def table(self, at: int) -> None:
        """Read one table; what the tags in it hold may not be more than the whole block."""
        entry, inline = (20, 8) if self.big else (12, 4)
        count = self.number("Q" if self.big else "H", at)
        first = at + (8 if self.big else 2)
        for start in range(first, min(first + count * entry, len(self.data)), entry):
            tag, kind = self.number("H", start), self.number("H", start + 2)
            values = self.number("Q" if self.big else "I", start + 4)
            place = start + entry - inline
            size = values * _SIZES.get(kind, 0)
            if size > inline:
                self.held += size
                place = self.number("Q" if self.big else "I", place)
            if self.held > len(self.data) or (tag in (STRIPS, TILES) and values > _MOST_NUMBERS):
                raise PhotoError(CUT_OFF if place + size > len(self.data) else DAMAGED)
            if kind in _WHOLE_NUMBERS and place + size <= len(self.data):
                few = min(values, 8)
                layout = f"{self.order}{few}{_WHOLE_NUMBERS[kind]}"
                self.tags.setdefault(tag, struct.unpack_from(layout, self.data, place))


def read_tags(block: bytes) -> Tags:
    """The first numbers of each tag of a TIFF file or an Exif block.

    Pillow loads all that a table names at once, so a table that names the same bytes a thousand
    times would fill the memory.

    Raises:
        PhotoError: the tables hold more than there is.
        struct.error: they end too early.
    """
    walk = _Walk(block, block[2:3] == b"+" or block[3:4] == b"+", ">" if block[:1] == b"M" else "<")
    walk.table(walk.number("Q", 8) if walk.big else walk.number("I", 4))
    tags = dict(walk.tags)
    for tag in _INNER_TABLES:
        for at in tags.get(tag, ())[:1]:
            walk.table(at)
    return tags


def check_exif(block: bytes) -> None:
    """Refuse an Exif block whose tables hold more than there is; other damage costs nothing.

    Raises:
        PhotoError: they do.
    """
    try:
        read_tags(block.removeprefix(b"Exif\0\0"))
    except struct.error:
        return


def kind_of_tiff(tags: Tags) -> str:
    """In words, what the pixels of a TIFF are."""
    bits = tags.get(BITS, (1,))
    channels = tags.get(CHANNELS, (len(bits),))[0]
    numbers = _NUMBERS.get(tags.get(FORMAT, (1,))[0], "unknown")
    colours = _COLOURS.get(tags.get(PHOTOMETRIC, (1,))[0], "unknown")
    planes = " in separate planes" if tags.get(PLANES, (1,))[0] == 2 else ""
    packed = tags.get(COMPRESSION, (1,))[0]
    return (
        f"{colours} colours, {channels} channel{'s' if channels != 1 else ''} of {bits[0]}-bit "
        f"{numbers} numbers{planes}, compression {packed}"
    )


def unread_tiff(tags: Tags) -> UnreadKind:
    """The refusal of a TIFF of a kind that can't be read."""
    return UnreadKind(
        f"This is a TIFF of a kind that can't be read here ({kind_of_tiff(tags)}): "
        "save it as an ordinary TIFF or PNG with 8 or 16 bits."
    )


def is_misread(tags: Tags, *, is_big_endian: bool) -> bool:
    """Whether Pillow takes such a TIFF, but gets its pixels wrong without a word."""
    bits, numbers = tags.get(BITS, (1,))[0], tags.get(FORMAT, (1,))[0]
    colours, packed = tags.get(PHOTOMETRIC, (1,))[0], tags.get(COMPRESSION, (1,))[0]
    in_planes = tags.get(PLANES, (1,))[0] == 2 and tags.get(CHANNELS, (1,))[0] > 1
    return (
        (numbers == 2 and bits < 32)
        or (in_planes and (bits != 8 or colours not in (2, 5, 6) or tags.get(EXTRA) == (1,)))
        or (colours == 6 and packed == 1)
        or (is_big_endian and bits == 32 and packed != 1)
    )


def is_raw(tags: Tags) -> bool:
    """Whether a TIFF is a camera's RAW file (DNG, NEF, ARW…), of which we'd only see a preview."""
    dng_version, new_subfile_type, sub_images = 50706, 254, 330
    return dng_version in tags or (tags.get(new_subfile_type) == (1,) and sub_images in tags)
