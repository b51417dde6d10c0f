"""Thousands of photos: what the page asks all the time must stay quick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from nocode_classifier.project.library import Library
from nocode_classifier.project.photos import insert_photo
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def fill(project: Project, number: int) -> None:
    """Rows alone: no operation measured here looks at the files."""
    with project.database.writing() as connection:
        for count in range(number):
            new = NewPhoto(b"", f"{count:064x}", ".jpg", 8, 8, "0" * 16, b"", "a.jpg", "upload")
            insert_photo(connection, new, 1 + count % 2)


def test_ten_thousand_photos_are_counted_paged_moved_and_undone_quickly(project: Project) -> None:
    fill(project, 10_000)
    assert seconds(project.counts) < 0.1
    assert seconds(lambda: project.photos(1, offset=4_900, limit=60)) < 0.1
    assert seconds(project.photos) < 1
    assert seconds(project.fingerprint) < 0.5
    plan = [Decision(number, state=PhotoState.BINNED) for number in range(1, 5_001)]
    assert seconds(lambda: project.apply(plan, "Removed 5000 photos")) < 2
    assert sum(project.counts().values()) == 5_000
    assert seconds(project.undo) < 1
    assert sum(project.counts().values()) == 10_000
    assert seconds(project.revision) < 0.05


def test_the_list_of_many_projects_is_quick(library: Library) -> None:
    for number in range(30):
        fill(library.create(f"Project {number}", ["a", "b"]), 100)
    assert seconds(library.projects) < 0.5


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
