"""A trained project whose photos come in every shape that gives exports trouble."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.subjects import subject_of
from tests.drawing import draw_folder, draw_image

PLACE = "Mauritius"


def sideways(seed: int) -> bytes:
    """A big JPEG lying on its side, that says who took it."""
    image = draw_image("stripes", seed, (1300, 1000)).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def saved(seed: int, kind: str, mode: str) -> bytes:
    out = BytesIO()
    draw_image("circle", seed, (500, 400)).convert(mode).save(out, kind)
    return out.getvalue()


@pytest.fixture(scope="session")
def shapes_project(tmp_path_factory: pytest.TempPathFactory, backbone_cache: Path) -> Project:
    """Circles and stripes: drawn JPEGs, two lying on their sides, a TIFF, PNGs; trained."""
    home = tmp_path_factory.mktemp("exported") / "home"
    project = Library(home).create("Round / straight", ["circle", "stripes"])
    project.set_hints(project.class_named("circle").id, ["It rolls."])
    folder = draw_folder(home.parent / "photos", {"circle": 8, "stripes": 8})
    odd = [("tall.jpg", sideways(70), "stripes"), ("tall.jpg", sideways(71), "stripes")]
    odd += [("scan.tif", saved(72, "TIFF", "RGB"), "circle")]
    odd += [("see-through.png", saved(73, "PNG", "RGBA"), "circle")]
    odd += [("grey.png", saved(74, "PNG", "L"), "circle")]
    incoming = [
        Incoming(name, partial(bytes, data), class_name, "upload") for name, data, class_name in odd
    ]
    add_photos(project, [*from_folder(folder), *incoming], class_id=None)
    train_project(project, backbone_cache)
    return project


@pytest.fixture
def subject(shapes_project: Project) -> Subject:
    return subject_of(shapes_project)


@pytest.fixture
def bare(subject: Subject) -> Subject:
    """The model alone, without a photo or a project."""
    return replace(subject, photos=(), project=None)


@pytest.fixture
def untrained(tmp_path: Path) -> Subject:
    project = Library(tmp_path / "other").create("New", ["circle", "stripes"])
    add_photos(project, from_folder(draw_folder(tmp_path / "p", {"circle": 2})), class_id=None)
    return subject_of(project)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Where exports are written to."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


@pytest.fixture
def other_model(subject: Subject, tmp_path: Path) -> Path:
    """A copy of the model, to be spoilt."""
    assert subject.model is not None
    return Path(shutil.copytree(subject.model, tmp_path / "other-model"))
