"""Project files that were changed in whatever way: taken in, or refused in a sentence."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.errors import AppError
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.project.archive.test_archive import packed, unpacked
from tests.small_models import adopt_model

WRONG: Any = (None, True, -1, 1e308, "", "\ud800", "x" * 5000, [], {}, [[]], {"a": {"b": None}})


@pytest.fixture
def exported(library: Library, pets: Project, tmp_path: Path) -> Path:
    adopt_model(pets)
    pets.save_features("lite0", {photo.sha256: b"features" for photo in pets.photos()})
    return library.export(pets.id, tmp_path / "pets.nocode")


def take_in(file: Path, home: Path) -> bool:
    """Whether it was taken in; nothing but a sentence may come of it else."""
    library = Library(home)
    try:
        project = library.import_file(file)
    except AppError:
        return False
    assert project.info().problem is None
    project.models.runs()
    library.bin(project.id)
    library.empty_bin()
    return True


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all values inside."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield (*way, key)
        yield from places(inner, (*way, key))


def with_wrong(value: Any, way: tuple[Any, ...], wrong: object) -> bytes:
    whole = inner = json.loads(json.dumps(value))
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = wrong
    return json.dumps(whole).encode()


def wrong_files(exported: Path, place: Path, every: int) -> Iterator[Path]:
    entries = unpacked(exported)
    for name in ("manifest.json", "project.json", "model/card.json"):
        value = json.loads(entries[name])
        cases = [(way, wrong) for way in places(value) for wrong in WRONG]
        for way, wrong in cases[::every]:
            changed = entries | {name: with_wrong(value, way, wrong)}
            yield packed(place, changed, honest=name != "manifest.json")


def damaged_files(exported: Path, place: Path, count: int) -> Iterator[Path]:
    whole, chance = exported.read_bytes(), random.Random(7)
    for _ in range(count):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 1, 8, 100))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        place.write_bytes(
            bytes(data) if chance.random() < 0.7 else data[: chance.randrange(len(data))]
        )
        yield place


def test_a_project_file_changed_at_some_places_is_taken_in_or_refused(
    exported: Path, tmp_path: Path
) -> None:
    place, home = tmp_path / "changed.nocode", tmp_path / "other"
    assert take_in(exported, home)
    taken = [take_in(file, home) for file in wrong_files(exported, place, 149)]
    taken += [take_in(file, home) for file in damaged_files(exported, place, 10)]
    assert not all(taken)


@pytest.mark.gate
def test_a_project_file_changed_anywhere_is_taken_in_or_refused(
    exported: Path, tmp_path: Path
) -> None:
    place, home = tmp_path / "changed.nocode", tmp_path / "other"
    taken = [take_in(file, home) for file in wrong_files(exported, place, 1)]
    taken += [take_in(file, home) for file in damaged_files(exported, place, 1000)]
    assert not all(taken)
