from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from nocode_classifier.project.library import Library
from nocode_classifier.project.records import Decision, HeldOutAnswer, PhotoState
from nocode_classifier.project.store.migrations import MIGRATIONS
from tests.small_models import write_model


def make_first_version(folder: Path) -> None:
    """A project as the first version of the app left it, with one photo."""
    (folder / "photos").mkdir(parents=True)
    (folder / "thumbnails").mkdir()
    (folder / "models").mkdir()
    with closing(sqlite3.connect(folder / "project.sqlite3")) as connection, connection:
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 1")
        moment = "2026-01-01T00:00:00+00:00"
        connection.execute(
            "INSERT INTO project (id, name, created_at, modified_at, tidied_at)"
            " VALUES (1, 'Pets', ?, ?, ?)",
            (moment, moment, moment),
        )
        connection.execute(
            "INSERT INTO classes (name, key, colour, position) VALUES ('cats', 'cats', 0, 1)"
        )
        connection.execute(
            "INSERT INTO photos (class_id, sha256, suffix, width, height, size, perceptual_hash,"
            " name, source, address, added_at)"
            " VALUES (1, ?, '.jpg', 8, 8, 9, ?, 'a', 'link', ?, ?)",
            ("a" * 64, "0" * 16, "https://example.org/a.jpg", moment),
        )


def test_a_project_of_the_first_version_opens_and_takes_finds(library: Library) -> None:
    make_first_version(library.home / "projects" / "old1")
    project = library.open("old1")
    project.search_results.save_place(1, "openverse", "cat", "any", "2")
    (photo,) = project.photos()
    assert (photo.address, photo.title, photo.taken_down) == (
        "https://example.org/a.jpg",
        None,
        None,
    )
    assert project.search_results.search_settings(1).count == 100


def test_a_project_of_the_version_before_has_nothing_confirmed_and_answers_as_they_were(
    library: Library,
) -> None:
    folder = library.home / "projects" / "old1"
    make_first_version(folder)
    with closing(sqlite3.connect(folder / "project.sqlite3")) as connection, connection:
        for statement in (*MIGRATIONS[1], *MIGRATIONS[2]):
            connection.execute(statement)
        connection.execute("PRAGMA user_version = 3")
        connection.execute("INSERT INTO steps VALUES (1, 'Moved 1 photo', '')")
        connection.execute("INSERT INTO step_photos VALUES (1, 1, 1, 'binned')")
        connection.execute("INSERT INTO models VALUES (1, 'one', '', '', 1)")
        connection.execute(
            "INSERT INTO held_out VALUES (1, 0, ?, 'cats', 'dogs', 0.5)", ("a" * 64,)
        )
    (folder / "models" / "one").mkdir()
    write_model(folder / "models" / "one")
    project = library.open("old1")
    project.rename_class(1, "felines")
    assert project.models.held_out() == [HeldOutAnswer("a" * 64, "cats", "dogs", 0.5)]
    assert (project.models.caution(), project.load_quality(1)) == (None, {})
    project.apply([Decision(1, confirmed=True)], "x")
    assert project.photo(1).is_confirmed
    project.undo()
    project.undo()
    assert (project.photo(1).confirmed, project.photo(1).state) == (None, PhotoState.BINNED)
