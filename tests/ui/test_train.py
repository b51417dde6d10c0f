"""The Train step, its handlers called directly on real projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.errors import Busy, NotReady
from nocode_classifier.jobs import JobState
from nocode_classifier.main import build_services
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.ui.state import COLLECT, NAME, TRY, Services
from nocode_classifier.ui.steps import train
from tests.drawing import draw_photo

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
        Incoming(f"{shape} {seed}", lambda s=shape, n=seed: draw_photo(s, n), shape, "upload")
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
    assert job.wait(60)
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
    assert project.model_folder() is not None


def test_a_running_training_is_watched_and_stops_on_demand(
    services: Services, project: Project
) -> None:
    *_, page, _, _, _, watch = train.press(services, project.id, "train")
    assert 'data-action="stop"' in page
    assert watch.active
    with pytest.raises(Busy):
        train.press(services, project.id, "train")
    train.press(services, project.id, "stop")
    job = services.jobs.current(project.id)
    assert job is not None
    assert job.wait(60)
    assert job.state in {JobState.STOPPED, JobState.DONE}
    assert not train.refresh(services, project.id)[-1].active


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
