from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from nocode_classifier.errors import Busy, InputError
from nocode_classifier.jobs import Job, JobRunner, JobState
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop
from tests.patience import PATIENCE


def test_a_job_goes_on_by_itself_and_keeps_its_result() -> None:
    def work(report: Report, should_stop: ShouldStop) -> int:
        report(Progress("Counting", 1, 2, 0.5))
        return 42

    job = JobRunner().start("p", "count", work, sentence=lambda n: f"Counted to {n}.")
    assert job.wait(PATIENCE)
    assert (job.state, job.result, job.message) == (JobState.DONE, 42, "Counted to 42.")
    assert job.progress.stage == "Counting"


def test_stop_is_heard_and_the_ending_is_recorded() -> None:
    began, seen = threading.Event(), []

    def work(report: Report, should_stop: ShouldStop) -> None:
        began.set()
        while True:
            check_stop(should_stop)

    def end(job: Job[object], state: JobState) -> None:
        seen.append((job.kind, state))

    job = JobRunner().start("p", "wait", work, end=end)
    began.wait(PATIENCE)
    job.stop()
    assert job.wait(PATIENCE)
    assert job.state is JobState.STOPPED
    assert seen == [("wait", JobState.STOPPED)]


def test_who_hears_of_the_end_finds_the_job_ended_and_the_next_one_waits_until_all_heard() -> None:
    told, go, order, runner = threading.Event(), threading.Event(), list[str](), JobRunner()

    def end(job: Job[object], state: JobState) -> None:
        order.append(f"told while {job.state}, {job.message}")
        told.set()
        go.wait(PATIENCE)
        order.append("recorded")

    first = runner.start("p", "a", lambda report, stop: "counted", end=end)
    assert told.wait(PATIENCE)
    second = runner.start("p", "b", lambda report, stop: order.append("next"))
    go.set()
    assert second.wait(PATIENCE)
    assert first.state is second.state is JobState.DONE
    assert order == ["told while done, counted", "recorded", "next"]


def test_closing_the_app_waits_until_an_end_is_recorded() -> None:
    told, runner, recorded = threading.Event(), JobRunner(), list[bool]()

    def end(job: Job[object], state: JobState) -> None:
        told.set()
        assert job._stop.wait(PATIENCE)  # the app is being closed
        recorded.append(True)

    runner.start("p", "a", lambda report, stop: None, end=end)
    assert told.wait(PATIENCE)
    runner.stop_all()
    assert recorded == [True]


def test_a_project_has_one_job_at_a_time_and_others_are_free() -> None:
    go, runner = threading.Event(), JobRunner()
    first = runner.start("p", "a", lambda report, stop: go.wait(PATIENCE))
    with pytest.raises(Busy, match="busy"):
        runner.start("p", "b", lambda report, stop: None)
    other = runner.start("q", "b", lambda report, stop: None)
    assert other.wait(PATIENCE)
    go.set()
    assert first.wait(PATIENCE)
    assert runner.current("p") is first


def test_an_expected_failure_is_its_sentence_and_a_surprise_is_a_number() -> None:
    def refuse(report: Report, should_stop: ShouldStop) -> None:
        raise InputError("Add at least two photos.")

    def break_down(report: Report, should_stop: ShouldStop) -> None:
        raise KeyError("secret")

    runner = JobRunner()
    refused, broken = runner.start("p", "a", refuse), runner.start("q", "a", break_down)
    assert refused.wait(PATIENCE)
    assert broken.wait(PATIENCE)
    assert (refused.state, refused.message) == (JobState.FAILED, "Add at least two photos.")
    assert broken.id[:8] in broken.message
    assert "secret" not in broken.message


def lingering(
    began: threading.Event, may_end: threading.Event | None = None
) -> Callable[[Report, ShouldStop], None]:
    """Work that goes on until it is stopped, and then until it may end."""

    def work(report: Report, should_stop: ShouldStop) -> None:
        began.set()
        while not should_stop():
            time.sleep(0.01)
        if may_end is not None:
            may_end.wait(PATIENCE)
        check_stop(should_stop)

    return work


def test_a_quiet_job_is_not_seen_and_gives_way_to_one_that_is_asked_for() -> None:
    runner, began, may_end = JobRunner(), threading.Event(), threading.Event()
    quiet = runner.start_quiet("p", "improve", lingering(began, may_end))
    assert quiet is not None
    assert began.wait(PATIENCE)
    assert runner.current("p") is None
    job = runner.start("p", "train", lambda report, stop: quiet.state)
    assert (runner.current("p"), job.running, quiet.stopping) == (job, True, True)
    may_end.set()
    assert job.wait(PATIENCE)
    assert job.result is JobState.STOPPED


def test_a_quiet_job_does_not_begin_while_another_runs_and_follows_one_of_its_kind() -> None:
    go, runner, began = threading.Event(), JobRunner(), threading.Event()
    asked = runner.start("p", "train", lambda report, stop: go.wait(PATIENCE))
    assert runner.start_quiet("p", "improve", lingering(began)) is None
    go.set()
    assert asked.wait(PATIENCE)
    first = runner.start_quiet("p", "improve", lingering(began))
    assert began.wait(PATIENCE)
    second = runner.start_quiet("p", "improve", lambda report, stop: "done")
    assert first is not None
    assert second is not None
    assert second.wait(PATIENCE)
    assert (first.state, second.result) == (JobState.STOPPED, "done")
    assert runner.quiet("p") is second


def test_a_job_that_waits_for_a_quiet_one_can_be_stopped() -> None:
    go, runner = threading.Event(), JobRunner()
    runner.start_quiet("p", "improve", lambda report, stop: go.wait(PATIENCE))
    job = runner.start("p", "train", lambda report, stop: "never")
    job.stop()
    assert job.wait(PATIENCE)
    assert (job.state, job.result) == (JobState.STOPPED, None)
    go.set()


def test_quiet_jobs_are_stopped_when_the_app_closes() -> None:
    runner, began = JobRunner(), threading.Event()
    quiet = runner.start_quiet("p", "improve", lingering(began))
    assert began.wait(PATIENCE)
    runner.stop_all()
    assert quiet is not None
    assert quiet.state is JobState.STOPPED
