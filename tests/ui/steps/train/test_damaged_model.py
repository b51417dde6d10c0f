"""A model whose card or graph is damaged: the project is there, and is trained again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.cli.run import main
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.train import step as train
from tests.small_models import adopt_model, card_of, write_model
from tests.undecoded import new_photo

Spoil = Callable[[Path], object]


def written(text: str) -> Spoil:
    return lambda folder: (folder / "card.json").write_text(text)


def changed(**changes: Any) -> Spoil:
    return written(json.dumps(card_of("cat", "dog", **changes)))


def named(*names: object) -> list[dict[str, object]]:
    return [{"name": name, "hints": [], "photos": 2} for name in names]


UNANSWERABLE: dict[str, Spoil] = {
    "empty": written(""),
    "an empty object": written("{}"),
    "a list": written("[]"),
    "deep": written("[" * 100_000),
    "of another version": changed(format_version=2),
    "of a version in words": changed(format_version="1"),
    "numbers for names": changed(classes=named(1, 2)),
    "no names": changed(classes=named("", None)),
    "one name twice": changed(classes=named("cat", "cat")),
    "a number for hints": changed(classes=[{"name": "cat", "hints": 3, "photos": 2}]),
    "words for limits": changed(sure={"probability": "0.5", "familiarity": "0.5"}),
    "a list for limits": changed(sure=[1, 2]),
    "a size in words": changed(input_size="big"),
    "an endless size": written(
        json.dumps(card_of("cat", "dog")).replace("{", '{"input_size": 1e999,', 1)
    ),
    "no graph": lambda folder: (folder / "model.onnx").unlink(),
    "an empty graph": lambda folder: (folder / "model.onnx").write_bytes(b""),
}
UNSHOWABLE: dict[str, Spoil] = {
    "no accuracy": written(
        json.dumps({k: v for k, v in card_of("cat").items() if k != "accuracy"})
    ),
    "an accuracy in words": changed(accuracy="good"),
    "more than all right": changed(accuracy={**card_of()["accuracy"], "value": 7}),
    "no table": changed(confusion={}),
    "words in the table": changed(confusion={"cat": {"cat": "x"}, "dog": {"dog": 1}}),
    "numbers for notes": changed(notes=[1]),
    "no count of photos": changed(classes=[{"name": "cat"}, {"name": "dog"}]),
}


@pytest.fixture
def project(services: Services) -> Project:
    project = services.library.create("Pets", ["cat", "dog"])
    for number in range(4):
        project.add_photo(new_photo(number), project.classes()[number % 2].id)
    adopt_model(project, card_of("cat", "dog"))
    return project


def model_of(project: Project) -> Path:
    folder = project.models.folder()
    assert folder is not None
    return folder


@pytest.mark.parametrize(
    "spoil", [*UNANSWERABLE.values(), *UNSHOWABLE.values()], ids=[*UNANSWERABLE, *UNSHOWABLE]
)
def test_a_project_with_a_damaged_model_is_one_without(
    spoil: Spoil, services: Services, project: Project
) -> None:
    spoil(model_of(project))
    assert project.models.folder() is None
    head, chooser, *_ = train.refresh(services, project.id)
    assert head["state"] == "inviting"
    assert chooser is not None
    assert [run.model for run in project.models.runs()] == [False]
    assert not services.library.open(project.id).info().has_model


@pytest.mark.parametrize("spoil", UNANSWERABLE.values(), ids=UNANSWERABLE)
def test_a_damaged_model_folder_is_a_sentence_on_the_command_line(
    spoil: Spoil, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (tmp_path / "photos" / "cat").mkdir(parents=True)
    write_model(model, card_of("cat", "dog"))
    spoil(model)
    for command in (
        ["predict", str(model), str(tmp_path)],
        ["evaluate", str(model), str(tmp_path / "photos")],
        ["export", str(model), "onnx", "-o", str(tmp_path / "made")],
        ["serve", str(model), "--port", "0"],
    ):
        assert main(command) == 1
        said = capsys.readouterr().err
        assert "should not have" not in said
        assert "model" in said
