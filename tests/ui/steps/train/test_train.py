"""The Train step, its handlers called directly on real projects."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nocode_classifier.collect.folders import from_files
from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.errors import Busy, NotReady
from nocode_classifier.jobs import JobState
from nocode_classifier.learn.accuracy import count_confusion
from nocode_classifier.learn.figures import measure
from nocode_classifier.main import build_services
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.ui.doubtful import doubtful_photos
from nocode_classifier.ui.state import COLLECT, NAME, TRY, Services
from nocode_classifier.ui.steps.train import step as train
from nocode_classifier.ui.steps.train.facts import TrainPage
from nocode_classifier.ui.steps.train.page import train_html
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


def trained(services: Services, project: Project) -> str:
    """The page after a training that went well."""
    train.press(services, project.id, "train")
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state is JobState.DONE, job.message
    head, _, details, *_ = train.refresh(services, project.id)
    return head + details


def test_a_project_without_photos_is_told_what_to_add(services: Services) -> None:
    project = services.library.create("Pets", ["cat", "dog"])
    page, *_ = train.refresh(services, project.id)
    assert "2 more of &#x27;cat&#x27; and 2 more of &#x27;dog&#x27;" in page
    assert 'data-action="train"' not in page
    with pytest.raises(NotReady, match="2 more of 'cat'"):
        train.press(services, project.id, "train")


def test_a_project_with_one_class_is_led_to_naming(services: Services) -> None:
    project = services.library.create("Pets", ["cat"])
    page, *_ = train.refresh(services, project.id)
    assert "Name at least two things" in page
    assert 'data-action="name"' in page
    assert train.press(services, project.id, "name")[1] == NAME


def test_one_click_trains_and_shows_an_accuracy_with_its_interval(
    services: Services, project: Project
) -> None:
    page = trained(services, project)
    assert 'class="accuracy">' in page
    assert "of 12</b> photos it had not" in page
    assert "between" in page
    assert project.models.folder() is not None


def test_a_running_training_is_watched_and_stops_on_demand(
    services: Services, project: Project
) -> None:
    train.press(services, project.id, "train")
    assert 'data-action="stop"' in train.refresh(services, project.id)[0]
    with pytest.raises(Busy):
        train.press(services, project.id, "train")
    train.press(services, project.id, "stop")
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(PATIENCE)
    assert job.state in {JobState.STOPPED, JobState.DONE}
    assert 'data-action="stop"' not in train.refresh(services, project.id)[0]


def test_after_a_change_the_page_offers_to_train_again(
    services: Services, project: Project
) -> None:
    trained(services, project)
    photo = project.photos()[0]
    project.apply([Decision(photo.id, state=PhotoState.BINNED)], "Removed a photo")
    page, *_ = train.refresh(services, project.id)
    assert "have changed since" in page
    assert "Try it as it is" in page


def test_what_it_got_wrong_is_shown_with_both_names(services: Services) -> None:
    project = filled(services, 8)
    circles, stripes = project.classes()
    wrong = project.photos(circles.id)[0]
    project.apply([Decision(wrong.id, class_id=stripes.id)], "Mislabelled")
    page = trained(services, project)
    assert f"/thumbnails/{project.id}/{wrong.sha256}" in page
    assert "stripes, taken for circle" in page


def test_the_main_button_leads_on(services: Services, project: Project) -> None:
    assert train.press(services, project.id, "collect")[1] == COLLECT
    assert train.press(services, project.id, "try")[1] == TRY


def test_a_class_of_one_scene_is_not_called_wrong_but_wanted_from_elsewhere(
    services: Services, tmp_path: Path
) -> None:
    project = services.library.create("Filmed", SHAPES)
    for shape in SHAPES:
        save_frames(tmp_path / shape, draw_image(shape, 1), 8)
        add_photos(
            project,
            from_files(sorted((tmp_path / shape).iterdir())),
            class_id=project.class_named(shape).id,
        )
    assert sum(project.counts().values()) == 16
    page = trained(services, project)
    assert "can&#x27;t be measured yet. Add photos of them from another place or time." in page
    assert page.count("seen in one scene only") == 1
    assert "taken for" not in page
    assert "wrong class" not in page
    assert 'data-press="one scene"' in page
    assert train.press(services, project.id, "advice", {"press": "one scene"})[1] == COLLECT
    assert doubtful_photos(project, project.models.held_out()) == []


def test_where_photos_are_few_the_main_button_adds_some(
    services: Services, project: Project
) -> None:
    page = trained(services, project)
    assert '<button class="main-button" data-action="collect">Add more photos</button>' in page
    assert '<button class="side-button" data-action="try">' in page
    assert "6 of &#x27;circle&#x27; and 6 of &#x27;stripes&#x27;. 30 or more" in page


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
        (card_of(common=(150, 150), rare=(0, 2)), "0%</span> right on “rare”", "Hardly better"),
        (card_of(common=(150, 150), rare=(2, 2)), "100%</span> right on “rare”", "A start"),
        (card_of(a=(98, 100), b=(100, 100)), "99%</span> right</p>", "Excellent"),
        (card_of(a=(100, 100), b=(20, 100), c=(99, 100)), "73%</span> right</p>", "A start"),
        (card_of(a=(6, 10), b=(6, 10)), "60%</span> right</p>", "Hardly better"),
    ],
)
def test_the_headline_follows_the_weakest_class(
    card: dict[str, Any], number: str, verdict: str
) -> None:
    page = train_html(TrainPage("shapes", (), Counter(), card=card))
    assert number in page
    assert f'<h1 class="page-title">{verdict}' in page
