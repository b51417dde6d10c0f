"""One drawn photo in every odd form that cameras, phones, scanners and programs give photos."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.drawing import draw_image

SIZE = (160, 120)
TURNED_BACK = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
ADOBE_RGB = (0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322, 0.74457)
DISPLAY_P3 = (0.51512, 0.24120, -0.00105, 0.29198, 0.69225, 0.04189, 0.15710, 0.06657, 0.78407)
SRGB = (0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061, 0.71410)
"""Red, green and blue as XYZ under D50."""


def original() -> Image.Image:
    """What all of them show: strong colours, all brightnesses."""
    image = draw_image("triangle", 3, SIZE)
    image.paste((200, 60, 40), (0, 0, 40, 40))
    image.paste(Image.linear_gradient("L").resize((40, 120)), (120, 0))
    return image


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """The bytes of a file."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def odd_photos() -> dict[str, bytes]:
    """By file name. Read, they are `original()`, but for what their format loses."""
    image, (adobe, adobe_profile) = original(), in_colours(ADOBE_RGB)
    wide, wide_profile = in_colours(DISPLAY_P3)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = image.transpose(TURNED_BACK[6])
    moves: dict[str, object] = {"save_all": True, "append_images": [image], "duration": 90}
    blank = Image.new("RGB", SIZE, "white")
    jpeg = encoded(image, "JPEG", quality=95)
    return {
        "plain.jpg": jpeg,
        "no-end.jpg": jpeg[:-2],
        "no-end-progressive.jpg": encoded(image, "JPEG", quality=95, progressive=True)[:-2],
        "no-end-restarts.jpg": encoded(image, "JPEG", quality=95, restart_marker_rows=1)[:-2],
        "no-end-unwritten.jpg": jpeg[:-2] + b"\xff" * 300 + b"\0" * 3000,
        "more-after-it.jpg": jpeg + b"\xff\xda\xff\xd8more" * 200,
        "phone.jpg": encoded(image, "MPO", quality=95, save_all=True, append_images=[blank]),
        "print.jpg": encoded(image.convert("CMYK"), "JPEG", quality=95),
        "adobe-rgb.jpg": encoded(adobe, "JPEG", quality=95, icc_profile=adobe_profile),
        "p3.jpg": encoded(wide, "JPEG", quality=95, icc_profile=wide_profile),
        "p3.png": encoded(wide, "PNG", icc_profile=wide_profile),
        "p3.webp": encoded(wide, "WEBP", lossless=True, icc_profile=wide_profile),
        "p3-numbered.png": with_chunk(
            encoded(in_colours(DISPLAY_P3, 0)[0], "PNG"), b"cICP", b"\x0c\r\0\1"
        ),
        "broken-profile.jpg": encoded(image, "JPEG", quality=95, icc_profile=wide_profile[:150]),
        "profile-bomb.png": with_chunk(encoded(image, "PNG"), b"iCCP", b"x\0\0" + bomb()),
        "long-text.png": with_chunk(encoded(image, "PNG"), b"zTXt", b"workflow\0\0" + bomb()),
        "turned.jpg": encoded(turned, "JPEG", quality=95, exif=exif),
        "turned.png": encoded(turned, "PNG", exif=exif),
        "turned.webp": encoded(turned, "WEBP", lossless=True, exif=exif),
        "turned.avif": encoded(turned, "AVIF", quality=95, exif=exif),
        "fades-in.webp": encoded(blank, "WEBP", lossless=True, **moves),
        "fades-in.png": encoded(blank, "PNG", **moves),
        "reserved.bmp": encoded(image, "BMP").replace(b"\0\0\0\0", b"\1\0\2\0", 1),
    }


def odd_greys() -> dict[str, bytes]:
    """The same without colours, and in numbers that are no bytes."""
    grey = np.asarray(original().convert("L"))
    exact = grey.astype(np.float32) / 255
    exact[:2, :2] = np.nan
    moves: dict[str, object] = {"save_all": True, "append_images": [Image.fromarray(grey)]}
    return {
        "16.png": encoded(Image.fromarray(grey.astype(np.uint16) * 257), "PNG"),
        "16.tif": tiff(grey.astype("<u2") * 257, bits=16, photometric=1),
        "white-is-zero-16.tif": tiff((255 - grey).astype("<u2") * 257, bits=16, photometric=0),
        "12.tif": tiff(twelve_bits(grey), bits=12, photometric=1),
        "32.tif": tiff(grey.astype("<u4") * 16843009, bits=32, photometric=1),
        "float-holes.tif": tiff(exact, bits=32, photometric=1, numbers=3),
        "white-is-zero-float.tif": tiff(1 - exact, bits=32, photometric=0, numbers=3),
        "big.tif": tiff(grey.astype("<u2") * 257, bits=16, photometric=1, big=True),
        "fades-in.gif": encoded(Image.new("L", SIZE, 255), "GIF", **moves),
    }


def in_colours(columns: Sequence[float], gamma: float = 2.2) -> tuple[Image.Image, bytes]:
    """The original in another space of colours, and the profile of that space.

    Args:
        columns: red, green and blue as XYZ under D50.
        gamma: of the space; 0 for the curve of sRGB, which the profile then doesn't say.
    """
    coded = np.asarray(original(), np.float64) / 255
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    change = np.linalg.inv(np.reshape(columns, (3, 3)).T) @ np.reshape(SRGB, (3, 3)).T
    there = (light @ change.T).clip(0, 1)
    if gamma:
        values = there ** (1 / gamma)
    else:
        values = np.where(there <= 0.0031308, there * 12.92, 1.055 * there ** (1 / 2.4) - 0.055)
    picture = Image.fromarray((values * 255).round().astype(np.uint8))
    return picture, matrix_profile(columns, gamma)


def matrix_profile(columns: Sequence[float], gamma: float) -> bytes:
    """An ICC profile of version 2."""

    def places(values: Sequence[float]) -> bytes:
        return struct.pack(">4sxxxx3i", b"XYZ ", *(round(65536 * each) for each in values))

    white = (0.9642, 1.0, 0.8249)
    tags = {b"wtpt": places(white), b"desc": b"desc" + bytes(8) + b"\0" * 84}
    for name, at in ((b"r", 0), (b"g", 3), (b"b", 6)):
        tags[name + b"XYZ"] = places(columns[at : at + 3])
        tags[name + b"TRC"] = struct.pack(">4sxxxxIHxx", b"curv", 1, round(256 * gamma))
    start, table, body = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(value))
        body += value
    head = struct.pack(">I4xI", start + len(body), 0x02100000) + b"mntrRGB XYZ " + bytes(12)
    head = (head + b"acsp").ljust(68, b"\0") + places(white)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def with_chunk(png: bytes, kind: bytes, payload: bytes) -> bytes:
    """A PNG with one more chunk in front of its picture."""
    checksum = struct.pack(">I", zlib.crc32(kind + payload))
    return png[:33] + struct.pack(">I", len(payload)) + kind + payload + checksum + png[33:]


def bomb() -> bytes:
    """Twenty megabytes in twenty kilobytes."""
    return zlib.compress(bytes(20_000_000))


def twelve_bits(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Pairs of numbers in three bytes each."""
    first, second = (grey[:, at::2].astype(int) * 4095 // 255 for at in (0, 1))
    parts = (first >> 4, (first & 15) << 4 | second >> 8, second & 255)
    return np.stack(parts, axis=-1).astype(np.uint8)


def tiff(
    numbers_of: npt.NDArray[np.generic],
    *,
    bits: int,
    photometric: int,
    numbers: int = 1,
    channels: int = 1,
    planes: int = 1,
    packed: bool = False,
    big: bool = False,
    order: str = "<",
    extra: Sequence[tuple[int, int]] = (),
    size: tuple[int, int] = SIZE,
) -> bytes:
    """A TIFF of one strip (one a plane), written as the standard says.

    Args:
        numbers_of: the numbers of its pixels, in the order and width they have in the file.
        bits, photometric, numbers, channels, planes: as its tags call them.
        packed: whether they are compressed.
        big: as BigTIFF.
        order: of bytes, as in `struct`.
        extra: more tags with one number each.
    """
    data = zlib.compress(numbers_of.tobytes()) if packed else numbers_of.tobytes()
    strips = channels if planes == 2 else 1
    count, places = len(data) // strips, 16 if big else 8
    tags = sorted(
        [(256, [size[0]]), (257, [size[1]]), (258, [bits] * channels), (259, [8 if packed else 1]),
         (262, [photometric]), (273, [places + each * count for each in range(strips)]),
         (277, [channels]), (278, [size[1]]), (279, [count] * strips), (284, [planes]),
         (339, [numbers] * channels), *((tag, [value]) for tag, value in extra)]
    )  # fmt: skip
    word, inline, entry = ("Q", 8, 20) if big else ("I", 4, 12)
    table = places + len(data)
    rest = table + struct.calcsize(order + ("Q" if big else "H")) + entry * len(tags) + inline
    body, outside = struct.pack(order + ("Q" if big else "H"), len(tags)), b""
    for tag, values in tags:
        value = struct.pack(f"{order}{len(values)}I", *values)
        if len(value) > inline:
            outside += value
            value = struct.pack(order + word, rest + len(outside) - len(value))
        body += struct.pack(order + "HH" + word, tag, 4, len(values)) + value.ljust(inline, b"\0")
    mark = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    head = struct.pack(order + "HHQ", 8, 0, table) if big else struct.pack(order + "I", table)
    return mark + head + data + body + bytes(inline) + outside
