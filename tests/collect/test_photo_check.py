"""What comes through the photo check, how it is read, and what is turned away."""

from __future__ import annotations

import hashlib
import struct
import warnings
import zlib
from io import BytesIO
from typing import Any

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageFile

from nocode_classifier.collect import formats, photo_check
from nocode_classifier.collect.photo_check import CheckedPhoto, Limits, check_photo
from nocode_classifier.errors import PhotoRefused
from nocode_classifier.predict.refusals import CUT_OFF, DAMAGED, EMPTY
from nocode_classifier.project.near_copies.likeness import is_near_copy, likeness_of_file
from tests.collect.conftest import Draw


def look_at_thumbnail(photo: CheckedPhoto) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(photo.thumbnail)).convert("RGB")).astype(int)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def png_with_header(width: int, height: int) -> bytes:
    """A PNG that only claims its size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def refusal(data: bytes, limits: Limits = photo_check.LIMITS) -> str:
    with pytest.raises(PhotoRefused) as caught:
        check_photo(data, "photo.jpg", limits)
    return str(caught.value)


@pytest.mark.parametrize(
    ("form", "suffix"),
    [
        ("JPEG", ".jpg"),
        ("PNG", ".png"),
        ("WEBP", ".webp"),
        ("GIF", ".gif"),
        ("BMP", ".bmp"),
        ("TIFF", ".tif"),
        ("AVIF", ".avif"),
    ],
)
def test_every_common_format_comes_in_under_its_real_ending(
    draw: Draw, form: str, suffix: str
) -> None:
    data = draw(form=form)
    photo = check_photo(data, "whatever.xyz")
    assert (photo.suffix, photo.width, photo.height) == (suffix, 64, 48)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert look_at_thumbnail(photo).shape == (48, 64, 3)


def test_heic_of_a_phone_comes_in(draw: Draw) -> None:
    import pillow_heif

    target = BytesIO()
    pillow_heif.from_pillow(Image.open(BytesIO(draw()))).save(target)
    photo = check_photo(target.getvalue(), "IMG_0001.JPG")
    assert (photo.suffix, photo.width, photo.height) == (".heic", 64, 48)
    original = look_at_thumbnail(check_photo(draw(), "x"))
    assert np.abs(look_at_thumbnail(photo) - original).mean() < 6


def test_content_decides_the_format_and_not_the_name(draw: Draw) -> None:
    assert check_photo(draw(form="PNG"), "holiday.jpeg").suffix == ".png"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_ends_upright(form: str, orientation: int) -> None:
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste((255, 0, 0), (0, 0, 30, 20))
    upright.paste((0, 0, 255), (30, 0, 60, 20))
    turn_back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    stored = upright if turn_back is None else upright.transpose(Image.Transpose(turn_back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = check_photo(encoded(stored, form, exif=exif), "turned")
    assert (photo.width, photo.height) == (60, 40)
    seen = look_at_thumbnail(photo)
    assert seen.shape == (40, 60, 3)
    assert np.abs(seen[6:14, 6:24] - (255, 0, 0)).mean() < 30
    assert np.abs(seen[6:14, 36:54] - (0, 0, 255)).mean() < 30
    assert seen[26:, 6:].min() > 200


def test_a_big_turned_photo_reports_its_real_size(draw: Draw) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = check_photo(draw(size=(3000, 2000), exif=exif), "phone.jpg")
    assert (photo.width, photo.height) == (2000, 3000)
    assert look_at_thumbnail(photo).shape == (320, 213, 3)


def test_cmyk_becomes_the_colours_it_shows() -> None:
    red = Image.new("RGB", (64, 64), (200, 30, 30)).convert("CMYK")
    seen = look_at_thumbnail(check_photo(encoded(red, "JPEG"), "print.jpg"))
    assert np.abs(seen.mean(axis=(0, 1)) - (200, 30, 30)).max() < 12


def test_sixteen_bits_are_scaled_and_not_cut() -> None:
    ramp = np.tile(np.linspace(0, 65535, 256, dtype=np.uint16), (64, 1))
    seen = look_at_thumbnail(check_photo(encoded(Image.fromarray(ramp), "PNG"), "scan.png"))
    assert seen[:, :8].mean() < 20
    assert seen[:, -8:].mean() > 235
    assert 110 < seen[:, 124:132].mean() < 145


def test_transparent_parts_become_white(draw: Draw) -> None:
    shape = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    shape.paste((0, 0, 255, 255), (0, 0, 32, 64))
    for form in ("PNG", "WEBP", "TIFF"):
        seen = look_at_thumbnail(check_photo(encoded(shape, form), "logo"))
        assert seen[:, 40:].min() > 230
        assert np.abs(seen[:, 8:24] - (0, 0, 255)).mean() < 20


def test_a_palette_with_a_transparent_colour_is_read_by_its_colours() -> None:
    picture = Image.new("P", (64, 64), 1)
    picture.putpalette([255, 0, 0, 0, 128, 0])
    picture.paste(0, (0, 0, 32, 64))
    seen = look_at_thumbnail(check_photo(encoded(picture, "PNG", transparency=0), "old.png"))
    assert seen[:, 8:24].min() > 230
    assert np.abs(seen[:, 40:] - (0, 128, 0)).mean() < 20


@pytest.mark.parametrize("form", ["GIF", "WEBP", "AVIF"])
def test_of_an_animation_the_first_frame_is_taken(form: str) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue", "lime")]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
    seen = look_at_thumbnail(check_photo(data, "funny"))
    assert np.abs(seen.mean(axis=(0, 1)) - (255, 0, 0)).max() < 15


def test_a_photo_of_several_pictures_from_a_phone_is_a_jpeg() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert check_photo(data, "portrait.jpg").suffix == ".jpg"


def test_the_perceptual_hash_is_that_of_imagehash_and_survives_a_smaller_copy(draw: Draw) -> None:
    photo = check_photo(draw(3), "a")
    assert photo.perceptual_hash == str(imagehash.phash(Image.open(BytesIO(draw(3)))))
    smaller = check_photo(draw(3, size=(200, 150), quality=40), "b")
    different = check_photo(draw(4), "c")
    value = int(photo.perceptual_hash, 16)
    assert (value ^ int(smaller.perceptual_hash, 16)).bit_count() <= 6
    assert (value ^ int(different.perceptual_hash, 16)).bit_count() > 12


def test_the_thumbnail_can_be_left_out(draw: Draw) -> None:
    photo = check_photo(draw(), "a.jpg", thumbnail=False)
    assert photo.thumbnail == b""


def test_a_name_is_made_fit_to_show(draw: Draw) -> None:
    name = "a\nb\x07 \u202egpj.exe 🐈 \udcff"
    assert check_photo(draw(), name).name == "a b gpj.exe 🐈 \ufffd"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_photo_that_is_cut_off_is_refused(draw: Draw, form: str, share: float) -> None:
    data = draw(form=form, size=(400, 300))
    reason = refusal(data[: int(len(data) * share)])
    assert reason in {CUT_OFF, DAMAGED}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_big_jpeg_is_read_to_its_end(draw: Draw, share: float, progressive: bool) -> None:
    data = draw(size=(3200, 2400), progressive=progressive)
    assert refusal(data[: int(len(data) * share)]) == CUT_OFF


def test_a_heic_that_is_cut_off_is_refused(draw: Draw) -> None:
    import pillow_heif

    target = BytesIO()
    picture = pillow_heif.from_pillow(Image.open(BytesIO(draw(size=(640, 480)))))
    picture.save(target, quality=95)
    data = target.getvalue()
    assert refusal(data[: int(len(data) * 0.8)]) in {CUT_OFF, DAMAGED}


def test_pillow_is_not_told_to_put_up_with_truncated_files(draw: Draw) -> None:
    check_photo(draw(), "a.jpg")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_garbage_behind_a_good_beginning_is_refused(draw: Draw) -> None:
    noise = np.random.default_rng(0).bytes(5000)
    assert refusal(draw(form="PNG")[:40] + noise) in {CUT_OFF, DAMAGED}
    assert refusal(b"\xff\xd8\xff\xe0" + noise) in {CUT_OFF, DAMAGED}


def test_broken_camera_data_do_not_cost_the_photo(draw: Draw) -> None:
    photo = check_photo(draw(exif=b"Exif\0\0" + b"nonsense" * 20), "odd.jpg")
    assert (photo.width, photo.height) == (64, 48)


def test_an_empty_file_is_refused_with_its_reason() -> None:
    assert refusal(b"") == EMPTY


def test_a_web_page_called_jpg_is_refused_with_what_to_do() -> None:
    assert refusal(b"\n<!DOCTYPE html><html><body>Not found</body></html>") == (
        "This is a web page, not a photo: open it in a browser and save the picture itself."
    )


def test_sixty_thousand_pixels_wide_is_too_wide() -> None:
    data = encoded(Image.new("1", (60_000, 20)), "PNG")
    assert len(data) < 2000
    assert refusal(data) == (
        "This photo is too wide: 60,000 pixels. A side may have 20,000: make it smaller first."
    )


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "too wide: 100,000 pixels" in refusal(png_with_header(100_000, 100_000))
        assert "19,000 × 19,000" in refusal(png_with_header(19_000, 19_000))


def test_a_photo_beyond_pillows_own_limit_comes_in_without_a_warning() -> None:
    data = encoded(Image.new("L", (10_000, 9_500), 128), "PNG", compress_level=1)
    photo = check_photo(data, "wall.png")
    assert (photo.width, photo.height) == (10_000, 9_500)


def test_a_tiny_picture_is_refused(draw: Draw) -> None:
    assert "too small: 1 × 1" in refusal(draw(form="GIF", size=(1, 1)))


def test_too_many_bytes_are_refused(draw: Draw) -> None:
    reason = refusal(draw() + b"\0" * 3_000_000, Limits(max_bytes=2_000_000))
    assert reason.startswith("This file is too big, 3 MB; a photo may have 2 MB")


def test_thirty_megabytes_of_noise_called_jpg_are_refused() -> None:
    assert refusal(np.random.default_rng(1).bytes(30_000_000)) == formats.UNKNOWN


def test_a_very_big_photo_waits_for_its_turn(draw: Draw) -> None:
    turns: list[str] = []

    class Turn:
        def __enter__(self) -> None:
            turns.append("in")

        def __exit__(self, *_: object) -> None:
            turns.append("out")

    check_photo(draw(), "small.jpg", turn=Turn())
    assert turns == []
    check_photo(encoded(Image.new("L", (6000, 5000)), "JPEG"), "big, but cheap.jpg", turn=Turn())
    assert turns == []
    check_photo(encoded(Image.new("RGB", (6000, 5000)), "PNG"), "big.png", turn=Turn())
    assert turns == ["in", "out"]


@pytest.mark.parametrize("size", [(64, 48), (700, 500), (3000, 2000)])
def test_the_likeness_is_that_of_the_kept_thumbnail(draw: Draw, size: tuple[int, int]) -> None:
    photo = check_photo(draw(3, size=size), "photo.jpg")
    later = np.frombuffer(likeness_of_file(photo.thumbnail), np.uint8).astype(int)
    assert np.abs(later - np.frombuffer(photo.likeness, np.uint8)).mean() < 2
    assert is_near_copy(photo.likeness, later.astype(np.uint8).tobytes())


def test_a_turned_photo_has_the_likeness_of_an_upright_one(draw: Draw) -> None:
    photo = Image.open(BytesIO(draw(3, size=(300, 200))))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = check_photo(encoded(photo.rotate(90, expand=True), "JPEG", exif=exif), "turned.jpg")
    assert is_near_copy(turned.likeness, check_photo(draw(3, size=(300, 200)), "x").likeness)
