from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import gradio as gr
import pytest

from nocode_classifier.jobs import Job, JobState
from nocode_classifier.progress import Progress
from nocode_classifier.project.records import JobRecord
from nocode_classifier.ui.active_shares import Served
from nocode_classifier.ui.shell.live_updates import (
    AMONG_PROJECTS,
    WHILE_WORKING,
    StatusBar,
    act_on_status_bar,
    arrive,
    beat,
    hear,
    mark_of,
    seconds_to_wait,
    status_bar_value,
    work_mark,
)
from nocode_classifier.ui.shell.shell import finished_steps, go_to, show_header, travel
from nocode_classifier.ui.shell.status_bar import Shown, job_value, time_left
from nocode_classifier.ui.state import NAME, PROJECTS, REVIEW, TRAIN, Services
from tests.meanwhile import change_after_every_read
from tests.patience import PATIENCE
from tests.ui.steps.share.sharing import PretendedLink

KNOWN = frozenset({PROJECTS, NAME, REVIEW})


def running(services: Services, project_id: str, go: threading.Event) -> Job[object]:
    return services.jobs.start(
        project_id,
        "train",
        lambda report, stop: go.wait(PATIENCE),
        sentence=lambda done: "All done.",
    )


def words(shown: Shown) -> str:
    """What the strip says."""
    return str(shown["words"]) if shown else ""


def test_an_address_opens_its_project_and_step(services: Services) -> None:
    project = services.library.create("Pets")
    opened, revision, step, *_ = arrive(services, KNOWN, f"?project={project.id}&step=4")
    assert (opened, revision, step) == (project.id, project.revision(), REVIEW)


@pytest.mark.parametrize("query", ["", "?project=&step=2", "?step=4"])
def test_an_address_without_a_project_opens_the_list(services: Services, query: str) -> None:
    assert arrive(services, KNOWN, query)[:3] == (None, 0, PROJECTS)


@pytest.mark.parametrize("step", ["6", "99", "x", "-1", ""])
def test_an_address_of_no_step_opens_the_list(services: Services, step: str) -> None:
    project = services.library.create("Pets")
    assert arrive(services, KNOWN, f"?project={project.id}&step={step}")[2] == PROJECTS


def test_an_address_of_a_project_that_is_gone_says_so(services: Services) -> None:
    *place, _, _, shown, _ = arrive(services, KNOWN, "?project=../../etc&step=2")
    assert place == [None, 0, PROJECTS]
    assert "not there any more" in words(shown)


def test_a_beat_without_news_sends_nothing(services: Services) -> None:
    project = services.library.create("Pets")
    assert isinstance(
        beat(services, project.id, project.revision(), None, StatusBar()), dict
    )  # gr.skip()


def test_a_beat_brings_the_revision_of_another_window(services: Services) -> None:
    project = services.library.create("Pets")
    before = project.revision()
    project.add_class("cat")
    assert beat(services, project.id, before, None, StatusBar())[1] == project.revision()


def test_a_beat_tells_of_a_project_deleted_elsewhere(services: Services) -> None:
    project = services.library.create("Pets")
    services.library.bin(project.id)
    project_id, _, step, _, _, shown, status_bar = beat(services, project.id, 1, None, StatusBar())
    assert (project_id, step) == (None, PROJECTS)
    assert "This project was deleted." in words(shown)
    assert isinstance(beat(services, None, 0, shown, status_bar), dict)
    assert act_on_status_bar(services, None, status_bar, "dismiss")[0] is None


def test_the_mark_changes_with_all_that_is_to_be_told(services: Services) -> None:
    project, go = services.library.create("Pets"), threading.Event()
    marks = [mark_of(services, project.id, NAME)]

    def changed() -> bool:
        marks.append(mark_of(services, project.id, NAME))
        at_work = seconds_to_wait(services, project.id, NAME) == WHILE_WORKING
        assert (mark_of(services, project.id, NAME) == marks[-1]) is not at_work
        return marks[-1] != marks[-2]

    project.add_class("cat")
    assert changed()
    job = running(services, project.id, go)
    assert changed()
    job.progress = Progress("Looking at your photos", 1, 2, 0.5)
    assert changed()
    job.stop()
    assert changed()
    go.set()
    assert job.wait(PATIENCE)
    assert changed()
    assert job.ended_at is not None
    job.ended_at -= timedelta(minutes=1)
    assert changed()
    services.library.bin(project.id)
    assert changed()


def test_what_changes_while_a_page_hears_is_news_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = services.library.create("Pets")
    changes = change_after_every_read(monkeypatch, lambda turn: project.add_class(f"cat {turn}"))
    *_, news = hear(services, (), NAME, project.id, 0, None, StatusBar())
    assert changes
    assert news["project_id"] == project.id
    assert news["mark"] != mark_of(services, project.id, NAME)


def test_among_the_projects_all_of_them_are_looked_at(services: Services) -> None:
    steps = (PROJECTS, TRAIN)
    *told, news, work, training = hear(services, steps, PROJECTS, None, 0, None, StatusBar())
    assert news == {"project_id": None, "mark": mark_of(services, None, PROJECTS)}
    assert told == [gr.skip()] * 7
    assert training == gr.skip(), "nobody sees that step"
    assert seconds_to_wait(services, None, PROJECTS) == AMONG_PROJECTS
    project = services.library.create("Pets")
    seen = mark_of(services, None, PROJECTS)
    *_, more, _ = hear(services, steps, PROJECTS, None, 0, None, StatusBar())
    assert (seen != news["mark"], more != work) == (True, True)
    services.library.bin(project.id)
    assert mark_of(services, None, PROJECTS) != seen
    assert mark_of(services, None, NAME) == mark_of(services, None, REVIEW)


def test_a_link_that_ends_by_itself_is_news(services: Services) -> None:
    project, link = services.library.create("Pets"), PretendedLink("https://a.test")
    before = work_mark(services, project.id, NAME)
    link.address = link.where
    services.active_shares.serve(project.id, Served("public", link, ""))
    opened = work_mark(services, project.id, NAME)
    link.address, link.problem = None, "It ended."
    assert len({before, opened, work_mark(services, project.id, NAME)}) == 3


def test_good_news_is_told_for_a_moment_only(services: Services) -> None:
    project = services.library.create("Pets", ["cat"])
    job = services.jobs.start(project.id, "train", lambda *_: "All done.")
    assert job.wait(PATIENCE)
    assert words(status_bar_value(services, project.id, StatusBar())) == "All done."
    job.ended_at = datetime.now(UTC) - timedelta(minutes=1)
    assert status_bar_value(services, project.id, StatusBar()) is None


def test_the_strip_follows_a_job_to_its_closing_sentence(services: Services) -> None:
    project, go = services.library.create("Pets"), threading.Event()
    job, status_bar = running(services, project.id, go), StatusBar()
    *_, shown, told = beat(services, project.id, project.revision(), None, status_bar)
    assert (shown["kind"], shown["stopping"]) == ("running", False)
    assert told == gr.skip()  # only what is to be told is written
    go.set()
    job.wait(PATIENCE)
    *_, shown, _ = beat(services, project.id, project.revision(), shown, status_bar)
    assert shown == {"kind": "done", "work": "train", "words": "All done."}
    shown, _, status_bar = act_on_status_bar(services, project.id, status_bar, "dismiss")
    assert shown is None
    assert isinstance(beat(services, project.id, project.revision(), shown, status_bar), dict)


def test_stop_is_passed_on_and_said_at_once(services: Services) -> None:
    project, go = services.library.create("Pets"), threading.Event()
    job = running(services, project.id, go)
    shown, *_ = act_on_status_bar(services, project.id, StatusBar(), "stop")
    assert job.stopping
    assert words(shown) == "Stopping"
    go.set()


def test_a_jobs_progress_is_shown_with_its_bar_and_time() -> None:
    job: Job[None] = Job("p", "train")
    job.progress = Progress("Looking <at> photos", 1200, 3000, 0.4, 42)
    assert job_value(job) == {
        "kind": "running",
        "work": "train",
        "words": "Looking <at> photos",
        "details": "1,200 of 3,000 · about 40 seconds left",
        "percent": 40,
        "stopping": False,
    }


def test_a_failed_job_shows_its_sentence() -> None:
    job: Job[None] = Job("p", "train")
    job.state, job.message = JobState.FAILED, "Add at least two photos."
    assert words(job_value(job)) == "Add at least two photos."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (float("inf"), ""),
        (0.4, "almost done"),
        (4.4, "about 4 seconds left"),
        (31, "about 30 seconds left"),
        (89, "about 90 seconds left"),
        (150, "about 2 minutes left"),
    ],
)
def test_time_left_is_told_in_round_words(seconds: float | None, words: str) -> None:
    assert time_left(seconds) == words


def test_going_needs_an_open_project_and_a_step_that_is_there() -> None:
    assert go_to(NAME, KNOWN, "p")[2] == NAME
    assert isinstance(go_to(NAME, KNOWN, None), dict)
    assert isinstance(go_to(TRAIN, KNOWN, "p"), dict)
    assert go_to(PROJECTS, KNOWN, None)[2] == PROJECTS


def test_back_opens_what_the_address_names_and_leaves_the_strip_of_the_same_project_alone(
    services: Services,
) -> None:
    pets, birds = services.library.create("Pets"), services.library.create("Birds")
    query = f"?project={pets.id}&step={REVIEW}"
    opened, _, step, _, *status_bar, turn = travel(services, KNOWN, pets.id, query, 3)
    assert (opened, step, turn) == (pets.id, REVIEW, 3)
    assert status_bar == [gr.skip()] * 3
    assert travel(services, KNOWN, birds.id, query, 4, 3)[0] == pets.id
    assert isinstance(travel(services, KNOWN, birds.id, query, 2, 3), dict)  # it arrived late
    services.library.bin(pets.id)
    gone = travel(services, KNOWN, birds.id, query, 5)
    assert (gone[0], gone[2], gone[7]) == (None, PROJECTS, 5)
    assert "not there any more" in words(gone[4])


def test_a_step_is_finished_when_the_next_has_what_it_needs(services: Services) -> None:
    project = services.library.create("Pets", ["cat"])
    assert finished_steps(project) == ()
    project.add_class("dog")
    assert finished_steps(project) == (NAME,)
    header = show_header(services, NAME, project.id, turn=2)
    named = {"step": NAME, "project_id": project.id, "project": "Pets", "finished": (NAME,)}
    assert header == {**named, "turn": 2}


def test_a_project_that_is_gone_is_in_no_header(services: Services) -> None:
    project = services.library.create("Pets", ["cat", "dog"])
    services.library.bin(project.id)
    assert show_header(services, NAME, project.id) == show_header(services, NAME, None)


def test_a_job_the_closed_app_had_begun_is_mentioned_once(services: Services) -> None:
    project = services.library.create("Pets", ["cat", "dog"])
    begun = datetime.now(UTC) - timedelta(minutes=1)
    project.save_job(JobRecord("train", "running", "Looking at your photos", 0.4, "", begun))
    told = beat(services, project.id, project.revision(), None, StatusBar())
    assert "The app was closed while it had something to do here (train)" in words(told[4])
    again = beat(services, project.id, project.revision(), told[4], told[6])
    assert again["__type__"] == "update"
    record = project.last_job()
    assert record is not None
    assert record.state == "interrupted"
