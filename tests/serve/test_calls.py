"""Gradio's calls to the same model: gradio_client, and tools over MCP."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from nocode_classifier.collect.photo_check import LIMITS
from nocode_classifier.predict.predictor import Predictor
from tests.drawing import draw_photo
from tests.elsewhere import run
from tests.patience import wait_until
from tests.serve.running import Served, get, post, served, wait_for_gradio

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def app(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(model_folder, tmp_path_factory.mktemp("app")) as app:
        wait_for_gradio(app.address)
        yield app


@pytest.fixture(scope="module")
def caller(app: Served) -> Client:
    return Client(app.address, verbose=False)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(draw_photo("circle", 800))
    return path


def test_gradio_client_gets_the_answers_of_the_model(
    caller: Client, photo: Path, predictor: Predictor
) -> None:
    said = caller.predict(handle_file(photo), api_name="/predict")
    known = predictor.predict(photo)
    assert (said["guess"], said["hint"]) == (known.label, "It rolls.")
    assert said["predictions"][0]["probability"] == pytest.approx(max(known.probabilities.values()))


def test_what_is_no_photo_is_a_sentence(caller: Client, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("notes")
    with pytest.raises(AppError, match="text file"):
        caller.predict(handle_file(tmp_path / "a.txt"), api_name="/predict")


def test_no_way_in_leads_inwards(caller: Client, app: Served) -> None:
    inwards = f"{app.address}/favicon.ico"
    with pytest.raises(AppError, match="links may not lead to"):
        caller.predict(inwards, api_name="/predict_link")
    for field in ({"path": inwards}, {"path": "x", "url": inwards}):
        data = {"data": [{**field, "meta": {"_type": "gradio.FileData"}}]}
        answer = post(f"{app.address}/gradio_api/run/predict", json=data)
        assert "error" in answer.json()


@pytest.mark.parametrize("path", ["/etc/hostname", "../../../etc/hostname", "", "."])
def test_no_file_of_this_computer_is_read(app: Served, path: str) -> None:
    data = {"data": [{"path": path, "meta": {"_type": "gradio.FileData"}}]}
    answer = post(f"{app.address}/gradio_api/run/predict", json=data)
    assert answer.status_code == 500 or "not sent here" in answer.text
    assert Path("/etc/hostname").read_text().strip() not in answer.text


def test_only_the_calls_that_are_needed_are_let_through(app: Served) -> None:
    for path in (
        f"/gradio_api/file={Path(__file__)}",
        "/gradio_api/file=photo.jpg",
        f"/gradio_api/proxy={app.address}",
        "/gradio_api/vibe-code",
        "/monitoring",
        "/login_check",
        "/gradio_api/stream/x/1/2/playlist.m3u8",
        "/theme.css",
    ):
        assert get(f"{app.address}{path}").status_code == 404, path


def test_uploads_are_limited_and_gone_soon(app: Served, caller: Client, photo: Path) -> None:
    big = post(
        f"{app.address}/gradio_api/upload", files={"files": bytes(LIMITS.max_bytes + 1_000_000)}
    )
    assert big.status_code == 413
    caller.predict(handle_file(photo), api_name="/predict")
    wait_until(lambda: not list(app.files.rglob("photo.jpg")))


def test_gradio_does_not_let_other_websites_ask(app: Served) -> None:
    answer = get(f"{app.address}/config", headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.skipif(bool(importlib.util.find_spec("mcp")), reason="the extra 'mcp' is installed")
def test_without_their_extra_assistants_are_told_what_to_install(app: Served) -> None:
    for path in ("/gradio_api/mcp/", "/gradio_api/mcp"):
        answer = post(f"{app.address}{path}", json={})
        assert answer.status_code == 501
        assert 'pip install "nocode-classifier[mcp]"' in answer.json()["error"]


def test_what_gradio_refuses_is_a_sentence_too(app: Served) -> None:
    for path in ("call/nothing", "run/nothing", "queue/join", "upload", "cancel"):
        answer = post(f"{app.address}/gradio_api/{path}", json={"data": "x"})
        assert answer.status_code >= 400, path
        assert answer.json()["error"], path


@pytest.mark.skipif(not importlib.util.find_spec("mcp"), reason="the extra 'mcp' is not installed")
def test_an_assistant_finds_and_uses_the_tools(app: Served, photo: Path) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def ask() -> tuple[list[str], str, str]:
        async with (
            streamable_http_client(f"{app.address}/gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = [tool.name for tool in (await session.list_tools()).tools]
            link = {"link": f"{app.address}/page/icon.svg"}
            refused = await session.call_tool("classify_link", link)
            sent = post(f"{app.address}/gradio_api/upload", files={"files": photo.read_bytes()})
            place = f"{app.address}/gradio_api/file={sent.json()[0]}"
            answer = await session.call_tool("classify_photo", {"photo": place})
            return tools, refused.content[0].text, answer.content[0].text

    tools, refused, text = run(ask())
    assert set(tools) == {"classify_photo", "classify_link"}
    assert refused.startswith("127.0.0.1 is a place inside this computer")
    assert json.loads(text)["guess"] == "circle"
