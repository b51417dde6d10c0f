"""A stronger network is offered and fetched only when that is agreed; else nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nocode_classifier.jobs import Job, JobState
from nocode_classifier.learn.backbones.availability import networks_here, stronger_network
from nocode_classifier.learn.backbones.backbone import Backbone
from nocode_classifier.learn.settings import BEST
from nocode_classifier.project.project import Project
from nocode_classifier.ui import training_choices as choices
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.train.offer import agree, offer_value
from tests.fakes.hub import FakeHub
from tests.patience import PATIENCE, wait_until
from tests.undecoded import new_photo


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer to which nothing was downloaded yet."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("NOCODE_CLASSIFIER_CACHE", str(folder))
    return folder


@pytest.fixture
def offered(cache: Path) -> Backbone:
    backbone = stronger_network(cache)
    assert backbone is not None
    return backbone


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, offered: Backbone) -> Iterator[FakeHub]:
    with FakeHub() as hub:
        hub.shelf.models[f"timm/{offered.architecture}", "model.safetensors"] = bytes(200_000)
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        yield hub


@pytest.fixture
def project(services: Services, cache: Path) -> Project:
    project = services.library.create("Pets", ["cat", "dog"])
    for number in range(4):
        project.add_photo(new_photo(number), project.classes()[number % 2].id)
    return project


def agreed(services: Services, project: Project) -> Job[Any]:
    """Press Download."""
    offer = offer_value(services, project.id)
    assert offer is not None
    agree(services, project.id, SimpleNamespace(_data={"key": offer["key"]}))  # type: ignore[arg-type]
    job = services.jobs.current(project.id)
    assert job is not None
    return job


def test_it_is_one_sentence_with_name_and_size(services: Services, project: Project) -> None:
    offer = offer_value(services, project.id)
    assert offer is not None
    assert "TinyViT-11M, 44 MB to download, once." in offer["sentence"]
    assert not offer["busy"]


def test_before_there_are_photos_nothing_is_offered(services: Services, cache: Path) -> None:
    assert offer_value(services, None) is None
    assert offer_value(services, services.library.create("Empty").id) is None


def test_agreed_it_comes_and_is_not_offered_again(
    services: Services, project: Project, hub: FakeHub, cache: Path, offered: Backbone
) -> None:
    job = agreed(services, project)
    assert job.wait(PATIENCE)
    assert (job.state, job.message) == (
        JobState.DONE,
        "TinyViT-11M is here now, and chosen for the next training.",
    )
    assert offered in networks_here(cache)
    assert choices.chosen(project) == choices.changed(BEST, {"backbone": offered.key})
    assert offer_value(services, project.id) is None


def test_offline_nothing_changes_and_a_sentence_says_so(
    services: Services, project: Project, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    before = offer_value(services, project.id)
    job = agreed(services, project)
    assert job.wait(PATIENCE)
    assert job.state is JobState.FAILED
    assert "can't be reached. Connect to the internet and try again, or choose one" in job.message
    assert offer_value(services, project.id) == before


def test_stopped_it_is_offered_again(
    services: Services, project: Project, hub: FakeHub, cache: Path, offered: Backbone
) -> None:
    hub.shelf.pace = 1_000
    job = agreed(services, project)
    wait_until(lambda: job.progress.stage.startswith("Downloading TinyViT-11M (44 MB"))
    waiting = offer_value(services, project.id)
    assert waiting is not None
    assert waiting["busy"]
    job.stop()
    assert job.wait(PATIENCE)
    assert job.state is JobState.STOPPED
    assert offered not in networks_here(cache)
    assert offer_value(services, project.id) == {**waiting, "busy": False}
