"""How a project is to be trained: what the form says, what is kept, what can't be."""

from __future__ import annotations

from typing import Any

import pytest

from nocode_classifier.errors import InputError
from nocode_classifier.learn.settings import BEST, Augmentation, Mode
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.train.choosing import chooser_value, keep_choice
from tests.undecoded import new_photo

USUAL: dict[str, Any] = {
    "combine": True,
    "finetune": False,
    "whole": False,
    "backbone": "efficientnet-lite0",
    "size": "",
    "epochs": "",
    "rate": "",
    "augmentation": None,
}
OWN = {"mirror": False, "turn": 4, "zoom": 0.1, "light": 0.3}


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Shapes", ("circle", "stripes"))


def test_nothing_chosen_is_the_usual_way(project: Project) -> None:
    assert choices.chosen(project) == BEST
    assert choices.choice_value(BEST) == USUAL


def test_what_was_chosen_is_there_again_after_a_reload(
    services: Services, project: Project
) -> None:
    asked = {**USUAL, "finetune": True, "epochs": "12", "rate": "0,002", "augmentation": OWN}
    keep_choice(services, {"project_id": project.id, "choice": asked})
    found = choices.chosen(services.library.open(project.id))
    assert found.mode is Mode.THOROUGH
    assert (found.epochs, found.rate) == (12, 0.002)
    assert found.augmentation == Augmentation(mirror=False, turn=4, zoom=0.1, light=0.3)
    assert choices.choice_value(found) == {**asked, "rate": "0.002"}


def test_the_whole_network_learns_only_if_it_is_to_be_finetuned() -> None:
    assert choices.settings_of({**USUAL, "whole": True}).mode is Mode.QUICK
    assert choices.settings_of({**USUAL, "finetune": True, "whole": True}).mode is Mode.FULL


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("epochs", "many", "'many' can't be read as a number of rounds"),
        ("epochs", "2.5", "can't be read as a number of rounds"),
        ("epochs", "0", "between 1 and 200"),
        ("rate", "fast", "can't be read as a learning rate"),
        ("rate", "nan", "can't be read as a learning rate"),
        ("rate", "1e9", "learning rate between"),
        ("size", "7", "size between 96 and 640 pixels"),
        ("backbone", "alexnet", "no backbone called 'alexnet'"),
        ("augmentation", {**OWN, "turn": 90}, "up to 45 degrees"),
        ("augmentation", {**OWN, "zoom": "x"}, "40 % can be cut away"),
        ("augmentation", {**OWN, "light": "nan"}, "50 % at most"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_not_kept(
    services: Services, project: Project, field: str, value: object, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        keep_choice(services, {"project_id": project.id, "choice": {**USUAL, field: value}})
    assert choices.chosen(project) == BEST


def test_a_choice_that_can_not_be_read_any_more_is_forgotten(project: Project) -> None:
    (project.folder / choices.RECORD).write_text('{"mode": "magic"}')
    assert choices.chosen(project) == BEST


def test_a_network_that_is_gone_is_told_until_another_choice_is_made(
    services: Services, project: Project
) -> None:
    for number in range(4):
        project.add_photo(new_photo(number), project.classes()[number % 2].id)
    choices.keep(project, choices.changed(BEST, {"backbone": "resnet50-320"}))
    form = chooser_value(services, project)
    assert form is not None
    assert "The network resnet50-320 is no longer part of the app" in form["problem"]
    assert form["choice"] == USUAL
    keep_choice(services, {"project_id": project.id, "choice": USUAL})
    assert choices.gone(project) == ""
