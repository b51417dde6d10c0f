"""Photos from files and folders."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest

from nocode_classifier.collect.folders import (
    NO_CLASS_FOLDER,
    from_folder,
    read_class_folder,
    read_file,
)
from nocode_classifier.collect.formats import TEXT, VIDEO
from nocode_classifier.collect.intake import Incoming, Refusal, add_photos
from nocode_classifier.collect.listing import LINK_LOOP, LINK_NOWHERE, LINK_OUT
from nocode_classifier.collect.photo_check import LIMITS, Limits
from nocode_classifier.errors import Cancelled, InputError, PhotoRefused
from nocode_classifier.progress import Progress
from nocode_classifier.project.project import Project
from tests.collect.conftest import Draw
from tests.conftest import SHARED_PHOTOS

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def test_sub_folders_name_the_classes(class_folder: Path) -> None:
    items = from_folder(class_folder)
    assert [(item.name, item.class_name) for item in items if isinstance(item, Incoming)] == [
        ("cats/a.jpg", "cats"),
        ("cats/b.jpg", "cats"),
        ("dogs/c.jpg", "dogs"),
        ("dogs/d.jpg", "dogs"),
    ]


def test_hidden_and_system_things_are_left_out(class_folder: Path, draw: Draw) -> None:
    for name in (".git/a.jpg", "cats/.hidden.jpg", "__MACOSX/a.jpg", "dogs/Thumbs.db"):
        path = class_folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(draw(7))
    assert len(from_folder(class_folder)) == 4


@posix_only
def test_links_that_lead_out_are_refused_and_links_inside_followed(
    class_folder: Path, tmp_path: Path, draw: Draw
) -> None:
    (tmp_path / "secret.jpg").write_bytes(draw(8))
    (class_folder / "cats" / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (class_folder / "cats" / "in.jpg").symlink_to(class_folder / "dogs" / "c.jpg")
    (class_folder / "up").symlink_to(tmp_path)
    refused = [item.name for item in from_folder(class_folder) if isinstance(item, Refusal)]
    assert sorted(refused) == ["cats/out.jpg", "up"]
    assert len(from_folder(class_folder)) == 5 + 2


@posix_only
def test_links_that_lead_nowhere_are_refused_and_the_rest_is_read(
    class_folder: Path, project: Project
) -> None:
    (class_folder / "cats" / "loop.jpg").symlink_to("loop.jpg")
    (class_folder / "cats" / "one.jpg").symlink_to("other.jpg")
    (class_folder / "cats" / "other.jpg").symlink_to("one.jpg")
    (class_folder / "cats" / "gone.jpg").symlink_to("nothing.jpg")
    (class_folder / "dogs" / "up").symlink_to("..")
    (class_folder / "dogs" / "self").symlink_to("self/below")
    read = read_class_folder(class_folder)
    reasons = {refusal.name: refusal.reason for refusal in read.refusals}
    assert len(read.photos) == 4
    assert {reasons.pop(f"cats/{name}.jpg") for name in ("loop", "one", "other")} == {LINK_LOOP}
    assert reasons == {"cats/gone.jpg": LINK_NOWHERE, "dogs/self": LINK_LOOP, "dogs/up": LINK_OUT}
    report = add_photos(project, from_folder(class_folder), class_id=None)
    assert (report.added, len(report.refusals)) == (4, 6)


@posix_only
def test_pipes_sockets_and_devices_are_one_refusal_each(class_folder: Path) -> None:
    os.mkfifo(class_folder / "cats" / "pipe.jpg")
    (class_folder / "dogs" / "zero.jpg").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server, chdir(class_folder):
        server.bind("socket.jpg")
    read = read_class_folder(class_folder)
    assert len(read.photos) == 4
    assert [refusal.name for refusal in read.refusals] == [
        "dogs/zero.jpg",
        "cats/pipe.jpg",
        "socket.jpg",
    ]


@posix_only
def test_a_folder_that_is_too_deep_to_be_opened_is_one_refusal(
    class_folder: Path, draw: Draw
) -> None:
    with chdir(class_folder):
        for _ in range(20):  # each step is short, the whole path is too long for the system
            Path("d" * 250).mkdir()
            os.chdir("d" * 250)
        Path("a.jpg").write_bytes(draw(9))
    assert len(read_class_folder(class_folder).photos) == 4
    assert len(read_class_folder(class_folder).refusals) == 1


def test_a_file_that_goes_while_the_folder_is_read_is_one_refusal(
    class_folder: Path, project: Project
) -> None:
    items = from_folder(class_folder)
    (class_folder / "dogs" / "d.jpg").unlink()
    report = add_photos(project, items, class_id=None)
    assert (report.added, [refusal.name for refusal in report.refusals]) == (3, ["dogs/d.jpg"])


def test_a_relative_folder_and_one_below_home_are_found(
    class_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(class_folder.parent)
    monkeypatch.setenv("HOME", str(class_folder.parent))
    monkeypatch.setenv("USERPROFILE", str(class_folder.parent))
    for named in ("pets", "./pets/", Path("pets"), "~/pets", "pets/cats/.."):
        assert len(read_class_folder(named).photos) == 4


def test_what_is_no_folder_is_called_what_it_is(class_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    for named, sentence in (
        (class_folder / "cats" / "a.jpg", "is a file: name the folder"),
        (tmp_path / "a.zip", "is an archive: unpack it"),
        ("x" * 5000, "There is no folder at"),
        ("~nobody-of-this-name/photos", "There is no folder at"),
    ):
        with pytest.raises(InputError, match=sentence):
            read_class_folder(named)


def test_names_that_differ_in_case_or_spaces_are_one_class(tmp_path: Path, draw: Draw) -> None:
    for seed, name in enumerate(["Cats", "cats ", "CATS", "dogs", "Dogs."]):
        (tmp_path / "in" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name / f"{seed}.jpg").write_bytes(draw(seed))
    assert read_class_folder(tmp_path / "in").class_names in (
        ("CATS", "Dogs.", "dogs"),
        ("CATS", "dogs"),
    )


@pytest.mark.gate
def test_ten_thousand_files_and_folders_are_listed(tmp_path: Path) -> None:
    for number in range(10_000):
        folder = tmp_path / "in" / f"class {number % 100}" / f"series {number}"
        folder.mkdir(parents=True)
        (folder / "1.jpg").touch()
    items = from_folder(tmp_path / "in")
    assert len({item.class_name for item in items if isinstance(item, Incoming)}) == 100


@posix_only
def test_a_pipe_is_refused_and_does_not_wait(class_folder: Path) -> None:
    os.mkfifo(class_folder / "cats" / "pipe.jpg")
    with pytest.raises(PhotoRefused, match="pipe"):
        read_file(class_folder / "cats" / "pipe.jpg", LIMITS)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no folder at"):
        from_folder(tmp_path / "nothing")


def test_a_file_that_went_away_is_a_refusal(project: Project, class_folder: Path) -> None:
    batch = from_folder(class_folder)
    gone = sorted((class_folder / "cats").iterdir())[0]
    gone.unlink()
    report = add_photos(project, batch, class_id=None)
    reason = "This file is not there any more: add it again."
    assert report.refusals == (Refusal(f"cats/{gone.name}", reason),)


def test_a_film_is_called_a_film_however_big(tmp_path: Path) -> None:
    film = tmp_path / "film.jpg"
    film.write_bytes(b"\x1aE\xdf\xa3" + b"\0" * 5000)
    with pytest.raises(PhotoRefused, match=VIDEO.split(",")[0]):
        read_file(film, Limits(max_bytes=1000))


def test_thirty_megabytes_of_noise_called_jpg_do_not_stop_the_batch(
    project: Project, tmp_path: Path, draw: Draw
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "noise.jpg").write_bytes(np.random.default_rng(0).bytes(30_000_000))
    (folder / "good.jpg").write_bytes(draw())
    report = add_photos(project, from_folder(folder), class_id=project.class_named("cats").id)
    assert report.added == 1
    assert report.refusals[0].name == "noise.jpg"


def test_class_folders_with_odd_names_become_classes(
    project: Project, tmp_path: Path, draw: Draw
) -> None:
    names = ["🐈‍⬛ black cats", "猫 & 犬", "100% 'so'", "n" * 200]
    for seed, name in enumerate(names):
        folder = tmp_path / "odd" / name
        folder.mkdir(parents=True)
        (folder / "photo.jpg").write_bytes(draw(seed))
    report = add_photos(project, from_folder(tmp_path / "odd"), class_id=None)
    assert report.added_by_class.keys() == set(names)


@posix_only
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps names that are text only")
def test_file_names_that_are_not_text_do_not_break_anything(
    project: Project, tmp_path: Path, draw: Draw
) -> None:
    folder = os.fsencode(tmp_path) + b"/in/caf\xe9"
    Path(os.fsdecode(folder)).mkdir(parents=True)
    Path(os.fsdecode(folder + b"/\xff.jpg")).write_bytes(draw())
    add_photos(project, from_folder(tmp_path / "in"), class_id=None)
    assert project.photos()[0].name == "caf\ufffd/\ufffd.jpg"
    assert read_class_folder(tmp_path / "in").class_names == ("caf\ufffd",)


def test_a_class_folder_is_read_in_the_order_of_its_paths(class_folder: Path) -> None:
    read = read_class_folder(class_folder)
    assert [photo.name for photo in read.photos] == [
        "cats/a.jpg",
        "cats/b.jpg",
        "dogs/c.jpg",
        "dogs/d.jpg",
    ]
    assert read.class_names == ("cats", "dogs")
    assert read.refusals == ()
    assert read.photos[0].path.is_file()
    assert read_class_folder(class_folder) == read


def test_of_copies_in_one_class_the_first_is_used(class_folder: Path, draw: Draw) -> None:
    (class_folder / "cats" / "copy.jpg").write_bytes(draw(0))
    read = read_class_folder(class_folder)
    assert len(read.photos) == 4
    assert read.refusals[0].name == "cats/copy.jpg"
    assert "the same photo as cats/a.jpg" in read.refusals[0].reason


def test_a_photo_in_two_classes_is_used_in_neither(class_folder: Path, draw: Draw) -> None:
    (class_folder / "dogs" / "a cat.jpg").write_bytes(draw(0))
    read = read_class_folder(class_folder)
    reasons = {refusal.name: refusal.reason for refusal in read.refusals}
    assert reasons.keys() == {"cats/a.jpg", "dogs/a cat.jpg"}
    assert "as dogs/a cat.jpg" in reasons["cats/a.jpg"]
    assert "as cats/a.jpg" in reasons["dogs/a cat.jpg"]
    assert len(read.photos) == 3


def test_what_cannot_be_used_keeps_its_name_and_its_class(class_folder: Path, draw: Draw) -> None:
    (class_folder / "cats" / "notes.txt").write_text("meow")
    (class_folder / "outside.jpg").write_bytes(draw(9))
    (class_folder / "notes").mkdir()
    (class_folder / "notes" / "plan.txt").write_text("more cats")
    (class_folder / "birds").mkdir()
    (class_folder / "birds" / "broken.jpg").write_bytes(draw(5)[:300])
    read = read_class_folder(class_folder)
    reasons = {refusal.name: refusal.reason for refusal in read.refusals}
    assert reasons.keys() == {
        "birds/broken.jpg",
        "cats/notes.txt",
        "notes/plan.txt",
        "outside.jpg",
    }
    assert reasons["cats/notes.txt"] == TEXT
    assert reasons["outside.jpg"] == NO_CLASS_FOLDER
    assert read.class_names == ("birds", "cats", "dogs")


def test_reading_a_class_folder_can_be_stopped_and_watched(class_folder: Path) -> None:
    seen: list[Progress] = []
    read_class_folder(class_folder, report=seen.append)
    assert (seen[-1].done, seen[-1].total) == (4, 4)
    with pytest.raises(Cancelled):
        read_class_folder(class_folder, should_stop=lambda: True)


@pytest.mark.skipif(not SHARED_PHOTOS.is_dir(), reason="the sample photos are not here")
def test_real_photos_come_through_the_door() -> None:
    read = read_class_folder(SHARED_PHOTOS / "hotdog" / "train")
    assert len(read.photos) == 250
    assert read.class_names == ("hot_dog", "not_hot_dog")
    assert len({photo.perceptual_hash for photo in read.photos}) > 200
