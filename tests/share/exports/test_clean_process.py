"""A clean process has what was asked for, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nocode_classifier.errors import Cancelled, NotProven, NotReady
from nocode_classifier.share.clean_process import Program, run, started
from nocode_classifier.share.packages import installed_with, pinned


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


def test_what_hangs_is_given_up_and_what_is_stopped_ends(tmp_path: Path) -> None:
    (tmp_path / "sleep.py").write_text("import time; time.sleep(60)")
    program = Program(tmp_path, ("file", "sleep.py"), ())
    with pytest.raises(NotProven, match="no answer within 0 seconds"):
        run(program, seconds=0.2)
    with pytest.raises(Cancelled):
        run(program, should_stop=lambda: True)


def test_modules_run_too(tmp_path: Path) -> None:
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "__init__.py").touch()
    (tmp_path / "shipped" / "__main__.py").write_text("import sys; print(sys.argv[1:])")
    assert run(Program(tmp_path, ("module", "shipped", "7"), ())).strip() == "['7']"


@pytest.mark.skipif(os.name == "nt", reason="asks the system for a process by its number")
def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    (tmp_path / "sleep.py").write_text("import time; time.sleep(60)")
    starting = (
        "from pathlib import Path; import os, sys\n"
        "from nocode_classifier.share.clean_process import Program, started\n"
        f"program = Program(Path({str(tmp_path)!r}), ('file', 'sleep.py'), ())\n"
        "with started(program) as running:\n"
        "    print(running.process.pid, flush=True); os._exit(0)\n"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", starting],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    number = int(done.stdout)
    until = time.monotonic() + 10
    while _runs(number) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(number)


def _runs(number: int) -> bool:
    # One that ended but that nobody asked about is still listed, as a zombie.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


def test_leaving_the_block_ends_it(tmp_path: Path) -> None:
    (tmp_path / "sleep.py").write_text("import time; time.sleep(60)")
    with started(Program(tmp_path, ("file", "sleep.py"), ())) as running:
        assert running.process.poll() is None
    assert running.process.returncode is not None
