from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import NewPhoto, Photo
from nocode_classifier.ui.kit.addresses import credits_address
from nocode_classifier.ui.kit.photo_grid.values import origin_of, photo_value
from nocode_classifier.ui.routes.credits import add_credits_route
from nocode_classifier.ui.state import Services
from tests.collect.scenes import scene


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Bears <&> friends", ["grizzly"])


@pytest.fixture
def photo(project: Project) -> Photo:
    data = scene("one.jpg")
    found = check_photo(data, "one.jpg")
    new = NewPhoto(
        data,
        found.sha256,
        found.suffix,
        found.width,
        found.height,
        found.perceptual_hash,
        found.thumbnail,
        "one.jpg",
        "commons",
        address="https://example.org/one.jpg",
        page="https://example.org/one",
        licence="CC BY 4.0",
        creator="Ann <script>",
    )
    return project.add_photo(new, project.classes()[0].id)


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    server = FastAPI()
    add_credits_route(server, services)
    with TestClient(server) as client:
        yield client


def test_credits_are_a_page_that_runs_and_fetches_nothing(
    client: TestClient, project: Project, photo: Photo
) -> None:
    answer = client.get(credits_address(project.id))
    assert "https://example.org/one" in answer.text
    assert "CC BY 4.0" in answer.text
    assert "<script>" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_credits_are_a_table_as_well(client: TestClient, project: Project, photo: Photo) -> None:
    answer = client.get(f"/credits/{project.id}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    header, line = answer.content.decode("utf-8-sig").splitlines()
    assert header.startswith("class,")
    assert photo.sha256 in line


def test_credits_of_no_project_are_not_found(client: TestClient) -> None:
    assert client.get("/credits/nothere").status_code == 404
    assert client.get("/credits/nothere.csv").status_code == 404


def test_review_says_whom_a_photo_is_from(photo: Photo) -> None:
    value = photo_value(photo)
    assert value["origin"] == "Wikimedia Commons · by Ann <script> · CC BY 4.0"
    assert value["page"] == "https://example.org/one"
    unknown = replace(photo, creator=None, licence=None)
    assert origin_of(unknown) == "Wikimedia Commons · maker unknown · licence unknown"
    assert origin_of(replace(photo, address=None)) is None
