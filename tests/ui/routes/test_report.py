"""Where the report of a project is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from nocode_classifier.ui.kit.addresses import report_address
from nocode_classifier.ui.routes.report import add_report_route
from nocode_classifier.ui.state import Services
from tests.learning import NewShapes


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    server = FastAPI()
    add_report_route(server, services)
    with TestClient(server) as client:
        yield client


def test_the_report_is_a_page_that_runs_and_fetches_nothing(
    client: TestClient, services: Services, new_shapes: NewShapes
) -> None:
    project = new_shapes(services.library, "Round <&> straight")
    answer = client.get(report_address(project.id))
    assert answer.status_code == 200
    assert "Round &lt;&amp;&gt; straight" in answer.text
    assert "data:image/webp;base64," in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_without_a_model_there_is_a_sentence_instead(
    client: TestClient, services: Services
) -> None:
    project = services.library.create("New", ["a", "b"])
    answer = client.get(report_address(project.id))
    assert (answer.status_code, "train it first" in answer.text) == (404, True)
    assert client.get(report_address("nothere")).status_code == 404
