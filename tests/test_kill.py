"""What is made is killed at random moments: the old whole or the new whole is at its place."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nocode_classifier.learn.backbones.prepare import extractor_path, is_prepared, prepare
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.placing import restored
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.share.exporters import EXPORTERS
from tests.drawing import draw_folder, draw_photo
from tests.learning import drawn_photos, train_on

pytestmark = [
    pytest.mark.gate,
    pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does"),
]

KILLS = 4
WAYS = {each.key: each.suffix for each in EXPORTERS if each.key not in ("dataset", "project")}

COMMAND = "import sys; from nocode_classifier.cli import main; sys.exit(main(sys.argv[1:]))"
CONVERTING = """
import sys
from pathlib import Path
from nocode_classifier.learn.backbones.registry import (DEFAULT)
from nocode_classifier.learn.torch_side.convert import convert
convert(DEFAULT, Path(sys.argv[1]))
"""


def killed_after(seconds: float, script: str, *arguments: str | Path) -> None:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)


def seconds_of(script: str, *arguments: str | Path) -> float:
    """How long it takes if nobody kills it."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def content(path: Path) -> dict[str, str]:
    """SHA-256 of every file of what is there."""
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return {
        each.relative_to(path.parent).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in files
    }


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, backbone_cache: Path) -> tuple[Path, Path]:
    """Two models of one kind that differ."""
    folder = tmp_path_factory.mktemp("models")
    first, second = (
        train_on(
            drawn_photos(folder / f"photos-{count}", {"circle": count, "stripes": count}),
            folder / str(count),
            backbone_cache,
            name="Shapes",
        ).folder
        for count in (6, 7)
    )
    return first, second


@pytest.mark.slow
@pytest.mark.usefixtures("web_runtime")
@pytest.mark.parametrize("key", WAYS)
def test_an_export_killed_at_any_moment_is_the_old_one_or_the_new_one(
    key: str, models: tuple[Path, Path], tmp_path: Path
) -> None:
    chance, target = random.Random(key), tmp_path / f"mine{WAYS[key]}"
    asked = ["--photos", str(draw_folder(tmp_path / "photos", {"circle": 1}))]
    seconds = seconds_of(COMMAND, "export", models[0], key, "-o", target, *asked)
    wholes = [content(target)]
    seconds_of(COMMAND, "export", models[1], key, "-o", target, *asked)
    wholes.append(content(target))
    for kill in range(KILLS):
        arguments: list[str | Path] = ["export", models[kill % 2], key, "-o", target, *asked]
        killed_after(chance.uniform(0.3, 1.05) * seconds, COMMAND, *arguments)
        found = content(restored(target))
        # The pickle and Core ML's package have a date or an id in them.
        assert found in wholes or (key in ("fastai", "coreml") and found.keys() == wholes[0].keys())
    seconds_of(COMMAND, "export", models[0], key, "-o", target, *asked)
    assert {path.name for path in tmp_path.iterdir()} <= {target.name, "photos", "home", "logs"}


@pytest.mark.slow
def test_a_training_killed_at_any_moment_leaves_the_old_model_or_the_new_one(
    tmp_path: Path, backbone_cache: Path
) -> None:
    chance, target = random.Random(8), tmp_path / "mine"
    folders = [draw_folder(tmp_path / f"in-{n}", {"circle": n, "stripes": n}) for n in (4, 5)]
    wholes = []
    for folder in folders:
        seconds = seconds_of(COMMAND, "train", folder, "-o", target)
        wholes.append(content(target)["mine/model.onnx"])
    for kill in range(3 * KILLS):
        arguments = ("train", folders[kill % 2], "-o", target)
        killed_after(chance.uniform(0.3, 1.05) * seconds, COMMAND, *arguments)
        assert content(restored(target))["mine/model.onnx"] in wholes
        assert Predictor(target).predict(draw_photo("stripes", 800)).label == "stripes"
    seconds_of(COMMAND, "train", folders[0], "-o", target)
    assert {path.name for path in tmp_path.iterdir()} <= {"mine", "in-4", "in-5", "home", "logs"}


@pytest.mark.slow
def test_a_conversion_killed_at_any_moment_is_made_again(
    tmp_path: Path, backbone_cache: Path
) -> None:
    chance, whole = random.Random(9), prepare(DEFAULT, backbone_cache).read_bytes()
    path = extractor_path(DEFAULT, tmp_path)
    path.parent.mkdir()
    seconds = seconds_of(CONVERTING, path)
    for _ in range(KILLS):
        path.unlink(missing_ok=True)
        killed_after(chance.uniform(0.7, 1.05) * seconds, CONVERTING, path)
        assert not path.exists() or path.read_bytes() == whole
        assert not is_prepared(DEFAULT, tmp_path) or path.read_bytes() == whole
    assert prepare(DEFAULT, tmp_path).read_bytes() == whole
    names = {each.name for each in path.parent.iterdir()}
    assert names == {path.name, f"{path.name}.sha256"}
