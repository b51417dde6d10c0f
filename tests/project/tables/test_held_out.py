"""What a model said about photos it had not seen, whatever its classes are called since."""

from __future__ import annotations

from pathlib import Path
from struct import pack

from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import HeldOutAnswer
from tests.small_models import card_of, write_model


def said(true: str, predicted: str, *probabilities: float, sha256: str = "a" * 64) -> HeldOutAnswer:
    """An answer with all that is kept of one."""
    data = pack(f"<{len(probabilities)}f", *probabilities)
    return HeldOutAnswer(sha256, true, predicted, max(probabilities), data, 0.25, 3)


def adopt(project: Project, *answers: HeldOutAnswer, classes: tuple[str, ...] = ()) -> Path:
    names = classes or tuple(label.name for label in project.classes())
    with project.models.new_folder() as folder:
        write_model(folder, card_of(*names))
        return project.models.adopt(folder, answers, revision_hash=project.models.fingerprint())


def pairs(answers: list[HeldOutAnswer]) -> list[tuple[str, str]]:
    return [(answer.true, answer.predicted) for answer in answers]


def test_answers_come_back_whole(pets: Project) -> None:
    answers = [said("cats", "dogs", 0.25, 0.75), HeldOutAnswer("b" * 64, "dogs", "dogs", 0.5)]
    adopt(pets, *answers)
    assert pets.models.held_out() == answers


def test_answers_follow_classes_that_are_renamed_even_into_each_other(pets: Project) -> None:
    adopt(pets, said("cats", "dogs", 0.25, 0.75))
    cats, dogs = (label.id for label in pets.classes())
    for class_id, name in ((cats, "x"), (dogs, "cats"), (cats, "dogs")):
        pets.rename_class(class_id, name)
    assert pairs(pets.models.held_out()) == [("dogs", "cats")]
    assert pets.models.class_names() == ["dogs", "cats"]


def test_a_class_that_was_removed_keeps_its_name_in_the_answers(pets: Project) -> None:
    adopt(pets, said("cats", "dogs", 0.25, 0.75))
    pets.remove_class(pets.class_named("cats").id)
    pets.rename_class(pets.class_named("dogs").id, "wolves")
    assert pairs(pets.models.held_out()) == [("cats", "wolves")]


def test_a_class_that_the_project_does_not_have_keeps_its_name(pets: Project) -> None:
    adopt(pets, said("birds", "cats", 0.5, 0.5), classes=("cats", "birds"))
    pets.rename_class(pets.class_named("cats").id, "felines")
    assert pairs(pets.models.held_out()) == [("birds", "felines")]


def test_a_model_from_before_keeps_the_names_it_learnt(pets: Project) -> None:
    adopt(pets, said("cats", "dogs", 0.25, 0.75))
    with pets.database.writing() as connection:
        connection.execute("UPDATE models SET class_ids = '[]'")
    pets.rename_class(pets.class_named("cats").id, "felines")
    assert pairs(pets.models.held_out()) == [("cats", "dogs")]
    assert pets.models.class_names() == ["cats", "dogs"]


def test_the_model_before_the_current_one_can_be_compared(pets: Project) -> None:
    assert (pets.models.previous_held_out(), pets.models.class_names()) == ([], [])
    adopt(pets, said("cats", "dogs", 0.25, 0.75))
    assert pets.models.previous_held_out() == []
    adopt(pets, said("cats", "cats", 0.75, 0.25))
    pets.rename_class(pets.class_named("cats").id, "felines")
    assert pairs(pets.models.previous_held_out()) == [("felines", "dogs")]
    assert pairs(pets.models.held_out()) == [("felines", "felines")]
    pets.models.use_run(pets.models.runs()[-1].id)
    assert pets.models.previous_held_out() == []


def test_a_copy_of_a_project_has_the_answers_whole(library: Library, pets: Project) -> None:
    adopt(pets, said("cats", "dogs", 0.25, 0.75))
    pets.rename_class(pets.class_named("cats").id, "felines")
    copy = library.duplicate(pets.id)
    assert copy.models.held_out() == pets.models.held_out()
