"""The Train step, its handlers called directly on real projects."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.errors import Busy, NotReady
from nocode_classifier.jobs import JobState
from nocode_classifier.learn.accuracy import count_confusion
from nocode_classifier.learn.figures import measure
from nocode_classifier.main import build_services
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.ui.state import CHECK, COLLECT, NAME, Services
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.train.head import outcome
from tests.drawing import draw_image, draw_photo, save_frames
from tests.patience import PATIENCE

SHAPES = ("circle", "stripes")


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return build_services(tmp_path / "home")


@pytest.fixture
def project(services: Services) -> Project:
    return filled(services, 6)


def filled(services: Services, photos: int) -> Project:
    project = services.library.create("Shapes", SHAPES)
    incoming = [
        Incoming(f"{shape} {seed}", partial(draw_photo, shape, seed), shape, "upload")
        for shape in SHAPES
        for seed in range(photos)
    ]
    add_photos(project, incoming, class_id=None)
    return project


def head_of(services: Services, project: Project) -> dict[str, Any]:
    head: dict[str, Any] = train.refresh(services, project.id)[0]
    return head


def actions(head: dict[str, Any]) -> dict[str, bool]:
    """Where its buttons lead, and which is the main one."""
    return {button["action"]: button["main"] for button in head["buttons"]}


def trained(services: Services, project: Project) -> dict[str, Any]:
    """The head of the page after a training that went well."""
    train.press(services, project.id, "train")
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state is JobState.DONE, job.message
    return head_of(services, project)


def test_a_project_without_photos_is_told_what_to_add(services: Services) -> None:
    project = services.library.create("Pets", ["cat", "dog"])
    head = head_of(services, project)
    assert "2 more of 'cat' and 2 more of 'dog'" in head["lead"]
    assert actions(head) == {"collect": True}
    with pytest.raises(NotReady, match="2 more of 'cat'"):
        train.press(services, project.id, "train")


def test_a_project_with_one_class_is_led_to_naming(services: Services) -> None:
    project = services.library.create("Pets", ["cat"])
    head = head_of(services, project)
    assert "Name at least two things" in head["lead"]
    assert actions(head) == {"name": True}
    assert train.press(services, project.id, "name")[1] == NAME


def test_one_click_trains_and_shows_an_accuracy_with_its_interval(
    services: Services, project: Project
) -> None:
    headline = trained(services, project)["headline"]
    assert headline["figure"]["between"].startswith("between ")
    assert "of 12 photos it had not seen; likely between" in headline["sentences"][0]
    assert project.models.folder() is not None


def test_a_running_training_is_watched_and_stops_on_demand(
    services: Services, project: Project
) -> None:
    train.press(services, project.id, "train")
    assert head_of(services, project)["state"] == "running"
    with pytest.raises(Busy):
        train.press(services, project.id, "train")
    train.press(services, project.id, "stop")
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state in {JobState.STOPPED, JobState.DONE}
    assert head_of(services, project)["state"] != "running"


def test_after_a_change_the_page_offers_to_train_again(
    services: Services, project: Project
) -> None:
    trained(services, project)
    photo = project.photos()[0]
    project.apply([Decision(photo.id, state=PhotoState.BINNED)], "Removed a photo")
    head = head_of(services, project)
    assert "have changed since. Train again" in head["changed"]
    assert actions(head) == {"check": True}


def test_the_main_button_leads_on(services: Services, project: Project) -> None:
    assert train.press(services, project.id, "collect")[1] == COLLECT
    assert train.press(services, project.id, "check")[1] == CHECK


def test_a_class_of_one_scene_is_not_called_wrong_but_wanted_from_elsewhere(
    services: Services, tmp_path: Path
) -> None:
    project = services.library.create("Filmed", SHAPES)
    for shape in SHAPES:
        save_frames(tmp_path / shape, draw_image(shape, 1), 8)
        add_photos(
            project,
            from_folder(tmp_path / shape),
            class_id=project.class_named(shape).id,
        )
    assert sum(project.counts().values()) == 16
    head = trained(services, project)
    assert head["headline"]["figure"] is None
    (reason,) = head["headline"]["sentences"]
    assert "can't be measured yet. Add photos of them from another place or time." in reason
    assert actions(head) == {"collect": True, "check": False}


def test_where_photos_are_few_the_main_button_adds_some(
    services: Services, project: Project
) -> None:
    head = trained(services, project)
    assert head["buttons"][0] == {"action": "collect", "label": "Add more photos", "main": True}
    assert actions(head)["check"] is False


def card_of(**right: tuple[int, int]) -> dict[str, Any]:
    """The card of a model with so many right answers among so many photos of each class."""
    names = list(right)
    true = [name for name, (_, photos) in right.items() for _ in range(photos)]
    said = [
        name if number < correct else names[names.index(name) - 1]
        for name, (correct, photos) in right.items()
        for number in range(photos)
    ]
    figures = measure(true, said, range(len(true)), names)
    assert figures.overall is not None
    return {
        "classes": [{"name": name, "photos": photos} for name, (_, photos) in right.items()],
        "accuracy": figures.overall.to_json(),
        "confusion": count_confusion(true, said, names),
        "sure": {"share": 0.9, "accuracy": 1.0},
    }


@pytest.mark.parametrize(
    ("card", "number", "verdict"),
    [
        (card_of(common=(150, 150), rare=(0, 2)), "0% right on “rare”", "Hardly better"),
        (card_of(common=(150, 150), rare=(2, 2)), "100% right on “rare”", "A start"),
        (card_of(a=(98, 100), b=(100, 100)), "99% right", "Excellent"),
        (card_of(a=(100, 100), b=(20, 100), c=(99, 100)), "73% right", "A start"),
        (card_of(a=(6, 10), b=(6, 10)), "60% right", "Hardly better"),
    ],
)
def test_the_headline_follows_the_weakest_class(
    card: dict[str, Any], number: str, verdict: str
) -> None:
    headline = outcome(card)["headline"]
    assert f"{headline['figure']['number']} {headline['figure']['what']}" == number
    assert headline["title"].startswith(verdict)
