"""The command line as people and programs use it: drawn photos, and here and there a process."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nocode_classifier import __version__, load_model
from nocode_classifier.cli import labelled_photos, main
from nocode_classifier.cli.bar import Bar, bar_line, in_words
from nocode_classifier.cli.console import Console
from nocode_classifier.cli.models import find_model
from nocode_classifier.cli.subjects import find_subject
from nocode_classifier.cli.table import write_table
from nocode_classifier.collect.folders import read_class_folder
from nocode_classifier.collect.intake import Refusal
from nocode_classifier.progress import Progress, never
from nocode_classifier.project.library import Library
from tests.patience import PATIENCE

COMMAND = [sys.executable, "-m", "nocode_classifier"]


def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Carry out a command as `call_alone` does, but in this process, which is quicker."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([*map(str, arguments)])
        except SystemExit as end:  # what was typed makes no sense, or help was asked for
            code = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def call_alone(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Carry out a command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=300
    )


def call_for_json(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    done = call(*arguments, "--json")
    assert done.returncode == code, done.stderr
    assert done.stdout.count("\n") == 1
    return json.loads(done.stdout)


def draw(path: Path, seed: int, shape: str) -> None:
    """Red stripes or blue dots on blotches, no two photos alike."""
    random = np.random.default_rng(seed)
    blotches = random.integers(0, 256, (4, 5, 3), dtype=np.uint8)
    pixels = np.array(Image.fromarray(blotches).resize((128, 96)))
    rows, columns = np.mgrid[:96, :128]
    step, phase = random.integers(14, 40), random.integers(0, 16)
    if shape == "stripes":
        pixels[(rows + phase) % step < step // 2] = (200, 30, 30)
    else:
        inside = [(places + phase) % step < step // 2 for places in (rows, columns)]
        pixels[inside[0] & inside[1]] = (20, 40, 220)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, quality=92)


def draw_folder(folder: Path, first_seed: int, count: int) -> Path:
    for shape in ("stripes", "dots"):
        for seed in range(first_seed, first_seed + count):
            draw(folder / shape / f"{seed}.jpg", seed, shape)
    return folder


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_folder(tmp_path_factory.mktemp("photos"), 0, 8)


@pytest.fixture(scope="module")
def model(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "shapes"
    done = call_alone("train", photos, "-o", folder)
    assert done.returncode == 0
    assert "Right on 16 of 16 photos it had not seen: 100%" in done.stdout
    assert done.stderr == ""
    return folder


def test_train_prints_what_the_design_promises_and_nothing_else(
    photos: Path, tmp_path: Path
) -> None:
    result = call_for_json("train", photos, "-o", tmp_path / "deep" / "model")
    assert list(result) == [
        "photos", "classes", "accuracy", "accuracy_low", "accuracy_high", "balanced_accuracy",
        "weakest", "by_class", "reason", "mode", "backbone", "seconds", "model",
    ]  # fmt: skip
    assert (result["photos"], result["classes"]) == (16, ["dots", "stripes"])
    assert result["accuracy_low"] < result["accuracy"] <= result["accuracy_high"] <= 1
    assert result["reason"] is None
    assert {name: found["photos"] for name, found in result["by_class"].items()} == {
        "dots": 8,
        "stripes": 8,
    }
    assert set(result["seconds"]) == {"features", "fit", "total"}
    assert (Path(result["model"]) / "model.onnx").is_file()
    assert names_in(tmp_path / "deep") == ["model"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--thorough", "--full"), "not allowed with argument"),
        (("--backbone", "resnet99"), "There is no backbone called 'resnet99'. Choose one of: "),
        (("--epochs", "3"), "add --thorough or --full"),
        (("--thorough", "--epochs", "0"), "Choose between 1 and 200 epochs."),
        (("--full", "--lr", "50"), "Choose a learning rate between"),
        (("--size", "8"), "Choose a size between 96 and 640 pixels."),
    ],
)
def test_how_hard_to_try_is_checked_before_anything_is_done(
    photos: Path, tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    done = call("train", photos, "-o", tmp_path / "model", *options)
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert not (tmp_path / "model").exists()


def test_train_says_how_good_the_model_is_and_what_comes_next(photos: Path, tmp_path: Path) -> None:
    done = call("train", photos, "-o", tmp_path / "model")
    assert "Classes: dots (8), stripes (8)" in done.stdout
    assert "Right on 16 of 16 photos it had not seen: 100%" in done.stdout
    assert "  stripes: 8 of 8 right, 100%" in done.stdout
    assert f'nocode-classifier predict "{tmp_path / "model"}" PHOTO' in done.stdout
    assert done.stderr == ""


def test_training_that_fails_leaves_the_old_model(model: Path, tmp_path: Path) -> None:
    before = (model / "card.json").read_bytes()
    draw(tmp_path / "alone" / "1.jpg", 1, "dots")
    done = call("train", tmp_path, "-o", model)
    assert done.returncode == 1
    assert done.stderr == ("Name at least two things to tell apart, then add photos of each.\n")
    assert (model / "card.json").read_bytes() == before
    assert names_in(model.parent) == [model.name]


def test_files_left_out_of_a_training_are_told_and_do_not_spoil_the_json(
    photos: Path, tmp_path: Path
) -> None:
    draw_folder(tmp_path / "in", 0, 3)
    (tmp_path / "in" / "dots" / "page.jpg").write_text("<html>not found</html>")
    done = call("train", tmp_path / "in", "-o", tmp_path / "model", "--json")
    assert json.loads(done.stdout)["photos"] == 6
    assert "1 file was left out:\n  dots/page.jpg: This is a web page" in done.stderr


@pytest.mark.parametrize("name", ["thesis.txt", "photos/cat.jpg"])
def test_nothing_but_a_model_is_ever_replaced(
    photos: Path, model: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = Path(shutil.copytree(model, tmp_path / "place" / "mine"))
    (target / name).parent.mkdir(exist_ok=True)
    (target / name).write_text("years of work")
    assert main(["train", str(photos), "-o", str(target)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"also holds other things ({name}), which must not be lost. Name a" in said.err
    assert (target / name).read_text() == "years of work"
    assert names_in(target.parent) == ["mine"]
    (target / "card.json").unlink()
    (target / name).unlink()
    assert main(["train", str(photos), "-o", str(target)]) == 1
    assert "also holds other things (model.onnx" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "written"), [("empty", "empty"), ("sub/deep/", "sub/deep"), ("link", "old")]
)
def test_a_model_goes_where_it_is_told_as_seen_from_here(
    photos: Path, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    typed: str, written: str,
) -> None:  # fmt: skip
    (tmp_path / "empty").mkdir()
    shutil.copytree(model, tmp_path / "old")
    (tmp_path / "link").symlink_to("old")
    shutil.copytree(photos, tmp_path / "photos")
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "old" / "card.json").stat().st_ino
    assert main(["train", "photos", "-o", typed]) == 0
    assert sorted(names_in(tmp_path / written)) == ["card.json", "model.onnx"]
    assert (tmp_path / "link").is_symlink()
    assert ((tmp_path / "old" / "card.json").stat().st_ino == before) == (typed != "link")


def test_the_folder_one_is_in_does_not_become_a_model(
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", str(photos), "-o", "."]) == 1
    assert "is the folder you are in; name another one." in capsys.readouterr().err


def test_a_model_that_was_moved_aside_when_a_training_was_killed_is_found_by_all_that_read_it(
    photos: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, photo = tmp_path / "place" / "mine", next(photos.glob("*/*.jpg"))
    aside = target.parent / f".new-{'0' * 16}" / "old" / "mine"
    for command in (["predict", str(target), str(photo)], ["evaluate", str(target), str(photos)]):
        shutil.copytree(model, aside)
        assert main(command) == 0
        assert names_in(target.parent) == ["mine"]
        shutil.rmtree(target)
    for find in (find_model, find_subject, load_model):
        shutil.copytree(model, aside)
        assert find(str(target))
        assert names_in(target.parent) == ["mine"]
        shutil.rmtree(target)


def test_a_place_that_cannot_be_written_to_is_known_before_the_work(
    photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    done = call("train", photos, "-o", tmp_path / "file" / "model")
    assert done.returncode == 1
    assert f"{tmp_path / 'file'} is not of the kind it should be" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_stops_cleanly_and_leaves_the_old_model(model: Path, tmp_path: Path) -> None:
    before = (model / "card.json").read_bytes()
    many = draw_folder(tmp_path, 0, 150)
    process = subprocess.Popen(
        [*COMMAND, "train", str(many), "-o", str(model)], stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and not list(model.parent.glob(".new-*")):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == "Stopping... (Ctrl-C again stops at once)\nStopped.\n"
    assert (model / "card.json").read_bytes() == before
    assert names_in(model.parent) == [model.name]


def test_evaluate_counts_right_unsure_and_mixed_up_answers(model: Path, tmp_path: Path) -> None:
    unseen = draw_folder(tmp_path / "unseen", 100, 5)
    (unseen / "dots").rename(unseen / "DOTS")
    result = call_for_json("evaluate", model, unseen)
    assert list(result) == [
        "photos", "correct", "accuracy", "accuracy_low", "accuracy_high", "balanced_accuracy",
        "weakest", "by_class", "reason", "unsure", "confusion",
    ]  # fmt: skip
    assert (result["photos"], result["correct"], result["accuracy"]) == (10, 10, 1.0)
    assert result["confusion"] == {
        "dots": {"dots": 5, "stripes": 0},
        "stripes": {"dots": 0, "stripes": 5},
    }


def test_copies_count_as_photos_but_do_not_narrow_the_interval(model: Path, tmp_path: Path) -> None:
    unseen = draw_folder(tmp_path / "unseen", 100, 5)
    once = call_for_json("evaluate", model, unseen)
    for photo in list(unseen.glob("*/*.jpg")):
        photo.with_stem(f"copy of {photo.stem}").write_bytes(photo.read_bytes())
    twice = call_for_json("evaluate", model, unseen)
    assert (once["photos"], twice["photos"]) == (10, 20)
    assert once["accuracy_low"] == twice["accuracy_low"]


def test_evaluate_leads_with_the_weakest_class_where_they_are_uneven(
    model: Path, tmp_path: Path
) -> None:
    unseen = draw_folder(tmp_path / "unseen", 100, 7)
    for photo in sorted((unseen / "dots").iterdir())[1:]:
        photo.unlink()
    (unseen / "stripes" / "100.jpg").rename(unseen / "dots" / "in the wrong folder.jpg")
    found = call_for_json("evaluate", model, unseen)
    assert (found["weakest"], found["by_class"]["dots"]["photos"]) == ("dots", 2)
    done = call("evaluate", model, unseen)
    assert done.stdout.startswith("Weakest class 'dots': right on 1 of 2 photos: 50.0% (between")


def test_evaluate_says_of_which_classes_there_were_no_photos(model: Path, tmp_path: Path) -> None:
    draw(tmp_path / "dots" / "1.jpg", 100, "dots")
    found = call_for_json("evaluate", model, tmp_path)
    assert (found["photos"], found["accuracy"]) == (1, 1.0)
    assert found["by_class"]["stripes"]["accuracy"] is None
    assert found["reason"] == "There were no photos of 'stripes'."


def test_training_that_is_refused_says_what_was_left_out_and_why(tmp_path: Path) -> None:
    draw(tmp_path / "dots" / "1.jpg", 1, "dots")
    (tmp_path / "dots" / "2.jpg").write_bytes((tmp_path / "dots" / "1.jpg").read_bytes())
    (tmp_path / "stripes").mkdir()
    (tmp_path / "stripes" / "1.CR2").write_bytes(b"II*\0\x10\0\0\0CR\2\0" + bytes(40))
    done = call("train", tmp_path, "-o", tmp_path / "model")
    assert done.returncode == 1
    assert "2 files were left out:" in done.stderr
    assert "dots/2.jpg: This is the same photo as dots/1.jpg" in done.stderr
    assert "stripes/1.CR2: This is a RAW file" in done.stderr


def test_evaluate_names_the_classes_the_model_knows(model: Path, tmp_path: Path) -> None:
    draw(tmp_path / "circles" / "1.jpg", 1, "dots")
    draw(tmp_path / "dots" / "1.jpg", 2, "dots")
    done = call("evaluate", model, tmp_path)
    assert done.returncode == 1
    assert "knows no class 'circles'; it knows 'dots' and 'stripes'." in done.stderr


def test_evaluate_shows_a_table_to_people(model: Path, tmp_path: Path) -> None:
    done = call("evaluate", model, draw_folder(tmp_path / "unseen", 100, 2))
    assert "Right on 4 of 4 photos: 100.0%" in done.stdout
    assert re.search(r"stripes +0 +2", done.stdout)


def test_predict_answers_files_and_folders_in_order(model: Path, tmp_path: Path) -> None:
    draw_folder(tmp_path / "new", 200, 2)
    (tmp_path / "new" / "notes.txt").write_text("not a photo, and nobody says it is")
    single = tmp_path / "new" / "dots" / "200.jpg"
    result = call_for_json("predict", model, single, tmp_path / "new")
    names = [Path(answer["photo"]).relative_to(tmp_path) for answer in result["answers"]]
    assert [str(name.as_posix()) for name in names] == [
        "new/dots/200.jpg", "new/dots/200.jpg", "new/dots/201.jpg",
        "new/stripes/200.jpg", "new/stripes/201.jpg",
    ]  # fmt: skip
    assert [answer["label"] for answer in result["answers"]] == ["dots"] * 3 + ["stripes"] * 2
    assert list(result["answers"][0]) == [
        "photo", "label", "sure", "why", "probabilities", "hint",
    ]  # fmt: skip
    assert all(answer["sure"] == (answer["why"] is None) for answer in result["answers"])
    assert sum(result["answers"][0]["probabilities"].values()) == pytest.approx(1)


def test_a_photo_that_cannot_be_read_does_not_keep_the_others_from_answers(
    model: Path, photos: Path, tmp_path: Path
) -> None:
    good = photos / "dots" / "1.jpg"
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(good.read_bytes()[:1500])
    result = call_for_json(
        "predict", model, tmp_path / "gone.jpg", cut, "http://127.0.0.1:9/a.jpg", good, code=1
    )
    gone, damaged, inside, answered = result["answers"]
    assert gone == {
        "photo": str(tmp_path / "gone.jpg"),
        "error": "There is no such file: check the path.",
    }
    assert set(damaged) == {"photo", "error"}
    assert "inside this computer" in inside["error"]
    assert answered["label"] == "dots"


def test_what_was_left_out_is_told_once_for_each_reason(capsys: pytest.CaptureFixture[str]) -> None:
    refusals = [Refusal(f"{number}.jpg", "It is cut off.") for number in range(5)]
    refusals += [Refusal(f"x{number}", f"Reason {number}.") for number in range(12)]
    Console(as_json=False, should_stop=never).note_refusals(refusals)
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [
        "17 files were left out:",
        "  0.jpg, 1.jpg, 2.jpg and 2 more: It is cut off.",
    ]
    assert lines[-2:] == ["  x8: Reason 8.", "  and 3 more"]


def test_photos_that_go_while_a_model_is_evaluated_do_not_end_it(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = draw_folder(tmp_path / "unseen", 100, 2)

    def read_and_lose(*arguments: Any, **options: Any) -> Any:
        content = read_class_folder(*arguments, **options)
        (photos / "dots" / "100.jpg").unlink()
        return content

    monkeypatch.setattr(labelled_photos, "read_class_folder", read_and_lose)
    assert main(["evaluate", str(model), str(photos), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["photos"] == 3
    assert "dots/100.jpg: It can't be read any more" in told.err


def test_answers_can_go_into_a_table(model: Path, photos: Path, tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    done = call("predict", model, photos / "dots" / "1.jpg", tmp_path / "no.jpg", "--csv", table)
    assert done.returncode == 1
    with table.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == ["photo", "label", "sure", "why", "dots", "stripes", "hint", "error"]
    assert (first["label"], float(first["dots"]) > 0.5) == ("dots", True)
    assert second["error"] == "There is no such file: check the path."


def test_no_header_of_a_table_is_a_formula_either(tmp_path: Path) -> None:
    answer = {"photo": "@a.jpg", "label": "=1+1", "sure": True, "probabilities": {"=1+1": 1.0}}
    write_table(tmp_path / "answers.csv", ["=1+1", "-2"], [answer])
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert header == ["photo", "label", "sure", "why", "'=1+1", "'-2", "hint", "error"]
    assert row == ["'@a.jpg", "'=1+1", "yes", "", "1.000000", "", "", ""]


def test_a_project_is_asked_by_its_name_as_a_model_folder_is(
    model: Path, photos: Path, tmp_path: Path, temporary_home: Path
) -> None:
    project = Library(temporary_home).create("Our shapes")
    with project.models.new_folder() as made:
        shutil.copytree(model, made, dirs_exist_ok=True)
        project.models.adopt(made, [], revision_hash="")
    table = tmp_path / "answers.csv"
    assert main(["predict", "our SHAPES", str(photos / "dots" / "1.jpg"), "--csv", str(table)]) == 0
    assert main(["evaluate", project.id, str(photos)]) == 0
    assert find_subject("Our shapes").project is not None
    assert find_subject(str(model)).model == find_model(str(model)) == model


def test_what_was_named_and_is_no_model_is_said_so(
    tmp_path: Path, temporary_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Library(temporary_home).create("New")
    (tmp_path / "folder").mkdir()
    for named, sentence in (
        ("New", "'New' is not trained yet"),
        ("x" * 5000, "There is no model folder and no project 'xxx"),
        (str(tmp_path / "folder"), "it holds no card.json"),
    ):
        assert main(["predict", named, "a.jpg"]) == 1
        assert sentence in capsys.readouterr().err


def test_a_folder_that_is_no_model_is_said_so(photos: Path) -> None:
    done = call("predict", photos, photos / "dots" / "1.jpg")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no model in" in done.stderr


def test_projects_are_created_listed_exported_and_imported(tmp_path: Path) -> None:
    made = call_for_json("projects", "create", "Our birds", "--class", "robin", "--class", "wren")
    assert made["project"]["classes"] == ["robin", "wren"]
    exported = call_for_json("projects", "export", "our birds", "-o", tmp_path / "birds")
    assert exported["file"] == str(tmp_path / "birds.nocode")
    call_for_json("projects", "import", tmp_path / "birds.nocode")
    listed = call_for_json("projects")["projects"]
    assert [each["name"] for each in listed] == ["Our birds", "Our birds"]
    assert len({each["id"] for each in listed}) == 2


def test_projects_are_copied_deleted_and_brought_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["projects", "create", "--template", "bears"]) == 0
    assert main(["projects", "rename", "Teddy, grizzly or black bear", "Bears"]) == 0
    assert main(["projects", "duplicate", "bears", "--name", "More bears"]) == 0
    assert main(["projects", "delete", "Bears"]) == 0
    assert main(["projects", "--json"]) == 0
    assert main(["projects", "list", "--bin", "--json"]) == 0
    assert main(["projects", "restore", "Bears"]) == 0
    lines = capsys.readouterr().out.splitlines()
    kept, binned = (json.loads(line)["projects"] for line in lines if line.startswith("{"))
    assert [each["name"] for each in kept] == ["More bears"]
    assert [each["name"] for each in binned] == ["Bears"]
    assert lines[-1] == "'Bears' is back."


def test_a_name_that_two_projects_have_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        main(["projects", "create", "Twin"])
    assert main(["projects", "delete", "Twin"]) == 1
    assert "Several projects are called 'Twin'" in capsys.readouterr().err
    assert main(["projects", "delete", "nobody"]) == 1
    assert "There is no project 'nobody' here" in capsys.readouterr().err


def test_home_may_be_named_before_or_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOCODE_CLASSIFIER_HOME", str(tmp_path / "other"))
    home = str(tmp_path / "elsewhere")
    assert main(["--home", home, "projects", "create", "Here"]) == 0
    assert main(["projects", "list", "--home", home, "--json"]) == 0
    assert main(["projects", "--json", "--home", home, "list"]) == 0
    *_, first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert json.loads(first)["projects"][0]["name"] == "Here"


def test_wrong_usage_is_code_2_and_no_traceback() -> None:
    for arguments in (["train"], ["fly"], ["predict", "model"], ["evaluate", "m", "f", "--fast"]):
        done = call(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("usage: nocode-classifier")


def test_help_explains_the_exit_codes_and_every_command_helps() -> None:
    assert "130  stopped with Ctrl-C" in call_alone("--help").stdout
    for command in ("train", "evaluate", "predict", "projects"):
        assert "example" in call(command, "--help").stdout


def test_the_version_is_told() -> None:
    done = call_alone("--version")
    assert (done.returncode, done.stdout) == (0, f"nocode-classifier {__version__}\n")


def test_a_surprise_is_one_calm_sentence_and_the_log_has_the_details(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def explode(*_: object) -> None:
        raise ZeroDivisionError("nobody expected this")

    monkeypatch.setattr("nocode_classifier.cli.projects.Library", explode)
    assert main(["projects"]) == 1
    said = capsys.readouterr().err
    log = tmp_path / "logs" / "nocode-classifier.log"
    assert said == (
        "Something went wrong that should not have (ZeroDivisionError). "
        f"The details are in {log.resolve()}.\n"
    )
    assert "nobody expected this" in log.read_text()
    assert main(["projects", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_has_enough_is_no_error(photos: Path, model: Path) -> None:
    asked = [*COMMAND, "predict", str(model), str(photos)]
    process = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(PATIENCE) == 1


def test_the_progress_bar_names_the_stage_and_the_time_left() -> None:
    line = bar_line(Progress("Looking at your photos", 5, 10, 0.5, 7.4), 200)
    assert line == f"{'█' * 8}{'░' * 8}  50%  Looking at your photos, about 7 s left"
    assert len(bar_line(Progress("Looking at your photos", fraction=0.5), 40)) == 40
    assert [in_words(seconds) for seconds in (0.2, 99, 400)] == ["1 s", "99 s", "7 min"]


class Terminal(StringIO):
    """Stands for a terminal and remembers what was written."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("no_colour", [True, False])
def test_the_bar_is_drawn_over_itself_and_wiped(
    monkeypatch: pytest.MonkeyPatch, no_colour: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1" if no_colour else "")
    terminal = Terminal()
    bar = Bar(terminal)
    bar.draw(Progress("Reading the photos", 1, 2, 0.5))
    bar.clear()
    written = terminal.getvalue()
    assert "Reading the photos" in written
    assert written.endswith(" \r")
    assert ("\x1b" in written) is not (no_colour or os.name == "nt")
