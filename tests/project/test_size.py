"""Thousands of photos, and several threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState
from nocode_classifier.project.tables.photos import insert_photo, page_of_photos


def fill(project: Project, number: int) -> None:
    """Rows alone: no operation measured here looks at the files."""
    with project.database.writing() as connection:
        for count in range(number):
            new = NewPhoto(b"", f"{count:064x}", ".jpg", 8, 8, "0" * 16, b"", "a.jpg", "upload")
            insert_photo(connection, new, 1 + count % 2)


def test_ten_thousand_photos_are_counted_paged_moved_and_undone(project: Project) -> None:
    fill(project, 10_000)
    assert list(project.counts().values()) == [5_000, 5_000]
    assert len(project.photos(1, offset=4_990, limit=60)) == 10
    plan = [Decision(number, state=PhotoState.BINNED) for number in range(1, 5_001)]
    project.apply(plan, "Removed 5000 photos")
    assert sum(project.counts().values()) == 5_000
    project.undo()
    assert sum(project.counts().values()) == 10_000


def test_a_page_of_photos_is_found_by_an_index_not_by_reading_all(project: Project) -> None:
    statements: list[str] = []
    with project.database.reading() as connection:
        connection.set_trace_callback(statements.append)
        page_of_photos(connection, 1, PhotoState.KEPT, 0, 60)
        connection.set_trace_callback(None)
        plan = [
            str(row["detail"])
            for statement in statements
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]
    assert plan
    assert all("USING" in step and "INDEX" in step for step in plan if "photos" in step)


def test_threads_write_to_one_project_at_once(
    project: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    photos = [new_photo(seed) for seed in range(30)]

    def add(start: int) -> None:
        with project.held_open():
            for photo in photos[start::3]:
                project.add_photo(photo, 1)
                project.photos()

    threads = [threading.Thread(target=add, args=(start,)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {photo.sha256 for photo in project.photos()} == {photo.sha256 for photo in photos}
