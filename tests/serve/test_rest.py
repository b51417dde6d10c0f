from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from nocode_classifier import load_model
from nocode_classifier.collect.download.link import fetch_photo
from nocode_classifier.collect.photo_check import Limits
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.serve.settings import Settings
from tests.drawing import draw_photo
from tests.serve.conftest import NewClient

CIRCLE = draw_photo("circle", 500)


def test_an_image_is_answered_as_the_model_answers_it(
    client: TestClient, predictor: Predictor
) -> None:
    said = client.post("/image", files={"file": CIRCLE}).json()
    known = predictor.predict(CIRCLE)
    assert list(said) == ["guess", "sure", "why", "hint", "predictions"]
    assert (said["guess"], said["sure"], said["hint"]) == ("circle", known.sure, "It rolls.")
    assert said["why"] == known.why
    assert {each["label"]: each["probability"] for each in said["predictions"]} == pytest.approx(
        known.probabilities, abs=1e-6
    )


def test_predictions_begin_with_the_likeliest(client: TestClient) -> None:
    said = client.post("/image", files={"file": draw_photo("stripes", 501)}).json()
    shares = [each["probability"] for each in said["predictions"]]
    assert said["predictions"][0]["label"] == said["guess"] == "stripes"
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-5)


def test_a_model_is_loaded_from_python_with_one_line(model_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(CIRCLE)
    assert load_model(model_folder).predict(tmp_path / "photo.jpg").label == "circle"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!doctype html><title>page</title>", "web page"),
        (b"", "empty"),
        (CIRCLE[: len(CIRCLE) // 2], "cut off"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged"),
    ],
)
def test_what_is_no_photo_is_400_and_a_sentence(
    client: TestClient, data: bytes, words: str
) -> None:
    answer = client.post("/image", files={"file": ("a.jpg", data)})
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_too_many_bytes_or_pixels_are_413(new_client: NewClient) -> None:
    client = new_client(Settings(limits=Limits(max_bytes=2000, max_pixels=10_000)))
    big = io.BytesIO()
    Image.new("RGB", (200, 100)).save(big, "PNG")
    for data in (big.getvalue(), CIRCLE + bytes(3000), CIRCLE + bytes(400_000)):
        answer = client.post("/image", files={"file": data})
        assert answer.status_code == 413
        assert "too big" in answer.json()["error"]


@pytest.mark.parametrize(
    "sent",
    [
        {"content": CIRCLE, "headers": {"Content-Type": "image/jpeg"}},
        {"files": {"photo": CIRCLE}},
        {"data": {"file": "a text"}},
        {"content": b"--", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"files": [("file", CIRCLE), ("file", CIRCLE)]},
    ],
)
def test_a_form_that_is_not_as_it_should_be_is_400(
    client: TestClient, sent: dict[str, Any]
) -> None:
    answer = client.post("/image", **sent)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(("Send ", "This form "))


def test_a_batch_is_answered_in_order_with_a_sentence_for_what_is_no_photo(
    client: TestClient,
) -> None:
    files = [
        ("file", ("one.jpg", CIRCLE)),
        ("file", ("notes.txt", b"notes")),
        ("file", ("two.jpg", draw_photo("stripes", 502))),
    ]
    answers = client.post("/batch", files=files).json()["answers"]
    assert [each["name"] for each in answers] == ["one.jpg", "notes.txt", "two.jpg"]
    assert [each.get("guess") for each in answers] == ["circle", None, "stripes"]
    assert "text file" in answers[1]["error"]


def test_a_batch_of_too_many_is_413(client: TestClient) -> None:
    answer = client.post("/batch", files=[("file", CIRCLE)] * 21)
    assert answer.status_code == 413
    assert "20 at a time" in answer.json()["error"]


def test_health_names_the_classifier(client: TestClient) -> None:
    said = client.get("/health").json()
    assert (said["status"], said["name"], said["classes"]) == (
        "ok",
        "Shapes",
        ["circle", "stripes"],
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/image", 405),
        ("POST", "/health", 405),
        ("GET", "/classify-url", 400),
        ("GET", "/page/nothing.js", 404),
        ("GET", "/page/..%2Fpage.py", 404),
    ],
)
def test_whatever_is_asked_for_wrongly_is_answered_with_json(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/", "/docs", "/page/page.js"])
def test_every_address_that_is_read_answers_a_look_at_its_head(
    client: TestClient, path: str
) -> None:
    read, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == read.headers["content-length"]
    assert client.head("/classify-url").status_code == client.get("/classify-url").status_code
    assert client.head("/image").status_code == 405


def test_openapi_describes_every_call(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {"/health", "/image", "/classify-url", "/batch"}
    form = paths["/image"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]


@pytest.mark.parametrize("path", ["/", "/docs", "/page/page.js", "/page/page.css", "/favicon.ico"])
def test_the_pages_ask_nothing_of_other_servers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "//cdn" not in answer.text


# Links


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/inwards":
            self.send_response(302)
            self.send_header("Location", "http://192.168.0.1/photo.jpg")
            self.end_headers()
            return
        self.send_response(200 if self.path == "/photo.jpg" else 404)
        self.end_headers()
        self.wfile.write(CIRCLE)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def anywhere_here(number: object) -> bool:
    return str(number) == "127.0.0.1"


def test_a_photo_behind_a_link_is_answered(new_client: NewClient, site: str) -> None:
    client = new_client(fetch=partial(fetch_photo, may_connect=anywhere_here))
    said = client.get("/classify-url", params={"url": f"{site}/photo.jpg"}).json()
    assert said["guess"] == said["predictions"][0]["label"] == "circle"


def test_a_link_inwards_is_403_also_through_a_redirect(new_client: NewClient, site: str) -> None:
    client = new_client(fetch=partial(fetch_photo, may_connect=anywhere_here))
    for address in (f"{site}/inwards", "http://10.0.0.1/a.jpg", "http://169.254.169.254/"):
        answer = client.get("/classify-url", params={"url": address})
        assert answer.status_code == 403, answer.text
        assert "links may not lead to" in answer.json()["error"]


def test_by_default_this_computer_is_inwards(client: TestClient, site: str) -> None:
    for address in (f"{site}/photo.jpg", "http://localhost/a", "http://[::1]/", "http://0.0.0.0/"):
        assert client.get("/classify-url", params={"url": address}).status_code == 403


@pytest.mark.parametrize(
    ("address", "status"), [("nonsense", 400), ("file:///etc/hosts", 400), ("{site}/gone", 422)]
)
def test_a_link_that_leads_nowhere_is_a_sentence(
    new_client: NewClient, site: str, address: str, status: int
) -> None:
    client = new_client(fetch=partial(fetch_photo, may_connect=anywhere_here))
    answer = client.get("/classify-url", params={"url": address.format(site=site)})
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".") or address in answer.json()["error"]
