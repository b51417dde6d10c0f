from __future__ import annotations

from collections.abc import Callable

import pytest

from nocode_classifier.errors import Cancelled
from nocode_classifier.project.near_copies.index import known_likenesses
from nocode_classifier.project.near_copies.likeness import (
    LIKENESS_BYTES,
    is_likeness,
    is_near_copy,
    likeness_of_file,
)
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState


def stored(project: Project) -> int:
    with project.database.reading() as connection:
        return int(connection.execute("SELECT COUNT(*) FROM likenesses").fetchone()[0])


def test_photos_from_before_there_were_likenesses_get_theirs_once(pets: Project) -> None:
    pets.apply([Decision(1, state=PhotoState.BINNED)], "Removed 1 photo")
    before = pets.revision()
    known = known_likenesses(pets.database)
    assert [each.photo_id for each in known] == [1, 2, 3, 4, 5, 6]
    assert [each.class_id for each in known] == [1, 2] * 3
    assert (known[0].state, known[1].state) == (PhotoState.BINNED, PhotoState.KEPT)
    for each in known:
        thumbnail = pets.thumbnail_of(each.sha256).read_bytes()
        assert is_near_copy(each.likeness, likeness_of_file(thumbnail))
    assert (stored(pets), pets.revision()) == (6, before)
    assert known_likenesses(pets.database) == known


def test_the_likeness_from_the_door_is_kept_and_one_of_an_older_form_made_anew(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    mark = (bytes(range(256)) * 8)[:LIKENESS_BYTES]
    project.add_photo(new_photo(1, likeness=mark), 1)
    project.add_photo(new_photo(2, likeness=b"older"), 1)
    first, second = known_likenesses(project.database)
    assert is_likeness(mark)
    assert first.likeness == mark
    assert is_likeness(second.likeness)


def test_a_photo_whose_file_is_lost_is_listed_without_a_likeness(pets: Project) -> None:
    lost = pets.photos()[2]
    pets.path_of(lost).unlink()
    pets.thumbnail_of(lost.sha256).unlink()
    assert [bool(each.likeness) for each in known_likenesses(pets.database)] == [
        True,
        True,
        False,
    ] + [True] * 3


def test_stop_is_heard_before_likenesses_are_made(pets: Project) -> None:
    with pytest.raises(Cancelled):
        known_likenesses(pets.database, should_stop=lambda: True)
    assert stored(pets) == 0
