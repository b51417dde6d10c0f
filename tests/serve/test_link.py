"""Links for others: what they lead to, what they never lead to, and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from gradio.tunneling import BINARY_FILENAME

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.errors import Cancelled, NotReady, Unavailable
from nocode_classifier.listening import network_address
from nocode_classifier.main import build_services
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.serve.link import LocalLink, PublicLink
from tests.drawing import draw_folder, draw_photo
from tests.patience import wait_until
from tests.serve.running import ROOT, get, post, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the stand-in tunnel is a script"),
]

STAND_IN = Path(__file__).with_name("stand_in_tunnel.py")


@pytest.fixture
def tunnel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Gradio finds the stand-in where it keeps its own program."""
    folder = tmp_path / "hub"
    program = folder / "gradio" / "frpc" / BINARY_FILENAME
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_IN} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("HF_HOME", str(folder))
    monkeypatch.setenv("GRADIO_SHARE_SERVER_ADDRESS", "127.0.0.1:7000")
    return program


@pytest.fixture
def link(tunnel: Path) -> Iterator[PublicLink]:
    link = PublicLink()
    yield link
    link.stop()


def answers(address: str) -> bool:
    try:
        return get(f"{address}/health").status_code == 200
    except httpx.TransportError:
        return False


def test_a_visitor_can_ask_now_and_then_but_see_nothing_else_until_the_link_is_stopped(
    link: PublicLink, model_folder: Path, tmp_path: Path, temporary_home: Path
) -> None:
    link.options = ("--share", "--per-minute", "40")
    address = link.start(model_folder)
    assert link.address == address
    assert link.qr is not None
    assert link.qr.startswith("<svg")
    assert link.ends_at is not None
    assert timedelta(hours=70) < link.ends_at - datetime.now(UTC) <= timedelta(hours=72)
    assert "Shapes" in get(address).text
    photo = {"file": draw_photo("circle", 900)}
    assert post(f"{address}/image", files=photo).json()["guess"] == "circle"
    expect_nothing_of_the_builder(address, a_project(temporary_home, tmp_path), model_folder)
    # Visitors are limited although, through the tunnel, they seem to be on this computer: twenty
    # photos are as many as they may ask about in half a minute.
    many = post(f"{address}/batch", files=[("file", draw_photo("circle", 900))] * 20)
    assert 429 in (many.status_code, post(f"{address}/image", files=photo).status_code)
    link.stop()
    assert [link.address, link.ends_at, link.qr, link.problem] == [None, None, None, ""]
    wait_until(lambda: not answers(address))


def expect_nothing_of_the_builder(address: str, project: Project, model_folder: Path) -> None:
    photo = project.photos()[0]
    get(f"{address}/config")
    for path in (
        f"/thumbnails/{project.id}/{photo.sha256}",
        f"/photos/{project.id}/{photo.sha256}",
        f"/export/{project.id}",
        f"/exports/{project.id}/model",
        f"/credits/{project.id}",
        f"/samples/{project.id}",
        f"/news?step=2&project={project.id}",
        f"/gradio_api/file={project.path_of(photo)}",
        f"/gradio_api/file={project.folder / 'project.sqlite3'}",
        f"/file={model_folder / 'card.json'}",
        "/gradio_api/run/keep_shot",
        "/theme.css",
        "/login",
        "/monitoring",
        "/..%2f..%2fetc%2fpasswd",
    ):
        for method in ("GET", "POST"):
            answer = httpx.request(method, f"{address}{path}", timeout=60)
            assert answer.status_code in (404, 405, 422), (method, path, answer.text[:200])
    calls = get(f"{address}/gradio_api/info").json()
    assert set(calls["named_endpoints"]) == {"/predict", "/predict_link"}
    page = get(f"{address}/?project={project.id}&step=3").text
    assert "Secret birds" not in page + get(f"{address}/config").text


def a_project(home: Path, place: Path) -> Project:
    project = Library(home).create("Secret birds")
    add_photos(project, from_folder(draw_folder(place / "birds", {"circle": 2})), class_id=None)
    return project


WHY_NOT = """
import os
from gradio.tunneling import BINARY_PATH
from nocode_classifier.errors import Unavailable
from nocode_classifier.serve.tunnel import open_tunnel

def say_why_not(seconds):
    try:
        open_tunnel(7860, seconds=seconds)
    except Unavailable as error:
        print(error)
"""


def said(program: str, folder: Path) -> list[str]:
    """The sentences that a program says, which goes on from `WHY_NOT`."""
    command = [sys.executable, "-c", WHY_NOT + program]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    sentences = done.stdout.splitlines()
    assert all("share it in your own network" in sentence for sentence in sentences)
    return sentences


def test_a_tunnel_that_is_refused_can_not_run_or_can_not_be_had_is_a_sentence(
    tunnel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN", "refused")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    program = (
        "say_why_not(100);"
        "open(BINARY_PATH, 'wb').write(b'\\0 not a program'); say_why_not(100);"
        "os.unlink(BINARY_PATH); say_why_not(100)"
    )
    refused, broken, missing = said(program, tmp_path)
    assert "The tunnel was refused" in refused
    assert "virus scanner" in broken
    assert "can't be downloaded" in missing


@pytest.mark.gate
def test_a_tunnel_that_hangs_is_a_sentence(
    tunnel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN", "hangs")
    (hung,) = said("say_why_not(3)", tmp_path)
    assert "did not open in 3 seconds" in hung


def test_a_link_that_ends_by_itself_says_so(
    link: PublicLink, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN", "ends")
    link.start(model_folder)
    wait_until(lambda: link.address is None)
    assert "closed from the other side" in link.problem
    assert link.ends_at is None


def test_starting_can_be_stopped(link: PublicLink, model_folder: Path) -> None:
    with pytest.raises(Cancelled):
        link.start(model_folder, should_stop=lambda: True)
    assert link.address is None


def test_without_a_model_there_is_nothing_to_share(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="Train your classifier first"):
        PublicLink().start(tmp_path)


def test_a_damaged_model_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"nonsense")
    (tmp_path / "card.json").write_text("{}")
    with pytest.raises(Unavailable, match=r"card\.json"):
        LocalLink().start(tmp_path)


@pytest.mark.skipif(network_address() is None, reason="this computer is in no network")
def test_a_local_link_answers_under_the_address_of_this_computer(model_folder: Path) -> None:
    link = LocalLink()
    try:
        address = link.start(model_folder)
        assert str(network_address()) in address
        assert link.ends_at is None
        assert answers(address)
    finally:
        link.stop()


def test_a_link_dies_with_the_app_that_opened_it(model_folder: Path, tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path;"
        "from nocode_classifier.serve.link import LocalLink;"
        "link = LocalLink(); print(link.start(Path(sys.argv[1])), flush=True); time.sleep(600)"
    )
    place = tmp_path / "place"
    place.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(place)}
    command = [sys.executable, "-c", program, str(model_folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        address = app.stdout.readline().strip()
        assert answers(address)
        app.send_signal(signal.SIGKILL)
    wait_until(lambda: not answers(address))
    wait_until(lambda: not list(place.iterdir()))


GATE = [pytest.param(each, marks=pytest.mark.gate) for each in (signal.SIGTERM, signal.SIGINT)]


@pytest.mark.parametrize("told", [signal.SIGKILL, *GATE])
def test_the_tunnel_ends_with_the_process_that_opened_it(
    tunnel: Path, model_folder: Path, tmp_path: Path, told: signal.Signals
) -> None:
    with served(model_folder, tmp_path / "served", "--share") as app:
        assert app.process.stdout is not None
        assert "shared" in app.process.stdout.readline()
        children = running("--ppid", str(app.process.pid))
        assert len(children) >= 2
        app.process.send_signal(told)
        wait_until(lambda: not running("-p", ",".join(children)))


def running(*which: str) -> list[str]:
    """Numbers of the processes that have not ended."""
    listed = subprocess.run(["ps", "-o", "pid=,stat=", *which], capture_output=True, text=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return [number for number, state in rows if not state.startswith("Z")]


def test_the_app_has_both_links(temporary_home: Path) -> None:
    links = build_services(temporary_home).new_link
    assert [type(links[way]()) for way in ("public", "local")] == [PublicLink, LocalLink]


def test_a_start_that_fails_ends_nothing_but_its_own(model_folder: Path) -> None:
    link, stages = LocalLink(), list[str]()
    link.wanted = "what never comes"
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(link.start, model_folder, lambda done: stages.append(done.stage))
        wait_until(lambda: "Asking for a public address" in stages)
        link.wanted = "ready"
        address = link.start(model_folder)
        with pytest.raises(Unavailable):
            first.result(30)
    assert link.address == address
    link.stop()
