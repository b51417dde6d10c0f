"""The app as people start it: a process, its memory of what visitors sent, its end."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from nocode_classifier.cli import main
from nocode_classifier.serve.run import main as serve_main
from tests.drawing import draw_photo
from tests.patience import PATIENCE, wait_until
from tests.serve.running import ROOT, get, post, served
from tests.sockets import connect, rest

HEAVY = {"torch", "torchvision", "timm", "fastai", "sklearn", "scipy", "onnx", "sqlite3"}
ROOMS = {"ui", "learn", "share", "cli", "main", "paths", "jobs"}


def test_photos_are_answered_before_gradio_is_there(model_folder: Path, tmp_path: Path) -> None:
    with served(model_folder, tmp_path) as app:
        answer = post(f"{app.address}/image", files={"file": draw_photo("circle", 700)})
        assert answer.json()["guess"] == "circle"
        assert get(app.address).status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to hear")
@pytest.mark.parametrize(("told", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_ended_by_a_signal_it_answers_who_was_asking_and_leaves_no_file_behind(
    model_folder: Path, tmp_path: Path, told: signal.Signals, code: int
) -> None:
    form = httpx.Request("POST", "http://localhost", files={"file": draw_photo("circle", 700)})
    body, kind = form.read(), form.headers["content-type"]
    head = (
        f"POST /image HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with served(model_folder, tmp_path) as app:
        asking = connect(port_of(app.address), head.encode())
        assert b"100 Continue" in asking.recv(100)
        app.process.send_signal(told)
        wait_until(lambda: not answers(app.address))
        asking.sendall(body)
        assert b'"guess":"circle"' in rest(asking)
        asking.close()
        assert app.process.wait(PATIENCE) == code
        assert not list(app.files.iterdir())


def answers(address: str) -> bool:
    try:
        connect(port_of(address)).close()
    except ConnectionRefusedError:
        return False
    return True


def port_of(address: str) -> int:
    return urlsplit(address).port or 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "70000"], "no port"),
        (["--host", "192.0.2.1"], "no address of this computer"),
        (["--cors", "example.org"], "--cors takes a website"),
        (["--per-minute", "-1"], "a number from 0 on"),
    ],
)
def test_an_option_that_makes_no_sense_is_a_sentence(
    model_folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert serve_main([str(model_folder), *options]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("command", [serve_main, lambda argv: main(["serve", *argv])])
def test_what_is_no_model_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: object
) -> None:
    assert callable(command)
    assert command([str(tmp_path / "nothing")]) == 1
    assert "no model" in capsys.readouterr().err


def test_a_project_that_is_not_trained_can_not_be_served(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["projects", "create", "Birds", "--class", "owl", "--class", "hen"]) == 0
    assert main(["serve", "birds"]) == 1
    assert "'Birds' is not trained yet" in capsys.readouterr().err


def test_what_is_served_needs_nothing_of_the_builder() -> None:
    program = (
        "import sys, nocode_classifier.serve.run, nocode_classifier.serve.calls,"
        "nocode_classifier.serve.tunnel, nocode_classifier.collect.download.fetch;"
        "print([*sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    modules = ast.literal_eval(done.stdout)
    ours = {name.split(".")[1] for name in modules if name.startswith("nocode_classifier.")}
    assert ours.isdisjoint(ROOMS)
    assert "nocode_classifier.project.project" not in modules
    assert HEAVY.isdisjoint(modules)
