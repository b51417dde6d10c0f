"""What was measured and found out is kept beside a project's photos."""

from __future__ import annotations

from collections.abc import Callable

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, PhotoState


def test_what_comes_in_measured_is_kept_with_its_version(
    pets: Project, new_photo: Callable[..., NewPhoto]
) -> None:
    measured = {"sharpness": 0.5, "darkness": 0.125}
    photo = pets.add_photo(new_photo(9, quality=measured, quality_version=2), 1)
    assert pets.load_quality(2) == {photo.id: measured}
    assert pets.load_quality(1) == {}


def test_photos_from_before_are_measured_later_and_binned_ones_stay_measured(
    pets: Project,
) -> None:
    before = pets.revision()
    pets.save_quality(1, {1: {"sharpness": 0.5}, 2: {"sharpness": 0.25}})
    pets.save_quality(2, {1: {"sharpness": 0.75}})
    pets.save_quality(2, {})
    assert pets.revision() == before
    pets.apply([Decision(1, state=PhotoState.BINNED)], "x")
    assert pets.load_quality(2) == {1: {"sharpness": 0.75}}
    assert pets.load_quality(1) == {2: {"sharpness": 0.25}}


def test_findings_are_kept_by_name_until_the_next(library: Library, pets: Project) -> None:
    assert pets.load_findings("suspicious") is None
    pets.save_findings("suspicious", "abc", {"odd": ["ä" * 64], "share": 0.5})
    pets.save_findings("advice", "def", [])
    assert pets.load_findings("suspicious") == ("abc", {"odd": ["ä" * 64], "share": 0.5})
    pets.save_findings("suspicious", "ghi", None)
    assert pets.load_findings("suspicious") == ("ghi", None)
    assert library.duplicate(pets.id).load_findings("advice") == ("def", [])
