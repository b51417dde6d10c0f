"""Pages of other websites, in a real Chromium: under a name that leads here, and from their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from nocode_classifier.project.library import Library
from tests.browser.conftest import RunningApp, launch, running_app

pytestmark = [pytest.mark.browser, pytest.mark.gate]

UPLOAD = """address => {
  const form = new FormData();
  form.append("files", new Blob(["x".repeat(1000)]), "evil.jpg");
  const how = { method: "POST", mode: "no-cors", body: form };
  return fetch(`${address}/gradio_api/upload`, how).catch(String);
}"""


class Elsewhere(BaseHTTPRequestHandler):
    """A page of another website, which shows the app within itself."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<title>Evil</title><iframe src='{self.path[1:]}'></iframe>".encode())

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def evil() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"])
def app(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningApp]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    with running_app(tmp_path / "home", host=request.param) as app:
        Library(app.home).create("Secret birds")
        yield app


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    browser = launch(chromium.browser_type, "--host-resolver-rules=MAP evil.example 127.0.0.1")
    yield browser.new_page()
    browser.close()


def test_a_name_that_was_made_to_lead_here_shows_nothing(page: Page, app: RunningApp) -> None:
    port = app.address.rpartition(":")[2]
    for path in ("/", "/config", "/news?step=1"):
        answer = page.goto(f"http://evil.example:{port}{path}")
        assert answer is not None
        assert answer.status == 403
        assert "Secret birds" not in page.content()
    assert "does not go by the name" in page.content()


def test_a_page_from_elsewhere_can_neither_show_nor_use_the_app(
    page: Page, app: RunningApp, evil: int, tmp_path: Path
) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.goto(f"http://evil.example:{evil}/{app.address}/")
    assert any("frame" in text.lower() or "403" in text for text in heard)
    page.evaluate(UPLOAD, app.address)
    assert not list((tmp_path / "uploads").rglob("evil.jpg"))
