"""`nocode-classifier export`, typed as people type it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.cli import main
from nocode_classifier.cli.export import DESCRIPTION
from nocode_classifier.share.exporters import EXPORTERS
from tests.drawing import draw_folder


@pytest.fixture(scope="module")
def model(shapes_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(shapes_model, tmp_path_factory.mktemp("model") / "shapes"))


def test_an_export_tells_programs_what_it_is(model: Path, tmp_path: Path, capsys: Any) -> None:
    photos = draw_folder(tmp_path / "photos", {"circle": 3, "stripes": 3}, first_seed=50)
    typed = ["export", str(model), "onnx", "-o", str(tmp_path), "--photos", str(photos), "--json"]
    assert main(typed) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"export", "path", "bytes", "proof", "note"}
    assert told["export"] == "onnx"
    assert Path(told["path"]) == (tmp_path / "Shapes-onnx").resolve()
    assert told["proof"] == {
        "same": 6,
        "asked": 6,
        "worst": pytest.approx(0, abs=1e-6),
        "drawn": False,
    }


def test_an_export_tells_people_that_it_was_proven(
    model: Path, tmp_path: Path, capsys: Any
) -> None:
    assert main(["export", str(model), "model", "-o", str(tmp_path / "m.zip")]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"Model: {tmp_path / 'm.zip'} (")
    assert second == "Same answers: 8 of 8 (drawn pictures, for want of photos)"


def test_what_cannot_be_exported_is_told_in_a_sentence(
    model: Path, tmp_path: Path, capsys: Any
) -> None:
    for typed, sentence in (
        (["dataset"], "name the project it was trained in"),
        (["model", "--weights", "light"], "--weights is for pages only"),
        (["model", "--photos", str(model)], "There are no photos in"),
    ):
        assert main(["export", str(model), *typed, "-o", str(tmp_path)]) == 1
        assert sentence in capsys.readouterr().err
    assert main(["export", "no such project", "model", "-o", str(tmp_path)]) == 1
    assert not list(tmp_path.glob("*.zip"))


def test_the_help_lists_every_kind() -> None:
    assert all(f"\n  {each.key} " in DESCRIPTION for each in EXPORTERS)
