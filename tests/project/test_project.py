from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest

from nocode_classifier.errors import InputError, NotFound, PhotoRefused, Unavailable
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import (
    Decision,
    JobRecord,
    NewPhoto,
    NewSearchResult,
    PhotoState,
)


def test_classes_keep_their_order_colour_and_number(project: Project) -> None:
    birds = project.add_class("  birds ")
    project.rename_class(project.class_named("CATS").id, "felines")
    assert [label.name for label in project.classes()] == ["felines", "dogs", "birds"]
    assert [label.colour for label in project.classes()] == [0, 1, 2]
    assert birds == project.class_named("Birds")


def test_a_new_class_takes_the_lowest_free_colour(project: Project) -> None:
    project.remove_class(project.class_named("cats").id)
    assert project.add_class("birds").colour == 0
    assert project.add_class("fish").colour == 2


def test_two_classes_cannot_have_the_same_name_in_another_case_or_unicode_form(
    project: Project,
) -> None:
    project.add_class("Caf\u00e9")
    with pytest.raises(InputError, match="already a class 'Caf\u00e9'"):
        project.add_class("CAFE\u0301")
    with pytest.raises(InputError, match="already"):
        project.rename_class(project.class_named("dogs").id, "Cats")
    project.rename_class(project.class_named("cats").id, "Cats")  # its own name in another case


@pytest.mark.parametrize(
    "name", ["🐈‍⬛ 黒猫", "a/b\\c:*?", "CON", "x" * 255, "'; DROP TABLE classes"]
)
def test_odd_names_are_fine(project: Project, name: str) -> None:
    assert project.add_class(name).name == name
    assert project.class_named(name).name == name


@pytest.mark.parametrize(
    "name", ["", "  \t ", "x" * 256, "a\nb", "a\x00b", "\ud800", "\u202egod", "\u200b"]
)
def test_unusable_names_are_refused_with_a_sentence(project: Project, name: str) -> None:
    with pytest.raises(InputError, match=r"[A-Z].*\.$"):
        project.add_class(name)


def test_a_snapshot_shows_one_moment_and_takes_no_changes(project: Project) -> None:
    other = Project(project.folder)
    with project.snapshot():
        assert project.name == "Pets"
        other.rename("Beasts")
        other.search_results.remember(1, [NewSearchResult("https://e.org/1.jpg", "flickr", "cat")])
        with project.snapshot():
            assert project.name == "Pets"
        assert project.search_results.tallies()[1].found == 0
        assert other.name == "Beasts"
        with pytest.raises(RuntimeError):
            project.rename("Zoo")
    assert project.name == "Beasts"
    assert project.search_results.tallies()[1].found == 1


def test_hints_are_kept_and_empty_ones_left_out(project: Project) -> None:
    cats = project.class_named("cats")
    project.set_hints(cats.id, [" Says meow. ", "", "  "])
    assert project.class_named("cats").hints == ("Says meow.",)
    with pytest.raises(InputError, match="hints"):
        project.set_hints(cats.id, ["x"] * 51)


def test_a_photo_is_kept_byte_for_byte(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    new, cats = new_photo(1, name="Mia \ud800.jpg", burst="b1"), project.class_named("cats")
    photo = project.add_photo(new, cats.id)
    assert project.path_of(photo).read_bytes() == new.data
    assert project.thumbnail_of(photo.sha256).read_bytes() == new.thumbnail
    assert project.photo(photo.id) == photo == project.photos(cats.id)[0]
    assert (photo.class_id, photo.state, photo.burst) == (cats.id, PhotoState.KEPT, "b1")


def test_the_same_bytes_are_refused_and_the_sentence_says_where_they_are(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    cats, dogs = (label.id for label in project.classes())
    photo = project.add_photo(new_photo(1), cats)
    with pytest.raises(PhotoRefused, match="already in 'cats'"):
        project.add_photo(new_photo(1), dogs)
    project.apply([Decision(photo.id, state=PhotoState.BINNED)], "Removed 1 photo")
    with pytest.raises(PhotoRefused, match="in the bin"):
        project.add_photo(new_photo(1), dogs)


def test_a_lost_thumbnail_is_made_again(pets: Project) -> None:
    photo = pets.photos()[0]
    pets.thumbnail_of(photo.sha256).unlink()
    assert pets.thumbnail_of(photo.sha256).read_bytes()[8:12] == b"WEBP"
    with pytest.raises(NotFound):
        pets.thumbnail_of("0" * 64)
    with pytest.raises(NotFound):
        pets.thumbnail_of("../../project.sqlite3")


def test_photos_come_in_pages_in_the_order_of_adding(pets: Project) -> None:
    cats = pets.class_named("cats").id
    names = [photo.name for photo in pets.photos()]
    assert names == [f"photo {seed}.jpg" for seed in range(6)]
    assert [photo.name for photo in pets.photos(offset=2, limit=2)] == names[2:4]
    assert [photo.name for photo in pets.photos(cats, limit=2)] == [names[0], names[2]]
    assert list(pets.counts().values()) == [3, 3]
    assert list(pets.counts(PhotoState.BINNED).values()) == [0, 0]
    assert [name for _, name in pets.training_set().photos] == ["cats", "dogs"] * 3


def test_two_openings_of_a_project_see_each_others_changes(library: Library, pets: Project) -> None:
    other = library.open(pets.id)
    before = other.revision()
    pets.add_class("birds")
    assert other.revision() > before
    assert other.class_named("birds")
    seen = pets.revision()
    other.save_features("net", {"a" * 64: b"1"})
    assert pets.revision() == seen


def test_features_are_cached_by_backbone_and_hash(project: Project) -> None:
    project.save_features("lite0", {"a": b"1", "b": b"2"})
    project.save_features("lite0", {"b": b"3"})
    assert project.load_features("lite0", ["b", "a", "c"]) == {"a": b"1", "b": b"3"}
    assert project.load_features("lite2", ["a"]) == {}


def test_the_last_job_is_remembered_and_progress_alone_is_no_change(project: Project) -> None:
    assert project.last_job() is None
    record = JobRecord("train", "running", "Looking", 0.25, "", datetime.now(UTC))
    project.save_job(record)
    seen = project.revision()
    project.save_job(JobRecord("train", "running", "Looking", 0.5, "", datetime.now(UTC)))
    assert project.revision() == seen
    done = JobRecord("train", "done", "", 1.0, "94 % right.", datetime.now(UTC))
    project.save_job(done)
    assert project.revision() > seen
    assert project.last_job() == done


def test_a_project_of_a_newer_version_says_so(library: Library, project: Project) -> None:
    with closing(sqlite3.connect(project.database.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(Unavailable, match="newer version"):
        library.open(project.id)


def test_a_deleted_project_does_not_come_back_as_an_empty_one(
    library: Library, project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    cats = project.class_named("cats").id
    library.bin(project.id)
    for use in (project.classes, project.revision, lambda: project.add_photo(new_photo(), cats)):
        with pytest.raises(NotFound, match="not there any more"):
            use()
    assert library.projects() == []
