"""Hints reach the card of the current model without training again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from tests.small_models import card_of, write_model


@pytest.fixture
def pets(tmp_path: Path) -> Project:
    return Library(tmp_path).create("Pets", ["cats", "dogs"])


def adopt(project: Project, card: object) -> Path:
    with project.models.new_folder() as folder:
        write_model(folder, card)
        return project.models.adopt(folder, [], revision_hash=project.models.fingerprint())


def hints_in(folder: Path) -> list[list[str]]:
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert card["licence"] == "MIT"
    assert all(entry["photos"] == 3 for entry in card["classes"])
    return [entry["hints"] for entry in card["classes"]]


def test_a_hint_that_is_edited_is_in_the_card_of_the_current_model(pets: Project) -> None:
    folder = adopt(pets, card_of("cats", "dogs", licence="MIT"))
    pets.set_hints(pets.class_named("dogs").id, ["Wöff.", "Sit!"])
    assert hints_in(folder) == [[], ["Wöff.", "Sit!"]]
    pets.set_hints(pets.class_named("dogs").id, [])
    assert hints_in(folder) == [[], []]


def test_a_model_takes_the_hints_of_the_moment_it_is_adopted(pets: Project) -> None:
    pets.set_hints(pets.class_named("cats").id, ["Meow."])
    assert hints_in(adopt(pets, card_of("cats", "birds", licence="MIT"))) == [["Meow."], []]


def test_a_class_keeps_its_hints_when_it_is_renamed_and_takes_none_of_its_old_name(
    pets: Project,
) -> None:
    folder = adopt(pets, card_of("cats", "dogs", licence="MIT"))
    cats, dogs = pets.classes()
    for label, name in ((cats, "birds"), (dogs, "cats")):
        pets.rename_class(label.id, name)
    pets.set_hints(cats.id, ["Meow."])
    pets.set_hints(dogs.id, ["Sit!"])
    assert hints_in(folder) == [["Meow."], ["Sit!"]]


def test_a_copy_of_the_project_keeps_its_own_hints(tmp_path: Path, pets: Project) -> None:
    adopt(pets, card_of("cats", "dogs", licence="MIT"))
    copy = Library(tmp_path).duplicate(pets.id)
    pets.set_hints(pets.class_named("cats").id, ["Meow."])
    folder = copy.models.folder()
    assert folder is not None
    assert hints_in(folder) == [[], []]


@pytest.mark.parametrize("card", ["no card", {}, {"classes": [{"photos": 1}]}, [1]])
def test_a_card_that_can_not_be_understood_is_left_as_it_is(pets: Project, card: object) -> None:
    folder = adopt(pets, card)
    pets.set_hints(pets.class_named("cats").id, ["Meow."])
    assert json.loads((folder / "card.json").read_text()) == card
    assert pets.class_named("cats").hints == ("Meow.",)
