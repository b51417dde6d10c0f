from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageSequence

from nocode_classifier.errors import PhotoRefused
from nocode_classifier.predict.predictor import read_photo
from nocode_classifier.project.archive.metadata import strip_private
from tests.odd_photos import odd_greys, odd_photos

SECRETS = (b"SECRET", b"Canon", b"2024:07", b"GPS", b"ns.adobe.com")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SECRET http://ns.adobe.com/xap/1.0/</x:xmpmeta>'


def picture(mode: str = "RGB") -> Image.Image:
    values = np.random.default_rng(3).integers(0, 256, (40, 64, len(mode)), dtype=np.uint8)
    return Image.fromarray(values.squeeze(), mode=None).convert(mode)


def private_exif(orientation: int = 6) -> Image.Exif:
    """What a phone writes: maker, date, place, serial number, and how to turn it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0132] = "Canon", "2024:07:01 10:00:00"
    exif.get_ifd(0x8769).update({0xA431: "SECRET serial", 0x9286: b"SECRET comment"})
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 11.0), 29: "2024:07:01"})
    return exif


def small_jpeg() -> bytes:
    out = BytesIO()
    picture().save(out, "JPEG", comment=b"SECRET thumbnail")
    return out.getvalue()


def phone_jpeg(**options: object) -> bytes:
    """With Exif, XMP, a comment, a profile, Photoshop notes, a thumbnail and a second picture."""
    out = BytesIO()
    settings = {"exif": private_exif(), "xmp": XMP, "comment": b"SECRET", "icc_profile": PROFILE}
    picture().save(out, "JPEG", **{**settings, **options})
    data = out.getvalue()
    thumbnail = b"JFXX\0\x10" + small_jpeg()
    notes = b"Photoshop 3.0\0SECRET"
    extra = b"".join(
        struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
        for marker, payload in ((0xE0, thumbnail), (0xED, notes), (0xE2, b"FPXR\0SECRET"))
    )
    first = 4 + struct.unpack_from(">H", data, 4)[0]  # after JFIF
    return data[:first] + extra + data[first:] + small_jpeg()


def exif_of(data: bytes) -> dict[int, object]:
    with Image.open(BytesIO(data)) as image:
        return dict(image.getexif())


def check(data: bytes, suffix: str, orientation: int = 6) -> bytes:
    """Strip and compare: same pixels, same turning, same profile, no secret."""
    stripped, ending = strip_private(data, suffix)
    assert ending == suffix
    assert np.array_equal(read_photo(stripped, short_side=9999), read_photo(data, short_side=9999))
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(stripped)) as after:
        assert np.array_equal(np.asarray(before), np.asarray(after))
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
        assert not {"xmp", "comment", "photoshop", "XML:com.adobe.xmp"} & set(after.info)
    assert not [secret for secret in SECRETS if secret in stripped]
    assert exif_of(stripped) == ({0x0112: orientation} if orientation != 1 else {})
    assert strip_private(stripped, suffix)[0] == stripped
    return stripped


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_a_jpeg_keeps_pixels_orientation_and_profile_and_nothing_private(
    options: dict[str, object],
) -> None:
    data = phone_jpeg(**options)
    assert all(secret in data for secret in (b"SECRET", b"Canon", b"JFXX"))
    assert b"JFXX" not in check(data, ".jpg")


def test_a_jpeg_that_needs_no_turning_has_no_exif_at_all() -> None:
    assert b"Exif" not in check(phone_jpeg(exif=private_exif(1)), ".jpg", orientation=1)


def test_of_a_stereo_photo_only_the_first_picture_is_left() -> None:
    out = BytesIO()
    picture().save(out, "MPO", save_all=True, append_images=[picture("L")], exif=private_exif(1))
    stripped = check(out.getvalue(), ".jpg", orientation=1)
    assert stripped.count(b"\xff\xd8\xff") == 1
    assert b"MPF" not in stripped


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    out = BytesIO()
    picture("CMYK").save(out, "JPEG", exif=private_exif(3), comment=b"SECRET")
    check(out.getvalue(), ".jpg", orientation=3)


def test_a_jpeg_with_broken_exif_is_stripped_all_the_same() -> None:
    out = BytesIO()
    picture().save(out, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xffSECRET")
    stripped, _ = strip_private(out.getvalue(), ".jpg")
    assert b"SECRET" not in stripped


def test_a_jpeg_with_junk_between_its_parts_is_written_anew_without_loss() -> None:
    data = phone_jpeg(exif=private_exif(6))
    junk = data[:2] + struct.pack(">BBH", 0xFF, 0xFE, 8) + b"SECRET" + b"\x00\x01" + data[2:]
    stripped, suffix = strip_private(junk, ".jpg")
    assert suffix == ".png"
    assert b"SECRET" not in stripped
    assert np.array_equal(read_photo(stripped), read_photo(junk))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_png_keeps_pixels_orientation_and_profile_and_nothing_private(mode: str) -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "SECRET")
    notes.add_text("Comment", "SECRET", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    notes.add(b"tIME", b"\x07\xe8\x07\x01\x0a\x00\x00")
    out = BytesIO()
    source = picture("RGB").convert(mode)
    source.save(out, "PNG", pnginfo=notes, exif=private_exif(8), icc_profile=PROFILE)
    stripped = check(out.getvalue() + b"SECRET after the end", ".png", orientation=8)
    for kind in (b"tEXt", b"zTXt", b"iTXt", b"tIME"):
        assert kind not in stripped
    position = stripped.index(b"eXIf")
    payload = stripped[position : position + 4 + 26]
    assert struct.unpack_from(">I", stripped, position + 30)[0] == zlib.crc32(payload)


def test_a_turn_that_only_xmp_tells_is_kept() -> None:
    out = BytesIO()
    xmp = b'<x:xmpmeta tiff:Orientation="6">SECRET</x:xmpmeta>'
    picture().save(out, "WEBP", lossless=True, xmp=xmp)
    data = out.getvalue()
    stripped, _ = strip_private(data, ".webp")
    assert np.array_equal(read_photo(stripped), read_photo(data))
    assert b"SECRET" not in stripped


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 70}])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_keeps_pixels_orientation_and_profile_and_nothing_private(
    mode: str, options: dict[str, object]
) -> None:
    out = BytesIO()
    picture(mode).save(out, "WEBP", exif=private_exif(5), xmp=XMP, icc_profile=PROFILE, **options)
    check(out.getvalue() + b"SECRET", ".webp", orientation=5)


def test_a_simple_webp_and_an_animated_one_stay_whole() -> None:
    out = BytesIO()
    picture().save(out, "WEBP")
    assert strip_private(out.getvalue(), ".webp")[0] == out.getvalue()
    out = BytesIO()
    picture().save(out, "WEBP", save_all=True, append_images=[picture("L")], exif=private_exif(1))
    stripped = check(out.getvalue(), ".webp", orientation=1)
    with Image.open(BytesIO(stripped)) as image:
        assert len(list(ImageSequence.Iterator(image))) == 2


@pytest.mark.parametrize(("kind", "suffix"), [("GIF", ".gif"), ("BMP", ".bmp"), ("TIFF", ".tif")])
def test_other_formats_are_written_anew_as_png_with_the_same_pixels(kind: str, suffix: str) -> None:
    out = BytesIO()
    notes: dict[str, Any] = {"GIF": {"comment": b"SECRET"}, "TIFF": {"exif": private_exif(6)}}
    picture().save(out, kind, **notes.get(kind, {}))
    stripped, ending = strip_private(out.getvalue(), suffix)
    assert ending == ".png"
    assert np.array_equal(read_photo(stripped), read_photo(out.getvalue()))
    assert not [secret for secret in SECRETS if secret in stripped]


@pytest.mark.parametrize(("kind", "suffix"), [("HEIF", ".heic"), ("AVIF", ".avif")])
def test_photos_of_phones_become_upright_jpegs_that_look_the_same(kind: str, suffix: str) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    out = BytesIO()
    smooth = picture().resize((8, 6)).resize((96, 64), Image.Resampling.BICUBIC)
    smooth.save(out, kind, quality=90, exif=private_exif(6), xmp=XMP)
    stripped, ending = strip_private(out.getvalue(), suffix)
    assert ending == ".jpg"
    before, after = (read_photo(data).astype(int) for data in (out.getvalue(), stripped))
    assert before.shape == after.shape
    assert np.abs(before - after).mean() < 3
    assert not [secret for secret in SECRETS if secret in stripped]


def test_what_is_no_photo_is_refused() -> None:
    for data in (b"", b"<html>", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(PhotoRefused):
            strip_private(data, ".bmp")


ODD = odd_photos() | odd_greys()


@pytest.mark.parametrize("name", ODD)
def test_without_private_data_a_photo_of_any_odd_form_shows_the_same(name: str) -> None:
    new, _ = strip_private(ODD[name], Path(name).suffix)
    before, after = (read_photo(data).astype(int) for data in (ODD[name], new))
    assert abs(before - after).max() <= (12 if name.endswith(".avif") else 0)
