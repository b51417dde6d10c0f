from __future__ import annotations

from functools import partial

import pytest

from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.collect.photo_qualities import photo_qualities
from nocode_classifier.collect.photo_quality import VERSION
from nocode_classifier.errors import Cancelled
from nocode_classifier.progress import Progress
from nocode_classifier.project.project import Project
from tests.collect.conftest import Draw


@pytest.fixture
def cats(project: Project, draw: Draw) -> Project:
    batch = [Incoming(f"{n}.jpg", partial(draw, n), None, "upload") for n in range(5)]
    add_photos(project, batch, class_id=project.class_named("cats").id)
    return project


def forget(project: Project) -> None:
    """As if all photos came from before anything was measured."""
    with project.database.writing() as connection:
        connection.execute("DELETE FROM photo_quality")


def test_a_photo_is_measured_when_it_comes_in(cats: Project) -> None:
    assert cats.load_quality(VERSION).keys() == {1, 2, 3, 4, 5}
    reports: list[Progress] = []
    assert photo_qualities(cats, report=reports.append)[1].width == 64
    assert reports == []


def test_photos_from_before_are_measured_once_and_alike(cats: Project) -> None:
    before = photo_qualities(cats)
    forget(cats)
    reports: list[Progress] = []
    assert photo_qualities(cats, report=reports.append) == before
    assert [(each.done, each.total) for each in reports] == [(5, 5)]
    assert photo_qualities(cats, report=reports.append) == before
    assert len(reports) == 1


def test_a_photo_whose_file_is_lost_or_damaged_is_left_out(cats: Project) -> None:
    forget(cats)
    lost, damaged, *_ = cats.photos()
    cats.path_of(lost).unlink()
    cats.path_of(damaged).write_bytes(b"nothing")
    assert photo_qualities(cats).keys() == {3, 4, 5}


def test_stopping_is_heard(cats: Project) -> None:
    forget(cats)
    with pytest.raises(Cancelled):
        photo_qualities(cats, should_stop=lambda: True)


def test_an_empty_project_has_nothing_to_measure(project: Project) -> None:
    assert photo_qualities(project) == {}
