"""Labels in tables beside the photos, and in the names of files."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from nocode_classifier.collect.label_tables import labels_in, labels_in_names
from nocode_classifier.collect.sorting import Sorting, sort_files

CSV = "filename,label\na.jpg,cat\nb.jpg,dog\n"
COCO = {
    "images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}],
    "categories": [{"id": 0, "name": "pets"}, {"id": 7, "name": "cat"}, {"id": 8, "name": "dog"}],
    "annotations": [{"image_id": 1, "category_id": 7}, {"image_id": 2, "category_id": 8}],
}


def sort(files: Mapping[str, str | bytes], *known: str, chosen: bool = False) -> Sorting:
    contents = {
        PurePosixPath(name): data.encode() if isinstance(data, str) else data
        for name, data in files.items()
    }
    return sort_files(contents, contents.__getitem__, known, chosen=chosen)


def classes(files: Mapping[str, str | bytes]) -> list[str | None]:
    return [name for path, name in sort(files).classes.items() if path.suffix == ".jpg"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("_classes.csv", "filename, cat, dog\na.jpg, 1, 0\nb.jpg, 0, 1\n"),
        ("labels.csv", CSV),
        ("labels.csv", "\ufeff" + CSV.replace(",", ";").replace("\n", "\r\n")),
        ("labels.tsv", "label\timage\ncat\ta.jpg\ndog\tb.jpg\n"),
        ("labels.csv", "id,breed\na,cat\nb,dog\n"),
        ("list.csv", "a.jpg,cat\nb.jpg,dog\n"),
        ("train.csv", 'Image Name,width,Class\n"A.JPG",640,"cat"\n"b.jpg",640,"dog"\n'),
        ("_annotations.coco.json", json.dumps(COCO)),
        ("labels.csv", "/kaggle/input/train/a.jpg,cat\n.\\train\\b.jpg,dog"),
    ],
)
@pytest.mark.parametrize("folder", ["", "train/", "export/train/"])
def test_the_usual_tables_are_read(name: str, table: str, folder: str) -> None:
    photos = {f"{folder}a.jpg": b"", f"{folder}b.jpg": b""}
    assert classes({**photos, f"{folder}{name}": table}) == ["cat", "dog"]
    assert classes({**photos, name: table}) == ["cat", "dog"]


def test_the_parts_of_an_export_are_read_together_with_a_table_each() -> None:
    table = "filename, boxes, balls\n1.jpg, 1, 0\n2.jpg, 0, 1\n"
    files: dict[str, str | bytes] = {}
    for part in ("train", "valid", "test"):
        files |= {f"{part}/1.jpg": b"", f"{part}/2.jpg": b"", f"{part}/_classes.csv": table}
    assert classes(files) == ["boxes", "balls"] * 3
    assert sort(files).notes == (
        "The folders name no classes; those of the photos are from _classes.csv.",
    )


def test_parts_of_a_data_set_without_labels_are_refused_and_say_what_they_are() -> None:
    found = sort({"train/1.jpg": b"", "valid/2.jpg": b"", "data.yaml": b"nc: 2"})
    assert set(found.classes.values()) == {None}
    assert "lies in 'train', a part of a data set" in found.reasons[PurePosixPath("train/1.jpg")]


def test_what_a_table_leaves_open_is_told() -> None:
    table = "file,class\na.jpg,cat\nb.jpg,cat\nb.jpg,dog\nc.jpg,\ngone.jpg,dog\ne.jpg,Cat\n"
    photos = [PurePosixPath(f"{name}.jpg") for name in "abcde"]
    found = labels_in(photos, [(PurePosixPath("labels.csv"), table.encode())])
    assert found.classes == {photos[0]: "cat", photos[4]: "Cat"}
    assert "calls it 'cat' and 'dog'" in found.reasons[photos[1]]
    assert "gives it no class" in found.reasons[photos[2]] == found.reasons[photos[3]]
    assert found.troubles == ["1 line names no photo that is here: labels.csv."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "utf-8-sig"])
def test_a_table_is_read_whatever_program_wrote_it(encoding: str) -> None:
    files = {
        "Äpfel.jpg": b"",
        "b.jpg": b"",
        "labels.csv": "f,l\nÄpfel.jpg,Äpfel\nb.jpg,Nüsse".encode(encoding),
    }
    assert classes(files) == ["Äpfel", "Nüsse"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("labels.csv", ""),
        ("labels.csv", "time,volt,ampere\n1,2,3\n"),
        ("labels.csv", "id,label\nx.jpg,0\n"),
        ("labels.csv", "a\0b"),
        ("labels.csv", '"' + "x" * 200_000),
        ("annotations.json", "[" * 100_000),
        ("annotations.json", '{"images": 3}'),
        ("sample_submission.csv", "id,label\na,0\nb,0\n"),
    ],
)
def test_what_is_no_table_of_labels_labels_nothing(name: str, table: str) -> None:
    assert classes({"a.jpg": b"", "b.jpg": b"", name: table}) == [None, None]


def test_folders_that_name_classes_are_believed_before_any_table() -> None:
    assert classes(
        {"cat/a.jpg": b"", "dog/b.jpg": b"", "labels.csv": CSV.replace("cat", "hen")}
    ) == ["cat", "dog"]
    assert classes({"images/a.jpg": b"", "images/b.jpg": b"", "labels.csv": CSV}) == ["cat", "dog"]


def test_files_called_after_what_they_show_are_sorted() -> None:
    names = [f"{name}.{number}.jpg" for name in ("cat", "dog") for number in range(3)]
    assert classes({f"train/{name}": b"" for name in names}) == ["cat"] * 3 + ["dog"] * 3
    assert classes(dict.fromkeys(names, b"")) == ["cat"] * 3 + ["dog"] * 3
    assert set(sort(dict.fromkeys(names, b""), chosen=True).classes.values()) == {None}
    known = sort(dict.fromkeys(names, b""), "Dog", chosen=True)
    assert set(known.classes.values()) == {"cat", "dog"}
    assert not labels_in_names([PurePosixPath(f"IMG_{number}.jpg") for number in range(9)]).classes
    assert not labels_in_names([PurePosixPath(f"img.{number}.jpg") for number in range(9)]).classes


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.gate) for n in range(3, 400))]
)
def test_no_broken_table_is_more_than_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    photos = {"train/a.jpg": b"", "train/b.jpg": b"", "valid/é.jpg": b""}
    tables = {"train/labels.csv": CSV.encode(), "a.tsv": CSV.replace(",", "\t").encode("utf-16")}
    tables["valid/_annotations.coco.json"] = json.dumps(COCO).encode()
    for name, data in tables.items():
        damaged = bytearray(data)
        for _ in range(chance.randrange(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'",;\n\t\0{}[]01\xff\x83ab')
        tables[name] = bytes(damaged[: chance.randrange(len(damaged) + 1)])
    found = sort(photos | tables)
    assert found.classes.keys() == {PurePosixPath(name) for name in photos | tables}
    assert not found.classes.keys() & found.tables - {PurePosixPath(name) for name in tables}
