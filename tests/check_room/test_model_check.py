from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nocode_classifier.check.model_check import check_of, model_check
from nocode_classifier.project.library import Library
from nocode_classifier.project.records import HeldOutAnswer
from tests.check_room.answers import SURE, answer, check, many
from tests.learning import NewShapes


def test_rows_of_the_confusion_are_what_photos_show_and_columns_what_was_answered() -> None:
    found = many({("cat", "cat"): 8, ("cat", "dog"): 2, ("dog", "dog"): 5})
    np.testing.assert_array_equal(found.confusion, [[8, 2], [0, 5]])


def test_precision_recall_and_f1_are_those_of_the_textbook() -> None:
    cat, dog = many({("cat", "cat"): 8, ("cat", "dog"): 2, ("dog", "dog"): 6}).by_class()
    assert (cat.precision, cat.recall) == (1.0, 0.8)
    assert (dog.precision, dog.recall) == (0.75, 1.0)
    assert dog.f1 == pytest.approx(2 * 0.75 / 1.75)


def test_a_class_that_was_neither_shown_nor_answered_has_no_figures() -> None:
    *_, bird = many({("cat", "cat"): 3}, ("cat", "dog", "bird")).by_class()
    assert (bird.precision, bird.recall, bird.f1) == (None, None, None)


def test_the_most_confused_classes_come_first_and_right_answers_are_none() -> None:
    found = many(
        {("cat", "dog"): 3, ("dog", "cat"): 5, ("cat", "cat"): 9}, ("cat", "dog")
    ).most_confused()
    assert [(one.true, one.answered, one.count) for one in found] == [
        ("dog", "cat", 5),
        ("cat", "dog", 3),
    ]
    assert many({("cat", "cat"): 9}).most_confused() == ()


def test_the_photo_whose_own_class_was_least_believed_comes_first() -> None:
    found = check(
        [
            answer("right", "cat", {"cat": 0.9, "dog": 0.1}),
            answer("worst", "cat", {"cat": 0.02, "dog": 0.98}),
            answer("close", "dog", {"cat": 0.55, "dog": 0.45}),
        ]
    )
    assert [one.sha256 for one in found.by_loss()] == ["worst", "close", "right"]


def test_answers_from_before_probabilities_were_kept_are_ordered_too() -> None:
    old = [HeldOutAnswer("sure", "cat", "dog", 0.9), HeldOutAnswer("less", "cat", "dog", 0.6)]
    found = check_of(["cat", "dog", "bird"], old, SURE)
    assert [one.sha256 for one in found.by_loss()] == ["sure", "less"]
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)


def test_only_what_looks_as_much_like_another_class_as_its_photos_is_mislabelled() -> None:
    sound = [answer(f"c{n}", "cat", {"cat": 0.8, "dog": 0.2}) for n in range(9)]
    sound += [answer(f"d{n}", "dog", {"cat": 0.2, "dog": 0.8}) for n in range(9)]
    found = check(
        [
            *sound,
            answer("plain", "cat", {"cat": 0.1, "dog": 0.9}),
            answer("close to call", "cat", {"cat": 0.45, "dog": 0.55}),
        ]
    )
    assert [one.sha256 for one in found.mislabelled()] == ["plain"]


def test_no_answers_add_up_to_nothing_and_break_nothing() -> None:
    found = check([])
    assert found.figures.overall is None
    assert (found.by_loss(), found.mislabelled(), found.most_confused()) == ([], [], ())
    assert found.confusion.sum() == 0


def test_what_is_known_of_a_projects_model_follows_a_renaming(
    temporary_home: Path, new_shapes: NewShapes
) -> None:
    project = new_shapes(Library(temporary_home), "shapes")
    before = model_check(project)
    assert before is not None
    assert before.confusion.sum() == len(before.answers) > 0
    assert not before.stale
    label = project.classes()[0]
    project.rename_class(label.id, "round things")
    after = model_check(project)
    assert after is not None
    assert after.class_names[0] == "round things"
    assert after.class_ids[0] == label.id
    assert after.stale
    assert set(after.figures.by_class) == set(after.class_names)
    np.testing.assert_array_equal(after.confusion, before.confusion)


def test_a_project_without_a_model_has_nothing_to_check(temporary_home: Path) -> None:
    assert model_check(Library(temporary_home).create("new")) is None
