"""Improve as you go: the model learns anew by itself after photos were sorted differently."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import gradio as gr
import pytest

from nocode_classifier import paths
from nocode_classifier.collect.intake import Incoming, add_photos
from nocode_classifier.jobs import JobState
from nocode_classifier.learn import refit as refitting
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.learn.refit import refit
from nocode_classifier.progress import Report, ShouldStop, check_stop
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, PhotoState
from nocode_classifier.ui import photo_pages
from nocode_classifier.ui.debounce import Debounce
from nocode_classifier.ui.improving import improve_soon, improving
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.train import step as train
from tests.drawing import draw_photo
from tests.patience import PATIENCE, wait_until

SHAPES = ("circle", "stripes")


class Counted(Debounce):
    """Knows how often it was asked."""

    times = 0

    def call(self, key: str, action: Callable[[], None]) -> None:
        self.times += 1
        super().call(key, action)


@pytest.fixture
def soon() -> Counted:
    return Counted(0.3)


@pytest.fixture
def services(services: Services, soon: Counted) -> Services:
    return replace(services, soon=soon)


@pytest.fixture
def project(services: Services) -> Project:
    """Six circles and six stripes, trained the quick way."""
    project = services.library.create("Shapes", SHAPES)
    add_drawn(project, range(6))
    train_project(project, paths.cache())
    project.models.set_improve_unasked(True)
    return project


def add_drawn(project: Project, seeds: range) -> None:
    incoming = [
        Incoming(f"{shape} {seed}", partial(draw_photo, shape, seed), shape, "upload")
        for shape in SHAPES
        for seed in seeds
    ]
    add_photos(project, incoming, class_id=None)


def remove(services: Services, project: Project, number: int = 0) -> None:
    asked = {"action": "bin", "photo_ids": [project.photos()[number].id], "class_id": None}
    event = gr.EventData(None, asked)
    photo_pages.decide(services, project.id, event)


def at_rest(services: Services, project: Project) -> bool:
    return not services.soon.waits(project.id) and not improving(services, project)


def test_the_model_in_use_changes_once_the_new_one_is_whole(
    services: Services, project: Project
) -> None:
    before = project.models.folder()
    remove(services, project)
    assert project.models.is_stale()
    wait_until(lambda: not project.models.is_stale())
    assert project.models.folder() != before
    newest, asked_for = project.models.runs()
    assert (newest.automatic, newest.current, newest.photos) == (True, True, 11)
    assert (asked_for.automatic, asked_for.model) == (False, True)
    assert services.jobs.current(project.id) is None


def test_undo_is_a_change_too(services: Services, project: Project) -> None:
    remove(services, project)
    wait_until(lambda: not project.models.is_stale())
    photo_pages.undo(services, project.id)
    wait_until(lambda: not project.models.is_stale())
    assert project.models.runs()[0].photos == 12


def test_nothing_happens_by_itself_unless_it_is_switched_on(
    services: Services, project: Project
) -> None:
    project.models.set_improve_unasked(False)
    remove(services, project)
    assert at_rest(services, project)


def test_many_changes_in_a_row_are_learnt_from_once(services: Services, project: Project) -> None:
    for _ in range(3):
        remove(services, project)
    wait_until(lambda: not project.models.is_stale())
    wait_until(lambda: at_rest(services, project))
    assert [run.photos for run in project.models.runs()] == [9, 12]


def test_half_a_model_is_never_seen(services: Services, project: Project) -> None:
    """Only that it goes on is said until the revision grows, and then it is whole."""
    remove(services, project)
    revision, folder = project.revision(), project.models.folder()
    page = train.refresh(services, project.id)[0]["changed"]
    assert "Train again to take that in." in page
    wait_until(lambda: improving(services, project))
    meanwhile = train.refresh(services, project.id)[0]["changed"]
    said, goes_on = "Train again to take that in.", "It is taking that in just now; you can go on."
    assert meanwhile == page.replace(said, goes_on)
    wait_until(lambda: project.revision() != revision)
    assert project.models.folder() != folder
    assert not project.models.is_stale()


def linger(reached: threading.Event, calls: list[str]) -> Callable[..., None]:
    """Stands for a fit that takes long; hears Stop."""

    def work(project: Project, cache: Path, *, report: Report, should_stop: ShouldStop) -> None:
        calls.append(project.models.fingerprint())
        reached.set()
        while True:
            check_stop(should_stop)
            time.sleep(0.01)

    return work


def test_it_gives_way_to_what_is_asked_for_and_tries_again(
    services: Services, soon: Counted, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, calls = threading.Event(), list[str]()
    monkeypatch.setattr(refitting, "refit", linger(reached, calls))
    remove(services, project)
    assert reached.wait(PATIENCE)
    monkeypatch.setattr(refitting, "refit", refit)

    def asked_for(report: Report, should_stop: ShouldStop) -> bool:
        before = soon.times
        wait_until(lambda: soon.times > before)  # it tried in vain
        return improving(services, project)

    job = services.jobs.start(project.id, "add photos", asked_for)
    assert job.wait(PATIENCE)
    assert (job.state, job.result) == (JobState.DONE, False)
    wait_until(lambda: not project.models.is_stale())
    assert project.models.runs()[0].automatic


def test_a_fit_of_the_same_photos_is_not_begun_twice(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, calls = threading.Event(), list[str]()
    monkeypatch.setattr(refitting, "refit", linger(reached, calls))
    remove(services, project)
    assert reached.wait(PATIENCE)
    improve_soon(services, project)
    wait_until(lambda: not services.soon.waits(project.id))
    assert len(calls) == 1
    reached.clear()
    remove(services, project)
    assert reached.wait(PATIENCE)
    assert len(set(calls)) == 2
    project.models.set_improve_unasked(False)
    services.jobs.stop_all()


@pytest.mark.parametrize("reason", ["no model", "up to date", "tuned", "unseen", "too few"])
def test_it_leaves_alone_what_is_no_matter_of_a_moment(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    if reason == "no model":
        project = services.library.create("Empty", SHAPES)
    elif reason == "tuned":
        card = {"backbone": "efficientnet-lite0", "input_size": 224, "mode": "thorough"}
        monkeypatch.setattr(refitting, "read_card", lambda folder: card)
    elif reason == "unseen":
        monkeypatch.setattr(refitting, "MOST_UNSEEN", 1)
        add_drawn(project, range(50, 51))
    if reason != "up to date" and project.photos():
        removed = 5 if reason == "too few" else 1
        gone = [Decision(p.id, state=PhotoState.BINNED) for p in project.photos()[:removed]]
        project.apply(gone, "Removed")
    before = project.models.runs()
    assert refit(project, paths.cache()) is None
    assert project.models.runs() == before


def test_a_project_deleted_meanwhile_is_no_trouble(services: Services, project: Project) -> None:
    remove(services, project)
    services.library.bin(project.id)
    wait_until(lambda: at_rest(services, project))


def test_a_call_is_made_once_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    over, timers = threading.Event(), list[threading.Timer]()

    class Held(threading.Timer):
        """Its pause is over when the test says so."""

        def run(self) -> None:
            timers.append(self)
            assert over.wait(PATIENCE)
            if not self.finished.is_set():
                self.function(*self.args)

    monkeypatch.setattr(threading, "Timer", Held)
    soon, calls = Debounce(), list[str]()
    for word in ("one", "two", "three"):
        soon.call("a", partial(calls.append, word))
    soon.call("b", lambda: calls.append("other"))
    assert soon.waits("a")
    over.set()
    wait_until(lambda: len(timers) == 4)
    for timer in timers:
        timer.join(20)
    assert sorted(calls) == ["other", "three"]
    assert not soon.waits("a")
