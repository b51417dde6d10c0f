"""What the folders around a photo mean."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from nocode_classifier.collect.layout import assign_classes, class_name_of, is_ignored


def classes(*paths: str) -> dict[str, str | None]:
    files = [PurePosixPath(path) for path in paths]
    by_folder = assign_classes(files)
    return {str(file): by_folder[file.parent.parts] for file in files}


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ("cats/1.jpg", "dogs/2.jpg", "cats"),
        ("pets/cats/1.jpg", "pets/dogs/2.jpg", "cats"),
        ("a/b/c/cats/1.jpg", "a/b/c/dogs/2.jpg", "cats"),
        ("data/train/cats/1.jpg", "data/test/dogs/2.jpg", "cats"),
        ("Train/cats/1.jpg", "Valid/cats/2.jpg", "cats"),
        ("train/1.jpg", "bus/2.jpg", "train"),
        ("cats/DCIM/100APPLE/1.jpg", "dogs/DCIM/100APPLE/2.jpg", "cats"),
        ("cats/DCIM/Camera/1.jpg", "dogs/2.jpg", "cats"),
        ("cats/101CANON/1.jpg", "dogs/2.jpg", "cats"),
        ("cats/DCIM/100APPLE/1.jpg", "cats/DCIM/101APPLE/2.jpg", "cats"),
        ("100ABCDE/1.jpg", "camera/2.jpg", "100ABCDE"),
        ("shop/12345678/1.jpg", "12345679/2.jpg", "12345678"),
        ("DCIM/100APPLE/1.jpg", "DCIM/101APPLE/2.jpg", None),
        ("pets/cats/1.jpg", "elsewhere/2.jpg", "cats"),
        ("cats/1.jpg", "nested/deep/dogs/2.jpg", "cats"),
        ("nested/deep/cats/1.jpg", "dogs/2.jpg", "cats"),
        ("cats/1.jpg", "cats/corner/2.jpg", "cats"),
        ("train/stray.jpg", "test/cats/1.jpg", None),
        ("cats/1.jpg", "cats/2.jpg", "cats"),
        ("1.jpg", "cats/2.jpg", None),
    ],
)
def test_the_folder_that_names_the_class_is_found(path, other, expected):
    assert classes(path, other)[path] == expected


def test_a_stray_photo_in_the_wrapping_folder_has_no_class():
    found = classes("pets/cats/1.jpg", "pets/dogs/2.jpg", "pets/stray.jpg")
    assert found == {"pets/cats/1.jpg": "cats", "pets/dogs/2.jpg": "dogs", "pets/stray.jpg": None}


def test_a_readme_at_the_top_does_not_hide_the_wrapping_folder():
    found = classes("README.md", "pets/cats/1.jpg", "pets/dogs/2.jpg", "pets/list.csv")
    assert found["pets/cats/1.jpg"] == "cats"
    assert found["README.md"] is None


def test_photos_without_an_ending_still_have_their_classes():
    assert classes("cats/1", "dogs/2") == {"cats/1": "cats", "dogs/2": "dogs"}


@pytest.mark.parametrize(
    "path",
    [
        ".git/a.jpg",
        "cats/.DS_Store",
        "__MACOSX/cats/._a.jpg",
        "cats/Thumbs.db",
        "@eaDir/a.jpg",
        "$RECYCLE.BIN/a.jpg",
        "cats/Desktop.ini",
    ],
)
def test_hidden_and_system_files_are_left_out(path):
    assert is_ignored(path.split("/"))


def test_emoji_and_odd_characters_stay_in_a_class_name():
    for name in ("🐈‍⬛ cats & 'dogs'", "猫", "100% “so”", "C++"):
        assert class_name_of(name) == name


def test_a_name_that_cannot_be_shown_is_mended():
    assert class_name_of("cats\n\tand\x00 dogs") == "cats and dogs"
    assert class_name_of("caf\udce9") == "caf\ufffd"
    assert class_name_of("cafe\u0301") == "café"
    assert class_name_of("\n") is None


def test_two_very_long_names_stay_two_classes():
    long, longer = "x" * 300 + "a", "x" * 300 + "b"
    first, second = class_name_of(long), class_name_of(longer)
    assert first is not None
    assert second is not None
    assert first != second
    assert len(first) == len(second) == 255
    assert class_name_of(long) == first
