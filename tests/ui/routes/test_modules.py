"""How the JavaScript of the page is served."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from nocode_classifier.ui.kit.part import part
from nocode_classifier.ui.kit.scripts import module_address, modules, modules_version
from nocode_classifier.ui.routes.modules import add_modules_route, preload_links


@pytest.fixture
def client() -> TestClient:
    server = FastAPI()
    add_modules_route(server)
    return TestClient(server)


def test_a_module_is_served_once_and_for_all(client: TestClient) -> None:
    answer = client.get(module_address("kit/dom.js"))
    assert answer.content == modules()["kit/dom.js"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    ["kit/nothing.js", "theme.css", "app.py", "", "%2e%2e/share/proof.js", "kit//dom.js"],
)
def test_nothing_but_the_scripts_of_the_page_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/modules/{modules_version()}/{path}").status_code == 404


def test_a_page_of_an_earlier_version_gets_no_module_of_this_one(client: TestClient) -> None:
    answer = client.get("/modules/0123456789ab/kit/dom.js")
    assert answer.status_code == 404
    assert "Load the page again" in answer.text


def test_the_head_of_the_page_asks_for_every_module() -> None:
    links = preload_links()
    assert len(modules()) > 30
    assert all(f'rel="modulepreload" href="{module_address(path)}"' in links for path in modules())


def test_a_part_raises_the_events_it_names_and_no_other() -> None:
    made = part("shell/status_bar.js", events=("action",))
    assert callable(made.action)
    with pytest.raises(AttributeError):
        _ = made.another
    with pytest.raises(KeyError):
        part("kit/nothing.js", events=())
