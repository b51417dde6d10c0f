"""What the folders around a photo mean."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from nocode_classifier.collect.layout import class_name_of, is_ignored, read_layout


def classes(
    *paths: str, known: tuple[str, ...] = (), chosen: bool = False
) -> dict[str, str | None]:
    files = [PurePosixPath(path) for path in paths]
    by_folder = read_layout(files, known, chosen=chosen).classes
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
        ("shop/12345678/1.jpg", "shop/12345679/2.jpg", "12345678"),
        ("DCIM/100APPLE/1.jpg", "DCIM/101APPLE/2.jpg", None),
        ("boxes/2023/1.jpg", "balls/2024/2.jpg", "boxes"),
        ("boxes/2023/05/1.jpg", "boxes/2024/11/2.jpg", "boxes"),
        ("all/boxes/2023/1.jpg", "all/balls/2023/2.jpg", "boxes"),
        ("2023/boxes/1.jpg", "2024/balls/2.jpg", "boxes"),
        ("2023-05/boxes/1.jpg", "17.11.2024/balls/2.jpg", "boxes"),
        ("boxes/from phone/1.jpg", "balls/2.jpg", "boxes"),
        ("boxes/from phone/a/b/1.jpg", "balls/from phone/2.jpg", "boxes"),
        ("animals/cats/1.jpg", "vehicles/cars/2.jpg", "animals"),
        ("0/1.jpg", "1/2.jpg", "0"),
        ("1953/1.jpg", "1962/2.jpg", "1953"),
        ("seg_train/seg_train/sea/1.jpg", "seg_test/seg_test/ice/2.jpg", "sea"),
        ("steam_train/1.jpg", "model_train/2.jpg", "steam_train"),
        ("training_set/training_set/cats/1.jpg", "test_set/test_set/cats/2.jpg", "cats"),
        ("train/1.jpg", "valid/2.jpg", None),
        ("export/images/train/1.jpg", "export/images/val/2.jpg", None),
        ("cats/1.jpg", "cats/corner/2.jpg", "cats"),
        ("train/stray.jpg", "test/cats/1.jpg", None),
        ("cats/1.jpg", "cats/2.jpg", "cats"),
        ("1.jpg", "cats/2.jpg", None),
    ],
)
def test_the_folder_that_names_the_class_is_found(
    path: str, other: str, expected: str | None
) -> None:
    assert classes(path, other)[path] == expected


def test_a_stray_photo_in_the_wrapping_folder_has_no_class() -> None:
    inside = [f"pets/{name}/{number}.jpg" for name in ("cats", "dogs") for number in (1, 2)]
    found = classes(*inside, "pets/stray.jpg")
    assert list(found.values()) == ["cats", "cats", "dogs", "dogs", None]


def test_a_folder_with_many_photos_of_its_own_is_a_class_with_corners_in_it() -> None:
    found = classes("boxes/1.jpg", "boxes/2.jpg", "boxes/phone/3.jpg", "boxes/camera/4.jpg")
    assert set(found.values()) == {"boxes"}


def test_a_folder_called_like_a_known_class_names_it_wherever_it_is() -> None:
    known = ("Cats", "dogs")
    found = classes("animals/cats/1.jpg", "2023/dogs/2.jpg", "hens/3.jpg", known=known)
    assert list(found.values()) == ["cats", "dogs", "hens"]
    assert set(classes("cats/2023/1.jpg", "cats/from phone/2.jpg", known=known).values()) == {
        "cats"
    }


def test_dates_make_no_classes_where_one_was_chosen() -> None:
    assert set(classes("2023/1.jpg", "2024/2.jpg", chosen=True).values()) == {None}
    assert set(classes("100CANON/1.jpg", "101CANON/2.jpg", chosen=True).values()) == {None}
    assert set(classes("Pics/2023/05/1.jpg", "Pics/2024/06/2.jpg", chosen=True).values()) == {
        "Pics"
    }


def test_folders_that_may_have_been_meant_as_classes_are_told() -> None:
    paths = ["animals/cats/1.jpg", "animals/dogs/2.jpg", "boxes/2023/3.jpg", "cups/4.jpg"]
    paths += ["cups/from phone/5.jpg"]
    layout = read_layout([PurePosixPath(path) for path in paths])
    assert layout.inner == {"animals": ("cats", "dogs")}


def test_a_readme_at_the_top_does_not_hide_the_wrapping_folder() -> None:
    found = classes("README.md", "pets/cats/1.jpg", "pets/dogs/2.jpg", "pets/list.csv")
    assert found["pets/cats/1.jpg"] == "cats"
    assert found["README.md"] is None


def test_photos_without_an_ending_still_have_their_classes() -> None:
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
def test_hidden_and_system_files_are_left_out(path: str) -> None:
    assert is_ignored(path.split("/"))


def test_emoji_and_odd_characters_stay_in_a_class_name() -> None:
    for name in ("🐈‍⬛ cats & 'dogs'", "猫", "100% “so”", "C++"):
        assert class_name_of(name) == name


def test_a_name_that_cannot_be_shown_is_mended() -> None:
    assert class_name_of("cats\n\tand\x00 dogs") == "cats and dogs"
    assert class_name_of("caf\udce9") == "caf\ufffd"
    assert class_name_of("cafe\u0301") == "café"
    assert class_name_of("\n") is None


def test_two_very_long_names_stay_two_classes() -> None:
    long, longer = "x" * 300 + "a", "x" * 300 + "b"
    first, second = class_name_of(long), class_name_of(longer)
    assert first is not None
    assert second is not None
    assert first != second
    assert len(first) == len(second) == 255
    assert class_name_of(long) == first
