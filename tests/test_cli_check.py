"""`nocode-classifier check`, typed as people type it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nocode_classifier import paths
from nocode_classifier.cli import main
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.drawing import draw_folder, save_photos
from tests.learning import NewShapes

FIELDS = {
    *("photos", "classes", "accuracy", "accuracy_low", "accuracy_high", "balanced_accuracy"),
    *("weakest", "by_class", "reason", "confusion", "most_confused", "wrong", "suspicious"),
    *("advice", "sure"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Circles, one of them twice, saved anew; stripes, some of them called circles."""
    root = tmp_path_factory.mktemp("drawn") / "My shapes"
    draw_folder(root, {"circle": 10, "stripes": 10})
    save_photos(root / "circle", "stripes", [70])
    with Image.open(root / "circle" / "circle-001.jpg") as image:
        image.save(root / "circle" / "circle-001 again.jpg", quality=75)
    (root / "notes.txt").write_text("not a photo")
    return root


@pytest.fixture
def project(new_shapes: NewShapes, temporary_home: Path) -> Project:
    return new_shapes(Library(temporary_home), "Shapes")


def told(capsys: Any, *typed: str | Path) -> dict[str, Any]:
    assert main(["check", *map(str, typed), "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_folder_is_checked_without_keeping_anything(
    folder: Path, tmp_path: Path, capsys: Any
) -> None:
    kept = {path.name for path in paths.cache().iterdir()}
    report = tmp_path / "report.html"
    found = told(capsys, folder, "--report", report)
    assert found.keys() == FIELDS | {"report"}
    assert (found["photos"], found["classes"]) == (22, ["circle", "stripes"])
    assert found["accuracy_low"] < found["accuracy"] < found["accuracy_high"]
    assert found["by_class"]["stripes"].keys() >= {"precision", "recall"}
    wrong = found["wrong"][0]
    assert wrong["photo"] == str(folder / "circle" / "stripes-070.jpg")
    assert (wrong["class"], wrong["answered"]) == ("circle", "stripes")
    assert {"photo": wrong["photo"], "kind": "mislabelled", "twin": None} in found["suspicious"]
    (twins,) = [each for each in found["suspicious"] if each["kind"] == "duplicate"]
    names = {Path(twins[key]).name for key in ("photo", "twin")}
    assert names == {"circle-001.jpg", "circle-001 again.jpg"}
    assert sum(map(sum, (row.values() for row in found["confusion"].values()))) == 22
    assert found["sure"]["photos"] == 22
    assert "data:image/webp;base64," in report.read_text(encoding="utf-8")
    assert {path.name for path in paths.cache().iterdir()} == kept
    assert Library(paths.home()).projects() == []


def test_a_project_is_checked_and_told_in_sentences(project: Project, capsys: Any) -> None:
    assert main(["check", "shapes"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Right on ")
    assert "Measured by cross-validation" in out
    assert "  circle: " in out
    assert "precision" in out
    assert "So it answers" in out
    assert project.load_findings("check") is not None


def test_people_are_told_class_and_name_of_the_photos_of_a_project(
    project: Project, tmp_path: Path, capsys: Any
) -> None:
    photo = project.photos(project.class_named("circle").id)[1]
    (tmp_path / "more" / "circle").mkdir(parents=True)
    with Image.open(project.path_of(photo)) as image:
        image.save(tmp_path / "more" / "circle" / "again.jpg", quality=75)
    add_photos(project, from_folder(tmp_path / "more"), class_id=None)
    assert main(["check", "Shapes"]) == 0
    out = capsys.readouterr().out
    assert f"  circle/again.jpg and circle/{Path(photo.name).name}\n" in out
    assert str(project.folder) not in out


@pytest.mark.usefixtures("project")
def test_programs_learn_where_the_photos_of_a_project_are(capsys: Any) -> None:
    found = told(capsys, "Shapes")
    assert found.keys() == FIELDS
    assert found["photos"] == 40
    assert found["by_class"]["circle"]["photos"] == 20
    assert all(Path(each["photo"]).is_file() for each in found["wrong"] + found["suspicious"])


def test_a_model_is_asked_about_photos_that_it_has_not_seen(
    shapes_model: Path, tmp_path: Path, capsys: Any
) -> None:
    photos = draw_folder(tmp_path / "photos", {"circle": 6, "stripes": 5}, first_seed=50)
    shutil.copyfile(photos / "stripes" / "stripes-050.jpg", photos / "circle" / "lost.jpg")
    found = told(capsys, shapes_model, photos)
    assert found["photos"] == 12
    assert found["by_class"]["circle"]["correct"] <= 6
    assert found["wrong"][0]["photo"] == str(photos / "circle" / "lost.jpg")
    sure = found["sure"]
    assert sure["photos"] == 12
    assert sure["right"] <= sure["answered"] <= 12
    assert main(["check", str(shapes_model), str(photos)]) == 0
    out = capsys.readouterr().out
    assert "Measured by asking it about labelled photos, none of which it may have learned" in out
    assert "lost.jpg: circle, answered stripes" in out


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("no such thing",), "There is no model folder and no project 'no such thing'"),
        (("{model}",), "Name photos that the model has not seen"),
        (("{photos}", "{photos}"), "There is no model in"),
        (("{empty}",), "No photos were found in"),
        (("New",), "'New' is not trained yet: open the app and train it first."),
        (("{photos}", "--report", "{empty}"), "is a folder: name a file for the report"),
        (("{photos}", "--report", "{empty}/no/report.html"), "There is no folder"),
    ],
)
def test_what_can_not_be_checked_is_told_in_a_sentence(
    typed: tuple[str, ...],
    sentence: str,
    folder: Path,
    shapes_model: Path,
    tmp_path: Path,
    temporary_home: Path,
    capsys: Any,
) -> None:
    Library(temporary_home).create("New", ["a", "b"])
    places = {"model": shapes_model, "photos": folder, "empty": tmp_path / "empty"}
    places["empty"].mkdir()
    assert main(["check", *(each.format(**places) for each in typed)]) == 1
    assert sentence in capsys.readouterr().err
