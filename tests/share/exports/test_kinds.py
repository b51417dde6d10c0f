"""Each kind of export, opened the way its reader does."""

from __future__ import annotations

import ast
import csv
import functools
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.errors import InputError, NotProven, Unavailable
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import ignore, never
from nocode_classifier.project.archive.layout import SUFFIX
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import Exported, Subject
from nocode_classifier.share.exporters import exporter_of
from nocode_classifier.share.exporters.dataset import DataSet
from nocode_classifier.share.exporters.model import ModelArchive
from nocode_classifier.share.exporters.onnx_folder import OnnxFolder
from nocode_classifier.share.exporting import export
from nocode_classifier.share.subjects import subject_of
from tests.drawing import draw_folder
from tests.odd_photos import odd_greys, odd_photos
from tests.share.exports.conftest import PLACE


@pytest.fixture(scope="module")
def exported(
    shapes_project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Exported]:
    """An export of a kind, made once and only looked at."""
    subject = subject_of(shapes_project)

    @functools.cache
    def made(key: str) -> Exported:
        return export(exporter_of(key), subject, tmp_path_factory.mktemp(key) / "m")

    return made


@pytest.mark.parametrize("key", ["model", "dataset", "project"])
def test_answers_are_the_same(key: str, exported: Callable[[str], Exported]) -> None:
    proof = exported(key).proof
    assert proof is not None
    assert (proof.same, proof.asked) == (20, 20)
    assert proof.worst < 1e-6


def test_the_model_archive_opens_with_ordinary_tools(
    exported: Callable[[str], Exported], subject: Subject, shop: Path
) -> None:
    made = exported("model").path
    unzip = shutil.which("unzip")
    if unzip:
        subprocess.run([unzip, "-q", made, "-d", shop], check=True)
    else:
        zipfile.ZipFile(made).extractall(shop)
    folder = shop / "m"
    assert {path.name for path in folder.iterdir()} == {
        "model.onnx",
        "card.json",
        "predictor",
        "README.md",
        "report.html",
    }
    predictor = Predictor(folder)
    assert predictor.card["name"] == "Round / straight"
    assert predictor.predict(subject.photos[0]).label in predictor.classes


def test_the_readme_tells_how_to_use_it_and_how_good_it_is(subject: Subject, shop: Path) -> None:
    OnnxFolder().build(subject, shop, report=ignore, should_stop=never)
    text = (shop / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Round / straight\n")
    assert text.index("python example.py") < text.index("## How good it is")


def test_a_report_has_pictures_but_not_the_one_in_other_exports(
    subject: Subject, bare: Subject, shop: Path
) -> None:
    made = export(exporter_of("report"), subject, shop)
    assert (made.path.name, made.proof) == ("Round _ straight.html", None)
    assert "data:image" in made.path.read_text(encoding="utf-8")
    folder = export(OnnxFolder(), subject, shop).path
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "Confusion matrix" in text
    assert "data:image" not in text
    alone = export(exporter_of("report"), bare, shop / "alone").path
    assert "Confusion matrix" in alone.read_text(encoding="utf-8")


def test_the_example_is_short(subject: Subject) -> None:
    text = Path(OnnxFolder.build.__code__.co_filename).with_name("example.py").read_text()
    body = ast.parse(text).body
    lines = text.splitlines()
    program = [line for line in lines[body[0].end_lineno :] if line.strip()]
    assert len(program) <= 24
    assert "nocode_classifier" not in text


@pytest.mark.parametrize(
    "kind", [OnnxFolder(), pytest.param(ModelArchive(), marks=pytest.mark.gate)]
)
def test_photos_of_every_odd_form_get_the_answers_of_the_app(
    kind: OnnxFolder | ModelArchive, subject: Subject, shop: Path
) -> None:
    for name, data in (odd_photos() | odd_greys()).items():
        (shop / name).write_bytes(data)
    photos = sorted(shop.iterdir())
    made, place = shop / f"made{kind.suffix}", shop / "place"
    place.mkdir()
    if not kind.suffix:
        made.mkdir()
    kind.build(subject, made, report=ignore, should_stop=never)
    app = Predictor(subject.trained())
    answers = kind.ask(made, subject, photos, place, should_stop=never)
    for photo, answer in zip(photos, answers, strict=True):
        own = app.predict(photo)
        assert (answer.label, answer.sure) == (own.label, own.sure)
        assert answer.probabilities == pytest.approx(own.probabilities, abs=1e-6), photo.name


def test_a_model_that_is_exchanged_on_the_way_is_noticed(subject: Subject, shop: Path) -> None:
    few = replace(subject, photos=subject.photos[:4])

    class Exchanged(OnnxFolder):
        def build(self, subject: Subject, made: Path, **options: Any) -> None:
            OnnxFolder.build(self, subject, made, **options)
            card = made / "card.json"
            turned = card.read_text().replace('"circle"', '"x"').replace('"stripes"', '"circle"')
            card.write_text(turned.replace('"x"', '"stripes"'))

    with pytest.raises(NotProven):
        export(Exchanged(), few, shop)


def test_the_data_set_has_a_folder_a_class_and_credits(
    exported: Callable[[str], Exported],
) -> None:
    made = exported("dataset").path
    assert {path.name for path in made.iterdir()} == {
        "circle",
        "stripes",
        "CREDITS.csv",
        "CREDITS.html",
    }
    files = {path.relative_to(made).as_posix() for path in made.glob("*/*")}
    assert {"stripes/tall.jpg", "stripes/tall (2).jpg", "circle/scan.png"} <= files
    with (made / "CREDITS.csv").open(encoding="utf-8-sig", newline="") as table:
        assert {row["name"] for row in csv.DictReader(table)} == files
    assert "stripes/tall (2).jpg" in (made / "CREDITS.html").read_text(encoding="utf-8")


def test_the_data_set_tells_nothing_private(exported: Callable[[str], Exported]) -> None:
    made = exported("dataset").path
    photo = made / "stripes" / "tall.jpg"
    assert all(PLACE.encode() not in path.read_bytes() for path in made.rglob("*.*"))
    with Image.open(photo) as image:
        assert dict(image.getexif()) == {0x0112: 6}


def test_classes_of_any_name_get_a_folder(tmp_path: Path, shop: Path, subject: Subject) -> None:
    names = ["a/b", "A:b", "CON", "=1+1", "-x", "credits.csv"]
    project = Library(tmp_path / "names").create("Names", names)
    original = subject.photos[: len(names)]
    for name, path in zip(names, original, strict=True):
        add_photos(project, [Incoming(name, path.read_bytes, name, "upload")], class_id=None)
    made = export(DataSet(), subject_of(project), shop)
    folders = [path.name for path in made.path.iterdir() if path.is_dir()]
    assert len({name.casefold() for name in folders}) == len(names)
    assert made.proof is None


@pytest.mark.parametrize("key", ["dataset", "project"])
def test_a_photo_whose_file_was_changed_on_the_disk_is_not_exported_as_it_is(
    key: str, tmp_path: Path, shop: Path
) -> None:
    project = Library(tmp_path / "home").create("Shapes", ["circle"])
    add_photos(project, from_folder(draw_folder(tmp_path / "p", {"circle": 2})), class_id=None)
    first, second = map(project.path_of, project.photos())
    shutil.copyfile(first, second)
    with pytest.raises(Unavailable, match=r"The file of the photo '.*' was changed or damaged on"):
        export(exporter_of(key), subject_of(project), shop)
    assert not list(shop.iterdir())


def test_a_bare_model_has_no_photos_to_export(bare: Subject, shop: Path) -> None:
    for key in ("dataset", "project"):
        with pytest.raises(InputError, match="A model alone has no photos"):
            export(exporter_of(key), bare, shop)


def test_a_project_file_is_taken_in_elsewhere(
    exported: Callable[[str], Exported], shop: Path
) -> None:
    made = exported("project")
    assert made.path.suffix == SUFFIX
    taken_in = Library(shop / "home").import_file(made.path)
    assert taken_in.name == "Round / straight"
    assert taken_in.class_named("circle").hints == ("It rolls.",)
