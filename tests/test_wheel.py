"""A wheel built from the checkout looks and works the same as the checkout."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nocode_classifier import __version__

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "nocode_classifier"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as file:
        return set(file.namelist())


def test_the_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {Path(name).suffix for name in expected} >= {".py", ".js", ".css", ".png", ".svg"}
    assert expected <= names_in(wheel)


def test_the_wheel_has_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in names_in(wheel)}
    assert tops == {"nocode_classifier", f"nocode_classifier-{__version__}.dist-info"}


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    folder = f"nocode_classifier-{__version__}.dist-info"
    with zipfile.ZipFile(wheel) as file:
        described = email.message_from_bytes(file.read(f"{folder}/METADATA"))
        commands = file.read(f"{folder}/entry_points.txt").decode()
    assert described["Version"] == __version__
    assert described["License-Expression"] == "Apache-2.0"
    assert "nocode-classifier" in described.get_payload()
    assert f"{folder}/licenses/LICENSE" in names_in(wheel)
    assert "nocode-classifier = nocode_classifier.cli:main" in commands


def test_the_unpacked_wheel_runs_and_builds_its_page(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path / "site")
    program = (
        "import sys; from pathlib import Path; import nocode_classifier;"
        "from nocode_classifier.cli import main;"
        "from nocode_classifier.main import build_services;"
        "from nocode_classifier.ui.server import build_server;"
        "build_server(build_services(Path('home')));"
        "print(nocode_classifier.__file__); sys.exit(main(['projects']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    where, said = done.stdout.splitlines()[-2:]
    assert Path(where).is_relative_to(tmp_path.resolve())
    assert said == "There are no projects yet."
