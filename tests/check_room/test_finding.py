"""Looking for what is wrong with a project, on drawn photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nocode_classifier.check.finding import find
from nocode_classifier.check.findings import is_current, stored_findings
from nocode_classifier.check.suspects import Suspicion
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.backbones.prepare import extractor_key
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from tests.drawing import draw_folder
from tests.learning import NewShapes


@pytest.fixture
def trained(temporary_home: Path, new_shapes: NewShapes) -> Project:
    """Circles and stripes, twenty of each, with a model."""
    return new_shapes(Library(temporary_home), "Shapes")


def draw_twins(folder: Path) -> None:
    """One picture of coloured spots as a circle and, smaller and compressed, as stripes."""
    spots = np.random.default_rng(5).integers(0, 255, (6, 8, 3), np.uint8)
    picture = Image.fromarray(spots).resize((400, 300), Image.Resampling.BICUBIC)
    for name in ("circle", "stripes"):
        (folder / name).mkdir(parents=True)
    picture.save(folder / "circle" / "spots.png")
    picture.resize((200, 150)).save(folder / "stripes" / "spots.jpg", quality=60)


def test_the_same_photo_in_two_classes_is_found_with_its_twin(
    trained: Project, tmp_path: Path, backbone_cache: Path
) -> None:
    draw_twins(tmp_path / "more")
    before = {photo.sha256 for photo in trained.photos()}
    add_photos(trained, from_folder(tmp_path / "more"), class_id=None)
    one, other = {photo.sha256 for photo in trained.photos()} - before
    found = find(trained, backbone_cache)
    twins = {s.sha256: s.twin for s in found.suspects if s.kind is Suspicion.DUPLICATE and s.across}
    assert twins == {one: other, other: one}


def test_what_was_found_is_kept_until_photos_or_the_model_are_others(
    trained: Project, backbone_cache: Path
) -> None:
    assert not is_current(trained)
    assert stored_findings(trained) is None
    found = find(trained, backbone_cache)
    assert is_current(trained)
    assert stored_findings(trained) == found
    assert found.curve is not None
    photo = trained.photos()[0]
    trained.apply([Decision(photo.id, state=PhotoState.BINNED)], "Removed 1 photo")
    assert not is_current(trained)
    trained.undo()
    assert is_current(trained)


def test_classes_are_called_as_they_are_today(trained: Project, backbone_cache: Path) -> None:
    find(trained, backbone_cache)
    label = trained.classes()[0]
    trained.rename_class(label.id, "round things")
    kept = stored_findings(trained)
    assert kept is not None
    assert {s.class_name for s in kept.suspects} <= {one.name for one in trained.classes()}


def test_photos_are_looked_through_before_the_first_training(
    temporary_home: Path, tmp_path: Path, backbone_cache: Path
) -> None:
    project = Library(temporary_home).create("Untrained")
    folder = draw_folder(tmp_path / "photos", {"circle": 6, "stripes": 6})
    Image.new("RGB", (320, 240), (3, 3, 3)).save(folder / "circle" / "dark.png")
    add_photos(project, from_folder(folder), class_id=None)
    found = find(project, backbone_cache)
    assert found.curve is None
    dark = [suspect for suspect in found.suspects if suspect.kind is Suspicion.DARK]
    assert [suspect.class_name for suspect in dark] == ["circle"]


@pytest.mark.parametrize("photos", [0, 1])
def test_a_project_with_hardly_a_photo_breaks_nothing(
    temporary_home: Path, tmp_path: Path, backbone_cache: Path, photos: int
) -> None:
    project = Library(temporary_home).create("Empty", ["circle", "stripes"])
    if photos:
        folder = draw_folder(tmp_path / "photos", {"circle": photos})
        add_photos(project, from_folder(folder), class_id=None)
    found = find(project, backbone_cache)
    assert (found.curve, found.noticed) == (None, ())
    assert is_current(project)


def test_a_lost_photo_file_keeps_nothing_else_from_being_found(
    trained: Project, backbone_cache: Path
) -> None:
    photo = trained.photos()[0]
    trained.path_of(photo).unlink()
    assert find(trained, backbone_cache).curve is not None


def test_a_photo_damaged_before_it_was_looked_at_is_named_and_the_others_are_looked_through(
    trained: Project, tmp_path: Path, backbone_cache: Path
) -> None:
    folder = draw_folder(tmp_path / "more", {"circle": 2}, first_seed=90)
    before = {photo.id for photo in trained.photos()}
    add_photos(trained, from_folder(folder), class_id=None)
    damaged, whole = (photo for photo in trained.photos() if photo.id not in before)
    trained.path_of(damaged).write_bytes(trained.path_of(damaged).read_bytes()[:500])
    suspects = find(trained, backbone_cache).suspects
    named = [(each.sha256, each.class_name) for each in suspects if each.kind == "unreadable"]
    assert named == [(damaged.sha256, "circle")]
    assert is_current(trained)
    assert trained.load_features(extractor_key(DEFAULT), [whole.sha256])


@pytest.mark.parametrize("photos", [1, 2])
def test_where_no_photo_can_be_read_all_are_named(
    temporary_home: Path, tmp_path: Path, backbone_cache: Path, photos: int
) -> None:
    project = Library(temporary_home).create("Damaged")
    add_photos(project, from_folder(draw_folder(tmp_path, {"circle": photos})), class_id=None)
    for photo in project.photos():
        project.path_of(photo).write_bytes(b"damaged")
    found = find(project, backbone_cache)
    assert [each.kind for each in found.suspects] == [Suspicion.UNREADABLE] * photos
    assert stored_findings(project) == found


def test_stop_is_heard_and_nothing_is_kept(trained: Project, backbone_cache: Path) -> None:
    with pytest.raises(Cancelled):
        find(trained, backbone_cache, should_stop=lambda: True)
    assert stored_findings(trained) is None
