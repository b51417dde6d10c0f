"""How certain an answer has to be is chosen once, and holds for this model and those to come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.errors import InputError
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.usable_models import check_card
from tests.small_models import adopt_model, card_of


def sure_with(count: int, chosen: int = 1) -> dict[str, Any]:
    """Operating points, more careful from one to the next, and the chosen one's limits."""
    choices = [
        {
            "probability": number / 10,
            "familiarity": number / 10 - 0.5,
            "share": 1 - number / 10,
            "accuracy": 0.9,
            "photos": 20 - number,
            "right": 18 - number,
        }
        for number in range(count)
    ]
    top = {key: choices[chosen][key] for key in ("probability", "familiarity", "share", "accuracy")}
    return {**top, "choices": choices, "chosen": chosen}


def adopt(project: Project, count: int = 5) -> Path:
    return adopt_model(project, card_of("cats", "dogs", sure=sure_with(count)))


def limits(project: Project) -> tuple[int, float, float, float]:
    folder = project.models.folder()
    assert folder is not None
    sure = json.loads((folder / "card.json").read_text(encoding="utf-8"))["sure"]
    return sure["chosen"], sure["probability"], sure["familiarity"], sure["share"]


def test_the_chosen_operating_point_is_in_the_card_of_the_model_in_use(pets: Project) -> None:
    adopt(pets)
    assert (limits(pets), pets.models.caution()) == ((1, 0.1, -0.4, 0.9), None)
    before = pets.revision()
    pets.models.choose_sure(3)
    assert (limits(pets), pets.models.caution()) == ((3, 0.3, -0.2, 0.7), 0.3)
    assert (pets.revision(), pets.models.is_stale()) == (before + 1, False)
    pets.models.choose_sure(None)
    assert (limits(pets), pets.models.caution()) == ((1, 0.1, -0.4, 0.9), None)


def test_models_to_come_and_models_gone_back_to_take_it(pets: Project) -> None:
    adopt(pets)
    adopt(pets)
    pets.models.choose_sure(4)
    adopt(pets)
    assert limits(pets)[0] == 4
    pets.models.use_run(1)
    assert limits(pets)[0] == 4
    pets.models.choose_sure(None)
    pets.models.use_run(2)
    assert limits(pets)[0] == 1


def test_a_model_with_other_choices_takes_the_nearest_and_one_without_stays(
    pets: Project,
) -> None:
    adopt(pets)
    pets.models.choose_sure(4)
    adopt(pets, 3)
    assert limits(pets)[0] == 2
    folder = adopt_model(pets)
    assert json.loads((folder / "card.json").read_text()) == card_of("cats", "dogs")


@pytest.mark.parametrize("index", [-1, 5, 10**9])
def test_what_the_model_does_not_offer_can_not_be_chosen(pets: Project, index: int) -> None:
    with pytest.raises(InputError, match="Train"):
        pets.models.choose_sure(0)
    pets.models.choose_sure(None)
    adopt_model(pets)
    with pytest.raises(InputError, match="Train"):
        pets.models.choose_sure(0)
    adopt(pets)
    with pytest.raises(InputError, match="Train"):
        pets.models.choose_sure(index)
    assert (limits(pets)[0], pets.models.caution()) == (1, None)


def test_a_copy_of_the_project_keeps_its_own_choice(library: Library, pets: Project) -> None:
    adopt(pets)
    pets.models.choose_sure(3)
    copy = library.duplicate(pets.id)
    pets.models.choose_sure(0)
    assert (limits(copy)[0], copy.models.caution(), limits(pets)[0]) == (3, 0.3, 0)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("choices", "many"),
        ("choices", [None]),
        ("choices", [{}]),
        ("choices", [{**sure_with(2)["choices"][0], "probability": 2}]),
        ("choices", [{**sure_with(2)["choices"][0], "familiarity": None}]),
        ("choices", [{**sure_with(2)["choices"][0], "share": "all"}]),
        ("choices", [{**sure_with(2)["choices"][0], "photos": -1}]),
        ("choices", sure_with(101)["choices"]),
        ("chosen", 5),
        ("chosen", None),
        ("default", -1),
    ],
)
def test_a_card_with_wrong_choices_is_refused(key: str, value: object) -> None:
    check_card(card_of("cats", sure=sure_with(5)))
    with pytest.raises(InputError, match="damaged"):
        check_card(card_of("cats", sure={**sure_with(5), key: value}))


def test_a_card_whose_choices_were_not_measured_is_taken() -> None:
    check_card(card_of("cats", sure={**sure_with(2), "choices": [], "chosen": None}))
    unmeasured = {**sure_with(2)["choices"][0], "share": None, "accuracy": None}
    check_card(card_of("cats", sure={**sure_with(2), "choices": [unmeasured], "chosen": 0}))
