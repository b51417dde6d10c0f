"""Photos out of archives, also out of hostile ones."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.collect import archives
from nocode_classifier.collect.archives import ArchiveLimits, from_archive, is_archive
from nocode_classifier.collect.formats import VIDEO
from nocode_classifier.collect.intake import Incoming, Note, Refusal, add_photos
from nocode_classifier.collect.packing import DEVICE, LINK, UNUSUAL
from nocode_classifier.collect.photo_check import Limits
from nocode_classifier.collect.wrong_archives import DOWNLOAD, EMPTY, SPLIT, too_many
from nocode_classifier.progress import Progress
from nocode_classifier.project.project import Project
from tests.collect.conftest import Draw

Photos = dict[str, bytes]


def make_zip(path: Path, files: Mapping[Any, bytes], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make_tar(path: Path, files: Mapping[str, bytes], mode: Any = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def opened(path: Path, **options: Any) -> tuple[dict[str, str | None], dict[str, str]]:
    """Class by name of what came, and reason by name of what did not."""
    items = [item for item in from_archive(path, **options) if not isinstance(item, Note)]
    came = {item.name: item.class_name for item in items if isinstance(item, Incoming)}
    refused = {item.name: item.reason for item in items if isinstance(item, Refusal)}
    assert len(came) + len(refused) == len(items)
    return came, refused


PHOTOS = {"pets/cats/a.jpg": 0, "pets/cats/b.jpg": 1, "pets/dogs/c.jpg": 2}
CLASSES = {"pets/cats/a.jpg": "cats", "pets/cats/b.jpg": "cats", "pets/dogs/c.jpg": "dogs"}


@pytest.fixture
def photos(draw: Draw) -> Photos:
    return {name: draw(seed) for name, seed in PHOTOS.items()}


def test_a_zip_with_a_folder_a_class_comes_in(
    tmp_path: Path, photos: Photos, project: Project
) -> None:
    path = make_zip(tmp_path / "pets.zip", photos)
    assert opened(path) == (CLASSES, {})
    report = add_photos(project, from_archive(path), class_id=None)
    assert report.added_by_class == {"cats": 2, "dogs": 1}
    assert project.photos()[0].source == "archive"


@pytest.mark.parametrize(
    ("ending", "mode"),
    [
        (".tar", "w"),
        (".tar.gz", "w:gz"),
        (".tgz", "w:gz"),
        (".tar.bz2", "w:bz2"),
        (".tar.xz", "w:xz"),
    ],
)
def test_tars_come_in_packed_or_not(
    tmp_path: Path, photos: Photos, project: Project, ending: str, mode: str
) -> None:
    path = make_tar(tmp_path / f"pets{ending}", photos, mode)
    assert is_archive(path)
    assert opened(path) == (CLASSES, {})
    assert add_photos(project, from_archive(path), class_id=None).added == 3


def test_the_number_of_files_is_known_beforehand(
    tmp_path: Path, photos: Photos, project: Project
) -> None:
    seen: list[Progress] = []
    path = make_zip(tmp_path / "pets.zip", photos)
    add_photos(project, from_archive(path), class_id=None, report=seen.append)
    assert (seen[0].done, seen[0].total, seen[-1].done) == (0, 3, 3)


def test_hidden_and_system_entries_are_left_out(tmp_path: Path, photos: Photos) -> None:
    photos |= {"__MACOSX/pets/cats/._a.jpg": b"x", "pets/.DS_Store": b"x", "pets/Thumbs.db": b"x"}
    assert opened(make_zip(tmp_path / "a.zip", photos)) == (CLASSES, {})


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_paths_that_lead_out_are_refused_and_the_rest_goes_on(
    tmp_path: Path, photos: Photos, make: Callable[..., Path]
) -> None:
    bad = {
        "../evil.jpg": archives.CLIMBS_OUT,
        "pets/../../evil.jpg": archives.CLIMBS_OUT,
        "/etc/evil.jpg": archives.ABSOLUTE,
        "C:/evil.jpg": archives.ABSOLUTE,
    }
    came, refused = opened(make(tmp_path / "a.zip", photos | dict.fromkeys(bad, b"x")))
    assert came == CLASSES
    assert refused == bad
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


def test_a_zip_made_on_windows_with_backslashes_has_folders(tmp_path: Path, photos: Photos) -> None:
    path = make_zip(
        tmp_path / "a.zip", {name.replace("/", "\\"): data for name, data in photos.items()}
    )
    assert opened(path) == (CLASSES, {})
    path = make_zip(tmp_path / "b.zip", photos | {"pets\\..\\..\\evil.jpg": b"x"})
    assert opened(path) == (CLASSES, {"pets/../../evil.jpg": archives.CLIMBS_OUT})


def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, photos: Photos, draw: Draw) -> None:
    path = make_tar(tmp_path / "a.tar", photos)
    with tarfile.open(path, "a") as archive:
        for name, kind in (
            ("cats/link.jpg", tarfile.SYMTYPE),
            ("cats/hard.jpg", tarfile.LNKTYPE),
            ("cats/device.jpg", tarfile.CHRTYPE),
            ("cats/pipe.jpg", tarfile.FIFOTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    came, refused = opened(path)
    assert came == CLASSES
    assert refused == {
        "cats/link.jpg": LINK,
        "cats/hard.jpg": LINK,
        "cats/device.jpg": DEVICE,
        "cats/pipe.jpg": DEVICE,
    }


def test_links_in_a_zip_are_refused(tmp_path: Path, photos: Photos) -> None:
    link = zipfile.ZipInfo("cats/link.jpg")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    came, refused = opened(make_zip(tmp_path / "a.zip", photos | {link: b"/etc/passwd"}))
    assert came == CLASSES
    assert refused == {"cats/link.jpg": LINK}


def test_a_zip_bomb_of_many_small_bombs_stops_early(tmp_path: Path, photos: Photos) -> None:
    zeros = b"\xff\xd8\xff" + b"\0" * 4_000_000
    files = photos | {f"pets/bomb/{number}.jpg": zeros for number in range(20)}
    path = make_zip(tmp_path / "a.zip", files, compression=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 150_000
    came, refused = opened(path, archive_limits=ArchiveLimits(expanded=30_000_000))
    assert 3 < len(came) <= 3 + 7
    assert refused["a.zip"].startswith("This archive unpacks to more than 30 MB")


def test_far_more_than_the_size_of_the_archive_is_a_bomb(tmp_path: Path) -> None:
    limits = ArchiveLimits(ratio=100, harmless=1_000_000)
    assert limits.allowed(5_000) == 1_000_000
    assert limits.allowed(50_000) == 5_000_000
    assert limits.allowed(10**12) == 4_000_000_000


def test_one_entry_that_unpacks_too_far_is_refused_by_what_it_is(
    tmp_path: Path, photos: Photos
) -> None:
    files = photos | {"pets/cats/huge.jpg": b"\xff\xd8\xff" + b"\0" * 3_000_000}
    path = make_zip(tmp_path / "a.zip", files, compression=zipfile.ZIP_DEFLATED)
    came, refused = opened(path, limits=Limits(max_bytes=1_000_000))
    assert came == CLASSES
    assert refused["pets/cats/huge.jpg"].startswith(
        "This file is too big, 3 MB; a photo may have 1 MB"
    )


def test_a_size_that_lies_does_not_help_a_bomb(tmp_path: Path) -> None:
    data = b"\xff\xd8\xff" + b"\0" * 3_000_000
    path = make_zip(tmp_path / "a.zip", {"a.jpg": data}, compression=zipfile.ZIP_DEFLATED)
    content = path.read_bytes().replace(struct.pack("<I", len(data)), struct.pack("<I", 10))
    path.write_bytes(content)
    came, refused = opened(path, limits=Limits(max_bytes=1_000_000))
    assert came == {}
    assert refused == {"a.jpg": archives.DAMAGED_ENTRY}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_limit_are_refused(tmp_path: Path, method: int) -> None:
    path = make_zip(tmp_path / "a.zip", {"cats/a.jpg": b"\0" * 50_000_000}, compression=method)
    assert opened(path) == ({}, {"cats/a.jpg": UNUSUAL})


def test_a_tar_bomb_stops_early(tmp_path: Path, photos: Photos) -> None:
    files = photos | {
        f"pets/bomb/{number}.jpg": b"\xff\xd8\xff" + b"\0" * 4_000_000 for number in range(10)
    }
    path = make_tar(tmp_path / "a.tar.gz", files, "w:gz")
    came, refused = opened(path, archive_limits=ArchiveLimits(expanded=10_000_000))
    assert came.keys() >= CLASSES.keys()
    assert len(came) <= 3 + 3
    assert refused["a.tar.gz"].startswith("This archive unpacks to more than 10 MB")


def test_a_tar_header_that_asks_for_all_the_memory_is_not_believed(
    tmp_path: Path, photos: Photos
) -> None:
    path = make_tar(tmp_path / "a.tar", photos)
    header = tarfile.TarInfo("@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 6_000_000_000
    block = header.tobuf(tarfile.GNU_FORMAT)
    path.write_bytes(block + path.read_bytes())
    came, refused = opened(path)
    assert came == {}
    assert "a.tar" in refused


def test_too_many_entries_are_refused_as_a_whole(tmp_path: Path, photos: Photos) -> None:
    path = make_zip(tmp_path / "a.zip", photos)
    came, refused = opened(path, archive_limits=ArchiveLimits(entries=2))
    assert came == {}
    assert refused["a.zip"].startswith("This archive holds more than 2 files, so it was not opened")


def test_an_archive_in_the_archive_is_not_opened(tmp_path: Path, photos: Photos) -> None:
    inner = make_zip(tmp_path / "inner.zip", photos).read_bytes()
    came, refused = opened(make_zip(tmp_path / "a.zip", {**photos, "pets/more.jpg": inner}))
    assert came == CLASSES
    assert refused == {"pets/more.jpg": archives.NESTED}


def test_other_things_in_an_archive_are_called_by_their_name(
    tmp_path: Path, photos: Photos
) -> None:
    film = b"\x1aE\xdf\xa3" + b"\0" * 100_000_000
    path = make_zip(tmp_path / "a.zip", photos | {"pets/film.mkv": film}, compression=8)
    assert opened(path) == (CLASSES, {"pets/film.mkv": VIDEO})


def test_a_locked_archive_says_so_once(tmp_path: Path, photos: Photos) -> None:
    path = make_zip(tmp_path / "a.zip", photos)
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = content.find(mark)
        while found >= 0:
            content[found + at] |= 1
            found = content.find(mark, found + 1)
    path.write_bytes(content)
    assert opened(path) == ({}, {"a.zip": archives.PASSWORD})


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(("ending", "mode"), [(".zip", ""), (".tar", "w"), (".tar.gz", "w:gz")])
def test_a_damaged_archive_is_a_sentence_and_what_could_be_read_counts(
    tmp_path: Path, photos: Photos, share: float, ending: str, mode: str
) -> None:
    path = tmp_path / f"a{ending}"
    make_tar(path, photos, mode) if mode else make_zip(path, photos)
    content = path.read_bytes()
    if ending == ".tar":
        content = content.rstrip(b"\0")
    path.write_bytes(content[: int(len(content) * share)])
    came, refused = opened(path)
    assert came.items() <= CLASSES.items()
    # The end of a .tar.gz is padding: a few bytes fewer there cost no photo.
    if came != CLASSES:
        assert refused.pop(path.name) == (archives.DAMAGED if share else EMPTY)
    assert set(refused.values()) <= {archives.DAMAGED_ENTRY}


def test_one_damaged_entry_does_not_keep_the_others_out(tmp_path: Path, photos: Photos) -> None:
    path = make_zip(tmp_path / "a.zip", photos)
    content = path.read_bytes()
    at = content.find(photos["pets/cats/b.jpg"]) + 200
    path.write_bytes(content[:at] + b"damage" + content[at + 6 :])
    came, refused = opened(path)
    assert came.keys() == {"pets/cats/a.jpg", "pets/dogs/c.jpg"}
    assert refused == {"pets/cats/b.jpg": archives.DAMAGED_ENTRY}


def test_an_archive_that_is_gone_is_told(tmp_path: Path) -> None:
    assert opened(tmp_path / "a.zip") == (
        {},
        {"a.zip": "This file is not there any more: add it again."},
    )


def zip_with_raw_name(path: Path, name: bytes, data: bytes, extra: bytes = b"") -> Path:
    """A zip whose names are bytes of some code page, without the mark of UTF-8."""
    stand_in = "n" * len(name)
    info = zipfile.ZipInfo(f"{stand_in}/a.jpg")
    info.extra = extra
    make_zip(path, {info: data})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), name))
    return path


def test_names_are_read_whatever_system_packed_them(tmp_path: Path, draw: Draw) -> None:
    path = make_zip(tmp_path / "a.zip", {"Kätzchen 🐈/a.jpg": draw()})
    assert opened(path)[0] == {"Kätzchen 🐈/a.jpg": "Kätzchen 🐈"}
    path = zip_with_raw_name(tmp_path / "mac.zip", "Kätzchen".encode(), draw())
    assert opened(path)[0] == {"Kätzchen/a.jpg": "Kätzchen"}


FOREIGN = [
    ("cp437", "Kätzchen|Hunde"), ("cp437", "niño|perro"), ("cp850", "maçã|pêra"),
    ("cp852", "kočka|židle"), ("cp866", "кошки|Собаки"), ("cp1251", "диван|стол"),
    ("cp1252", "Stühle|Äpfel"), ("cp737", "γάτα|σκύλος"), ("cp932", "ソファ|テーブル"),
    ("cp932", "良品|不良品"), ("cp932", "猫|犬"), ("cp936", "沙发|桌子"), ("cp936", "猫|狗"),
    ("cp949", "고양이|강아지"), ("cp949", "의자|책상"), ("cp950", "沙發|桌子"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "names"), FOREIGN)
def test_the_code_page_of_a_country_is_guessed(
    tmp_path: Path, draw: Draw, page: str, names: str
) -> None:
    first, second = names.split("|")
    path = tmp_path / "a.zip"
    raw = [name.encode(page) for name in (first, second)]
    make_zip(path, {f"{'x' * len(raw[0])}/1.jpg": draw(1), f"{'y' * len(raw[1])}/2.jpg": draw(2)})
    content = path.read_bytes().replace(b"x" * len(raw[0]) + b"/", raw[0] + b"/")
    path.write_bytes(content.replace(b"y" * len(raw[1]) + b"/", raw[1] + b"/"))
    came, refused = opened(path)
    assert (list(came.values()), refused) == ([first, second], {})


def test_the_unicode_name_beside_a_foreign_one_is_used(tmp_path: Path, draw: Draw) -> None:
    raw = "猫".encode("cp932")
    body = struct.pack("<BL", 1, zlib.crc32(raw + b"/a.jpg")) + "猫/a.jpg".encode()
    extra = struct.pack("<HH", 0x7075, len(body)) + body
    path = zip_with_raw_name(tmp_path / "a.zip", raw, draw(), extra)
    assert opened(path)[0] == {"猫/a.jpg": "猫"}


def test_an_archive_that_is_never_asked_for_leaves_nothing_open(
    tmp_path: Path, photos: Photos
) -> None:
    batch = from_archive(make_tar(tmp_path / "a.tar.gz", photos, "w:gz"))
    next(batch)
    del batch
    (tmp_path / "a.tar.gz").unlink()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Rar!\x1a\x07\x01\0" + bytes(500), "This is a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(500), "This is a 7-Zip archive"),
        (b"\x28\xb5\x2f\xfd" + bytes(500), "This is a Zstandard archive"),
        (b"<!DOCTYPE html><html><title>Sign in</title>", DOWNLOAD),
        (b"%PDF-1.7" + bytes(500), "This is a PDF document, not an archive"),
        (b"\x1aE\xdf\xa3" + bytes(500), "This is a video, not an archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", "This is a text file, not an archive"),
        (b"PK\x07\x08PK\x03\x04" + bytes(500), SPLIT),
        (
            b"PK\x03\x04" + bytes(500) + struct.pack("<4s4H2LH", b"PK\5\6", 2, 2, 1, 9, 99, 0, 0),
            SPLIT,
        ),
        (b"", EMPTY),
        (gzip.compress(b"no tar" * 200, mtime=0), archives.NO_TAR),
        (bytes(range(256)) * 9, archives.DAMAGED),
    ],
)
def test_what_is_called_an_archive_and_is_none_is_told(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    came, refused = opened(tmp_path / "a.zip")
    assert came == {}
    assert refused["a.zip"].startswith(sentence)


def test_a_photo_called_zip_is_called_a_photo(tmp_path: Path, draw: Draw) -> None:
    (tmp_path / "a.zip").write_bytes(draw())
    assert opened(tmp_path / "a.zip")[1]["a.zip"].startswith("This is a JPEG photo, not an archive")


@pytest.mark.parametrize(("entries", "listed"), [(60_000, 1_000), (3, 200_000_000)])
def test_a_list_of_contents_that_is_too_long_is_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: int, listed: int
) -> None:
    fields = (b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, listed, 4)
    end = struct.pack("<4sQ2H2L4Q", *fields) + struct.pack("<4sLQL", b"PK\6\7", 0, 4, 1)
    end += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (tmp_path / "a.zip").write_bytes(b"PK\3\4" + end)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert opened(tmp_path / "a.zip") == ({}, {"a.zip": too_many(50_000)})


def test_labels_in_an_archive_are_read(tmp_path: Path, draw: Draw, project: Project) -> None:
    table = b"filename, cat, hen\na.jpg, 1, 0\nb.jpg, 0, 1\n"
    files = {"train/a.jpg": draw(1), "train/b.jpg": draw(2), "train/_classes.csv": table}
    for path in (
        make_zip(tmp_path / "a.zip", files),
        make_tar(tmp_path / "a.tar.gz", files, "w:gz"),
    ):
        assert opened(path) == ({"train/a.jpg": "cat", "train/b.jpg": "hen"}, {})
    report = add_photos(project, from_archive(path), class_id=None)
    assert report.sentence.endswith("those of the photos are from _classes.csv.")
    came, refused = opened(make_zip(tmp_path / "b.zip", {"train/a.jpg": b"a", "test/b.jpg": b"b"}))
    assert came == {}
    assert "a part of a data set" in refused["train/a.jpg"]


def test_entries_of_one_name_are_two_photos(tmp_path: Path, draw: Draw, project: Project) -> None:
    path = tmp_path / "a.zip"
    make_zip(path, {"cats/a.jpg": draw(1), "cats/b.jpg": draw(2)})
    path.write_bytes(path.read_bytes().replace(b"cats/b.jpg", b"cats/a.jpg"))
    assert add_photos(project, from_archive(path), class_id=None).added == 2


ROUNDS = [*range(4), *(pytest.param(n, marks=pytest.mark.gate) for n in range(4, 400))]


@pytest.mark.parametrize("seed", ROUNDS)
def test_no_broken_archive_is_more_than_refusals(tmp_path: Path, photos: Photos, seed: int) -> None:
    chance = random.Random(seed)
    files = photos | {"pets/labels.csv": b"file,label\na.jpg,cat\n"}
    match seed % 4:
        case 0:
            path = make_zip(tmp_path / "a.zip", files)
        case 1:
            path = make_zip(tmp_path / "a.zip", files, compression=zipfile.ZIP_DEFLATED)
        case 2:
            path = make_tar(tmp_path / "a.tar", files)
        case _:
            path = make_tar(tmp_path / "a.tgz", files, "w:gz")
    content = bytearray(path.read_bytes())
    headers = [at for at in range(len(content)) if content[at : at + 2] == b"PK"] or [0]
    for _ in range(chance.randrange(1, 12)):
        near = chance.choice(headers) + chance.randrange(60) if chance.random() < 0.7 else 0
        at = min(near or chance.randrange(len(content)), len(content) - 1)
        content[at] = chance.randrange(256)
    if chance.random() < 0.4:
        del content[chance.randrange(len(content)) :]
    path.write_bytes(content)
    items = list(from_archive(path))
    assert {type(item) for item in items} <= {Incoming, Refusal, Note}
