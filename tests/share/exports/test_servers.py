"""Spaces and server folders: they run with what they ship and name, and answer as the app."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.fresh import first_answer, fresh_environment, installed_megabytes
from nocode_classifier.collect.download.unpacking import Broken, unpacker_for
from nocode_classifier.collect.photo_check import check_header
from nocode_classifier.errors import Cancelled, NotProven, PhotoRefused
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.share.asking_server import ask_server
from nocode_classifier.share.clean_process import Program
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.exporters import exporter_of
from nocode_classifier.share.exporters.space import write_space_folder
from nocode_classifier.share.exporting import export
from nocode_classifier.share.hub.kinds import ZERO_GPU
from nocode_classifier.share.shipping import ENTRY, NOT_NEEDED, PACKAGES, closure_of, ship

ROOT = Path(__file__).resolve().parents[3]
HEAVY = {"torch", "torchvision", "timm", "fastai", "sklearn", "scipy", "onnx", "sqlite3", "ddgs"}


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("key", [pytest.param("space", marks=pytest.mark.gate), "server"])
def test_a_folder_that_runs_by_itself_answers_the_same(
    key: str, subject: Subject, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    made = export(exporter_of(key), subject, Path())
    assert made.proof is not None
    assert made.proof.sentence == "same answers: 20 of 20"
    assert made.proof.worst < 1e-6
    assert not [name for name in files_in(made.path) if name.endswith((".pyc", ".pyi"))]


def test_what_is_shipped_is_what_serving_imports(tmp_path: Path) -> None:
    ship(tmp_path)
    shipped = files_in(tmp_path)
    assert {name.split("/")[1] for name in shipped if name.count("/") > 1} == {
        "collect",
        "predict",
        "project",
        "serve",
    }
    assert "nocode_classifier/project/store/database.py" not in shipped
    assert "nocode_classifier/serve/site/page.html" in shipped
    program = "import sys, nocode_classifier.serve.app as app; print(app.__file__, *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    where, *loaded = done.stdout.split()
    assert Path(where).is_relative_to(tmp_path)
    assert HEAVY.isdisjoint(loaded)


def test_everything_that_serving_imports_is_named_for_installation() -> None:
    found = closure_of(ENTRY)
    assert found.others - NOT_NEEDED <= PACKAGES.keys()
    assert HEAVY.isdisjoint(found.others)


def test_what_goes_without_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.delitem(Image.OPEN, "HEIF", raising=False)
    with pytest.raises(Broken):
        unpacker_for("br")
    with pytest.raises(PhotoRefused, match="HEIC photos can't be read on this computer"):
        check_header(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


def test_only_what_the_app_itself_needs_is_named() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        own = tomllib.load(file)["project"]["dependencies"]
    with_gradio = {"fastapi", "pydantic", "starlette", "uvicorn"}
    names = {line.split(">")[0].split("=")[0].replace("_", "-") for line in own}
    assert set(PACKAGES.values()) - with_gradio <= names


def test_the_server_folder_is_ready_for_a_web_host(subject: Subject, shop: Path) -> None:
    made = shop / "server"
    made.mkdir()
    exporter_of("server").build(subject, made, report=lambda _: None, should_stop=lambda: False)
    files = {name for name in files_in(made) if not name.startswith("nocode_classifier/")}
    assert files == {
        ".dockerignore",
        ".python-version",
        "Dockerfile",
        "Procfile",
        "README.md",
        "app.py",
        "model/card.json",
        "model/model.onnx",
        "render.yaml",
        "report.html",
        "requirements.txt",
    }
    assert 'CMD ["python", "app.py"]' in (made / "Dockerfile").read_text()
    assert "name: round-straight\n" in (made / "render.yaml").read_text()
    assert "$" not in (made / "Dockerfile").read_text() + (made / "README.md").read_text()
    requirements = (made / "requirements.txt").read_text()
    assert HEAVY.isdisjoint(line.split("==")[0] for line in requirements.splitlines())


def test_the_space_says_what_it_is(subject: Subject, shop: Path) -> None:
    write_space_folder(subject, shop / "space")
    text = (shop / "space" / "README.md").read_text(encoding="utf-8")
    assert text.startswith("---\n")
    assert 'sdk: "gradio"' in text
    assert 'app_file: "app.py"' in text
    assert "spaces" not in (shop / "space" / "app.py").read_text()
    assert "*.onnx filter=lfs" in (shop / "space" / ".gitattributes").read_text()


def test_a_server_that_breaks_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('No model here.')")
    program = Program(tmp_path, ("file", "app.py"), ())
    with pytest.raises(NotProven, match=r"does not start: No model here\."):
        ask_server(program, [])


def test_stopping_ends_a_server_that_is_starting(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import threading; threading.Event().wait()")
    with pytest.raises(Cancelled):
        ask_server(Program(tmp_path, ("file", "app.py"), ()), [], should_stop=lambda: True)


ANSWERING = """\
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

starting = ["/gradio_api/info"]

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if self.path in starting else 200)
        if self.path in starting:
            starting.remove(self.path)
        self.send_header("Content-Type", {kind!r})
        self.end_headers()
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response({status})
        self.end_headers()
        self.wfile.write(b"[]")

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("text/plain", 200, "shows no page"),
        ("text/html", 500, "answered 500 to /image"),
        ("text/html", 200, "does not answer as it should"),
    ],
)
def test_a_server_that_answers_wrongly_is_not_believed(
    kind: str, status: int, sentence: str, tmp_path: Path, subject: Subject
) -> None:
    (tmp_path / "app.py").write_text(ANSWERING.format(kind=kind, status=status))
    with pytest.raises(NotProven, match=sentence):
        ask_server(Program(tmp_path, ("file", "app.py"), ()), subject.photos[:1])


def test_a_server_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(ANSWERING.format(kind="text/html", status=200))
    assert ask_server(Program(tmp_path, ("file", "app.py"), ()), []) == []


@pytest.fixture
def zero_gpu() -> Iterator[tuple[str, list[str]]]:
    """What a ZeroGPU Space reports to when it has started: the address, and what it was told."""
    heard: list[str] = []

    class Device(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Device)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


@pytest.mark.gate
@pytest.mark.slow
@pytest.mark.skipif(find_spec("spaces") is None, reason="the package spaces is not installed")
def test_a_space_on_zero_gpu_reports_that_it_started(
    subject: Subject, shop: Path, zero_gpu: tuple[str, list[str]]
) -> None:
    folder = shop / "space"
    write_space_folder(subject, folder, ZERO_GPU)
    needs = (*(folder / "requirements.txt").read_text().split(), "spaces")
    settings = {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": zero_gpu[0]}
    program = Program(folder, ("file", "app.py"), needs, settings)
    (answer,) = ask_server(program, subject.photos[:1])
    assert zero_gpu[1] == ["/startup-report"]
    assert subject.model is not None
    assert answer.label == Predictor(subject.model).predict(subject.photos[0]).label


@pytest.mark.gate
@pytest.mark.slow
def test_a_space_runs_in_a_really_fresh_environment(subject: Subject, tmp_path: Path) -> None:
    folder, environment = tmp_path / "space", tmp_path / "environment"
    write_space_folder(subject, folder)
    python = fresh_environment(environment, folder / "requirements.txt")
    size = installed_megabytes(environment)
    _, answer = first_answer(python, folder, subject.photos[0])
    shutil.rmtree(environment)
    assert size <= 300
    assert subject.model is not None
    own = Predictor(subject.model).predict(subject.photos[0])
    found = {one["label"]: one["probability"] for one in answer["predictions"]}
    assert found == pytest.approx(own.probabilities, abs=0.001)
