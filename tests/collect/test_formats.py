"""What a file is, told by its first bytes."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from PIL import Image, TiffImagePlugin

from nocode_classifier.collect import formats
from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.errors import PhotoRefused


def box(brand: bytes, *others: bytes) -> bytes:
    body = b"ftyp" + brand + b"\0\0\0\0" + b"".join(others)
    return struct.pack(">I", len(body) + 4) + body + b"\0" * 100


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (b"<!doctype HTML><html>", formats.WEB_PAGE),
        (b"\xef\xbb\xbf  <html lang='en'>", formats.WEB_PAGE),
        ("<!DOCTYPE html><html>".encode("utf-16"), formats.WEB_PAGE),
        (b"<?xml version='1.0'?><!DOCTYPE html><html>", formats.WEB_PAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", formats.SVG),
        (b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg>", formats.SVG),
        (b"<?xml version='1.0'?><plist>", formats.TEXT),
        (b"%PDF-1.7\n", formats.PDF),
        (b"8BPS\0\1", formats.PHOTOSHOP),
        (b"II*\0\x10\0\0\0CR\x02\0", formats.RAW),
        (b"FUJIFILMCCD-RAW 0201", formats.RAW),
        (box(b"crx ", b"isom"), formats.RAW),
        (box(b"isom", b"mp41"), formats.VIDEO),
        (box(b"qt  "), formats.VIDEO),
        (box(b"M4A "), formats.AUDIO),
        (b"RIFF\0\0\0\0AVI LIST", formats.VIDEO),
        (b"RIFF\0\0\0\0WAVEfmt ", formats.AUDIO),
        (b"\x1aE\xdf\xa3\x01", formats.VIDEO),
        (b"\0\0\1\0\1\0\x10\x10", formats.ICON),
        (b"\xff\x0a\xfa", formats.JPEG_XL),
        (b"\0\0\0\x0cjP  \r\n\x87\n", formats.JPEG_2000),
        (b"PK\x03\x04\x14\0", formats.ARCHIVE),
        (b"\x1f\x8b\x08\0", formats.ARCHIVE),
        (b"cats/".ljust(257, b"\0") + b"ustar\0", formats.ARCHIVE),
        (b"label,file\ncat,1.jpg\n", formats.TEXT),
        ("Grüße aus Köln".encode(), formats.TEXT),
        (b"BMW is a car", formats.TEXT),
        (b"\0" * 500, formats.UNKNOWN),
        (bytes(range(128, 256)), formats.UNKNOWN),
    ],
)
def test_what_is_not_a_photo_is_called_by_its_name(head: bytes, sentence: str) -> None:
    with pytest.raises(PhotoRefused) as caught:
        formats.recognise(head)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (box(b"heic", b"mif1"), formats.HEIC),
        (box(b"mif1", b"heic"), formats.HEIC),
        (box(b"mif1", b"avif", b"miaf"), formats.AVIF),
        (box(b"avis", b"avif"), formats.AVIF),
        (b"MM\0*\0\0\0\x08", formats.TIFF),
        (b"RIFF\0\0\0\0WEBPVP8 ", formats.WEBP),
    ],
)
def test_photos_that_share_a_container_are_told_apart(
    head: bytes, kind: formats.PhotoFormat
) -> None:
    assert formats.recognise(head) is kind


def test_every_refusal_says_what_it_is_and_what_to_do() -> None:
    sentences = [value for name, value in vars(formats).items() if name.isupper()]
    for sentence in (text for text in sentences if isinstance(text, str)):
        assert sentence.startswith("This is ")
        assert ":" in sentence
        assert sentence.endswith(".")


def test_the_preview_in_a_raw_file_is_not_taken_for_the_photo() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[50706] = b"\x01\x04\x00\x00"
    tags.tagtype[50706] = 1
    target = BytesIO()
    Image.new("RGB", (64, 64)).save(target, "TIFF", tiffinfo=tags)
    with pytest.raises(PhotoRefused, match="RAW file"):
        check_photo(target.getvalue(), "IMG.DNG")
