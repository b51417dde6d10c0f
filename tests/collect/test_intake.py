"""Taking a batch of photos into a project."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.formats import WEB_PAGE
from nocode_classifier.collect.intake import (
    NO_CLASS,
    Batch,
    Incoming,
    IntakeReport,
    Refusal,
    add_photos,
)
from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.errors import NotFound, PhotoRefused
from nocode_classifier.predict.refusals import EMPTY
from nocode_classifier.progress import Progress
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from tests.collect.conftest import Draw


def incoming(name: str, data: bytes, class_name: str | None = None) -> Incoming:
    return Incoming(name, partial(bytes, data), class_name, "upload")


def test_photos_are_kept_in_the_order_they_came(project: Project, draw: Draw) -> None:
    cats = project.class_named("cats").id
    names = [f"{number}.jpg" for number in range(12)]
    batch = [incoming(name, draw(seed)) for seed, name in enumerate(names)]
    report = add_photos(project, batch, class_id=cats)
    assert report.added == 12
    assert report.added_by_class == {"cats": 12}
    assert [photo.name for photo in project.photos(cats)] == names


def test_a_kept_photo_is_the_file_as_it_was_given(project: Project, draw: Draw) -> None:
    cats = project.class_named("cats").id
    add_photos(project, [incoming("a.png", draw(form="PNG"))], class_id=cats)
    (photo,) = project.photos()
    assert project.path_of(photo).read_bytes() == draw(form="PNG")
    assert (photo.suffix, photo.width, photo.height, photo.source) == (".png", 64, 48, "upload")
    assert project.thumbnail_of(photo.sha256).read_bytes()[8:12] == b"WEBP"


def test_the_report_counts_and_names_everything(project: Project, draw: Draw) -> None:
    cats = project.class_named("cats").id
    add_photos(project, [incoming("old.jpg", draw(0))], class_id=cats)
    batch = [
        incoming("again.jpg", draw(0)),
        incoming("page.jpg", b"<html>"),
        incoming("new.jpg", draw(1)),
        incoming("twice.jpg", draw(1)),
        incoming("empty.jpg", b""),
    ]
    report = add_photos(project, batch, class_id=cats)
    assert report.refusals == (Refusal("page.jpg", WEB_PAGE), Refusal("empty.jpg", EMPTY))
    assert [repeat.name for repeat in report.repeats] == ["again.jpg", "twice.jpg"]
    assert report.sentence.startswith(
        "Added 1 photo. 2 were already here. 2 could not be used: page.jpg (This is a web page, "
    )
    assert report.sentence.endswith(").")


def test_a_duplicate_says_where_it_is(project: Project, draw: Draw) -> None:
    cats, dogs = (label.id for label in project.classes())
    add_photos(project, [incoming("a.jpg", draw())], class_id=cats)
    assert (
        "in 'cats'" in add_photos(project, [incoming("b", draw())], class_id=dogs).repeats[0].reason
    )
    project.apply([Decision(project.photos()[0].id, state=PhotoState.BINNED)], "Removed 1 photo")
    report = add_photos(project, [incoming("b", draw())], class_id=dogs)
    assert "the bin" in report.repeats[0].reason


def test_a_folder_finds_its_class_whatever_its_spelling(project: Project, draw: Draw) -> None:
    batch = [
        incoming("a", draw(0), "CATS"),
        incoming("b", draw(1), "Café"),
        incoming("c", draw(2), "cafe\u0301"),
    ]
    report = add_photos(project, batch, class_id=None)
    assert report.added_by_class == {"cats": 1, "Café": 2}
    assert [label.name for label in project.classes()] == ["cats", "dogs", "Café"]


def test_a_class_is_made_only_for_a_photo_that_can_be_used(project: Project) -> None:
    add_photos(project, [incoming("notes.txt", b"hello", "texts")], class_id=None)
    assert [label.name for label in project.classes()] == ["cats", "dogs"]


def test_a_photo_without_a_class_says_so_and_the_rest_goes_on(project: Project, draw: Draw) -> None:
    batch = [incoming("a.jpg", draw(0)), incoming("b.jpg", draw(1), "cats")]
    report = add_photos(project, batch, class_id=None)
    assert report.refusals == (Refusal("a.jpg", NO_CLASS),)
    assert report.added == 1


def test_a_class_name_the_project_refuses_costs_only_its_photos(
    project: Project, draw: Draw
) -> None:
    batch = [incoming("a.jpg", draw(0), "\u200d"), incoming("b.jpg", draw(1), "cats")]
    report = add_photos(project, batch, class_id=None)
    assert [refusal.name for refusal in report.refusals] == ["a.jpg"]
    assert report.added == 1


def test_a_source_that_fails_is_a_refusal_like_any_other(project: Project, draw: Draw) -> None:
    def gone() -> bytes:
        raise PhotoRefused("This file is not there any more: add it again.")

    slow = Refusal("b.jpg", "It was too slow.")
    report = add_photos(project, [Incoming("a.jpg", gone, "cats", "link"), slow], class_id=None)
    assert [refusal.name for refusal in report.refusals] == ["a.jpg", "b.jpg"]
    assert report.sentence.startswith("No photos were added. 2 could not be used: a.jpg (")


def test_stop_keeps_what_was_added_and_says_so(project: Project, draw: Draw) -> None:
    cats = project.class_named("cats").id
    batch = [incoming(f"{seed}.jpg", draw(seed)) for seed in range(30)]
    report = add_photos(
        project, batch, class_id=cats, should_stop=lambda: len(project.photos()) >= 5
    )
    assert report.stopped
    assert report.sentence == "Stopped. Added 5 photos before that; they stay."
    assert len(project.photos()) == report.added == 5


def test_only_a_few_photos_are_taken_ahead(project: Project, draw: Draw) -> None:
    taken = []

    def many() -> Iterator[Incoming]:
        for seed in range(500):
            taken.append(seed)
            yield incoming(f"{seed}.jpg", draw(seed))

    cats = project.class_named("cats").id
    add_photos(project, many(), class_id=cats, should_stop=lambda: len(project.photos()) >= 3)
    assert len(taken) < 3 + 4 * (os.cpu_count() or 1)


def test_progress_goes_from_nothing_to_everything(project: Project, draw: Draw) -> None:
    seen: list[Progress] = []
    batch = Batch((incoming(f"{seed}.jpg", draw(seed), "cats") for seed in range(8)), 8)
    add_photos(project, batch, class_id=None, report=seen.append)
    assert {progress.stage for progress in seen} == {"Adding photos"}
    assert (seen[0].done, seen[0].total, seen[0].fraction) == (0, 8, 0.0)
    assert (seen[-1].done, seen[-1].fraction, seen[-1].seconds_left) == (8, 1.0, 0.0)


def test_a_class_that_is_gone_is_told_and_nothing_hangs(project: Project, draw: Draw) -> None:
    with pytest.raises(NotFound):
        add_photos(project, [incoming("a.jpg", draw())] * 50, class_id=999)


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (IntakeReport(0, {}, 0, ()), "No photos were found."),
        (IntakeReport(1, {}, 1, ()), "Added 1 photo. 1 was already here."),
        (
            IntakeReport(1180, {}, 3, (Refusal("a.jpg", "It is empty."),)),
            "Added 1,180 photos. 3 were already here. 1 could not be used: a.jpg (It is empty).",
        ),
        (
            IntakeReport(2, {}, 0, tuple(Refusal(name, "No.") for name in "abcde")),
            "Added 2 photos. 5 could not be used: a (No), b (No), c (No) and 2 more.",
        ),
        (IntakeReport(0, {}, 0, (), stopped=True), "Stopped. No photos were added."),
    ],
)
def test_the_sentence_reads_well(report: IntakeReport, sentence: str) -> None:
    assert report.sentence == sentence


def test_folders_of_classes_and_a_file_beside_them_come_in_together(
    project: Project, class_folder: Path, draw: Draw
) -> None:
    (class_folder / "alone.jpg").write_bytes(draw(9))
    batch = from_folder(class_folder)
    report = add_photos(project, batch, class_id=project.class_named("dogs").id)
    assert report.added_by_class == {"cats": 2, "dogs": 3}


def test_a_photo_that_was_taken_down_is_refused_with_the_day(
    project: Project, draw: Draw, temporary_home: Path
) -> None:
    taken = Library(temporary_home).take_down(
        given="a.jpg", sha256=hashlib.sha256(draw(1)).hexdigest()
    )
    report = add_photos(project, [incoming("a.jpg", draw(1))], class_id=1)
    assert (report.added, report.duplicates) == (0, 0)
    assert f"taken down on {taken.takedown.day}" in report.sentence


def test_what_photos_look_like_is_kept_with_them(project: Project, draw: Draw) -> None:
    add_photos(project, [incoming("a.jpg", draw(1))], class_id=1)
    with project.database.reading() as connection:
        rows = connection.execute("SELECT data FROM likenesses").fetchall()
    assert [row[0] for row in rows] == [check_photo(draw(1), "a.jpg").likeness]


def test_the_same_photos_added_twice_at_once_are_added_once(project: Project, draw: Draw) -> None:
    cats = project.class_named("cats").id
    data = [draw(seed) for seed in range(6)]

    def add(_: int) -> IntakeReport:
        batch = [incoming(f"{number}.jpg", photo) for number, photo in enumerate(data)]
        return add_photos(project, batch, class_id=cats)

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(add, range(2))
    assert (first.added + second.added, first.duplicates + second.duplicates) == (6, 6)
    assert len(project.photos()) == 6
