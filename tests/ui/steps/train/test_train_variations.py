"""Varied copies of one's own photos: the samples that are shown, and what the app would choose."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.jobs import JobState
from nocode_classifier.project.project import Project
from nocode_classifier.ui.routes.samples import SIDE, add_samples_route, photos_of_each_class
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.train.choosing import chooser_value
from nocode_classifier.ui.steps.train.proposing import proposed_for
from tests.drawing import draw_folder
from tests.patience import PATIENCE

NOTHING = "mirror=0&turn=0&zoom=0&light=0"


@pytest.fixture
def project(services: Services, tmp_path: Path) -> Project:
    project = services.library.create("Shapes")
    folder = draw_folder(tmp_path / "drawn", {"circle": 6, "stripes": 6, "triangle": 6})
    add_photos(project, from_folder(folder), class_id=None)
    return project


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    server = FastAPI()
    add_samples_route(server, services)
    with TestClient(server) as client:
        yield client


def test_samples_are_a_row_for_a_photo_and_a_photo_of_every_class(
    client: TestClient, project: Project
) -> None:
    answer = client.get(f"/samples/{project.id}?{NOTHING}&columns=3")
    assert answer.headers["content-type"] == "image/webp"
    width, height = Image.open(io.BytesIO(answer.content)).size
    assert (width // SIDE, height // SIDE) == (3, 4)
    paths = photos_of_each_class(project)
    counted = {label.id: 0 for label in project.classes()}
    for photo in project.photos():
        counted[photo.class_id] += project.path_of(photo) in paths
    assert sorted(counted.values()) == [1, 1, 2]


def test_other_variations_and_other_samples_look_different(
    client: TestClient, project: Project
) -> None:
    asked = [NOTHING, "mirror=1&turn=20&zoom=0.2&light=0.3"]
    pictures = [client.get(f"/samples/{project.id}?{each}").content for each in asked]
    again = client.get(f"/samples/{project.id}?{asked[1]}&seed=1").content
    assert len({*pictures, again}) == 3


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [("turn=99&zoom=0&light=0", "up to 45 degrees"), ("turn=0&light=0", "40 % can be cut away")],
)
def test_samples_that_cannot_be_are_refused_with_a_sentence(
    client: TestClient, project: Project, asked: str, sentence: str
) -> None:
    answer = client.get(f"/samples/{project.id}?{asked}")
    assert answer.status_code == 404
    assert sentence in answer.text


def test_without_photos_there_are_no_samples(client: TestClient, services: Services) -> None:
    empty = services.library.create("Empty", ("a", "b"))
    assert "Add photos first" in client.get(f"/samples/{empty.id}?{NOTHING}").text


def test_the_app_finds_out_what_suits_the_photos(services: Services, project: Project) -> None:
    assert not proposed_for(project).found
    train.press(services, project.id, "propose")
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state is JobState.DONE, job.message
    shown = chooser_value(services, project)
    assert shown is not None
    assert shown["asked"]
    assert shown["proposal"] == job.message
    assert shown["proposed"]["zoom"] == 0.15


def test_finding_out_can_be_stopped(services: Services, project: Project) -> None:
    train.press(services, project.id, "propose")
    _, chooser, *_ = train.refresh(services, project.id)
    assert chooser["proposing"] is not None
    assert chooser["busy"]
    train.press(services, project.id, "stop")
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state in {JobState.STOPPED, JobState.DONE}
