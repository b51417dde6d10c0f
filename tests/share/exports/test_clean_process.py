"""A clean process has what was asked for, and nothing else."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from nocode_classifier.errors import NotProven, NotReady
from nocode_classifier.processes import ChildProcess
from nocode_classifier.share.clean_process import Program, run
from nocode_classifier.share.packages import installed_with, pinned
from tests.sockets import accepted, rest


def said_by(folder: Path, code: str, *needs: str, settings: dict[str, str] | None = None) -> str:
    (folder / "asked.py").write_text(code, encoding="utf-8")
    return run(Program(folder, ("file", "asked.py", "ä"), needs, settings)).strip()


def test_only_what_was_asked_for_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "beside.py").touch()
    found = said_by(
        tmp_path,
        "import importlib.util, json, numpy, PIL.Image, beside\n"
        "names = 'torch fastai gradio nocode_classifier pytest sklearn numpy beside'.split()\n"
        "print(*(name for name in names if importlib.util.find_spec(name)))",
        "numpy",
        "pillow",
    )
    assert found == "numpy beside"


def test_only_those_packages_are_seen_to_be_installed(tmp_path: Path) -> None:
    code = "from importlib.metadata import distributions as all; print(*(d.name for d in all()))"
    assert said_by(tmp_path, code, "numpy").split() == ["numpy"]


def test_what_a_package_needs_comes_with_it() -> None:
    found = installed_with(["onnxruntime>=1"])
    assert {"onnxruntime", "numpy", "protobuf"} <= found.distributions
    assert {"onnxruntime", "numpy", "google"} <= found.modules
    assert "torch" not in found.modules


def test_extras_are_followed() -> None:
    assert "brotli" not in installed_with(["httpx"]).distributions
    assert "brotli" in installed_with(["httpx[brotli]"]).distributions


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(NotReady, match="no-such-package is missing"):
        installed_with(["no-such-package"])
    with pytest.raises(NotReady, match="no-such-package is missing"):
        pinned(["no-such-package"])


def test_secrets_and_settings_stay_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hush")
    monkeypatch.setenv("NOCODE_CLASSIFIER_API_KEY", "hush")
    code = "import os, sys; print('hush' in str(os.environ), os.environ['PORT'], sys.argv[1:])"
    assert said_by(tmp_path, code, settings={"PORT": "1"}) == "False 1 ['ä']"


def test_nothing_is_written_beside_what_runs(tmp_path: Path) -> None:
    (tmp_path / "beside.py").touch()
    said_by(tmp_path, "import beside")
    assert {path.name for path in tmp_path.iterdir()} >= {"asked.py", "beside.py"}
    assert not (tmp_path / "__pycache__").exists()


def test_what_fails_is_told_in_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(NotProven, match=r"does not work: ModuleNotFoundError: .*'torch'"):
        said_by(tmp_path, "import torch")


def test_what_hangs_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "hang.py").write_text("import threading; threading.Event().wait()")
    with pytest.raises(NotProven, match="no answer within 0 seconds"):
        run(Program(tmp_path, ("file", "hang.py"), ()), seconds=0.0)


def test_modules_run_too(tmp_path: Path) -> None:
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "__init__.py").touch()
    (tmp_path / "shipped" / "__main__.py").write_text("import sys; print(sys.argv[1:])")
    assert run(Program(tmp_path, ("module", "shipped", "7"), ())).strip() == "['7']"


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        (tmp_path / "hang.py").write_text(
            "import socket, threading\n"
            f"connected = socket.create_connection({address}); threading.Event().wait()\n"
        )
        starting = (
            "from pathlib import Path; import threading\n"
            "from nocode_classifier.share.clean_process import Program, started\n"
            f"started(Program(Path({str(tmp_path)!r}), ('file', 'hang.py'), ()))\n"
            "threading.Event().wait()\n"
        )
        with ChildProcess([sys.executable, "-c", starting]):
            connection = accepted(listener)
    with connection:
        assert rest(connection) == b""
