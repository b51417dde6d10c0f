from __future__ import annotations

import threading

import pytest

from nocode_classifier.errors import Busy, InputError
from nocode_classifier.jobs import Job, JobRunner, JobState
from nocode_classifier.progress import Progress, Report, ShouldStop, check_stop


def test_a_job_goes_on_by_itself_and_keeps_its_result() -> None:
    def work(report: Report, should_stop: ShouldStop) -> int:
        report(Progress("Counting", 1, 2, 0.5))
        return 42

    job = JobRunner().start("p", "count", work, sentence=lambda n: f"Counted to {n}.")
    assert job.wait(5)
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
    began.wait(5)
    job.stop()
    assert job.wait(5)
    assert job.state is JobState.STOPPED
    assert seen == [("wait", JobState.STOPPED)]


def test_a_project_has_one_job_at_a_time_and_others_are_free() -> None:
    go, runner = threading.Event(), JobRunner()
    first = runner.start("p", "a", lambda report, stop: go.wait(5))
    with pytest.raises(Busy, match="busy"):
        runner.start("p", "b", lambda report, stop: None)
    other = runner.start("q", "b", lambda report, stop: None)
    assert other.wait(5)
    go.set()
    assert first.wait(5)
    assert runner.current("p") is first


def test_an_expected_failure_is_its_sentence_and_a_surprise_is_a_number() -> None:
    def refuse(report: Report, should_stop: ShouldStop) -> None:
        raise InputError("Add at least two photos.")

    def break_down(report: Report, should_stop: ShouldStop) -> None:
        raise KeyError("secret")

    runner = JobRunner()
    refused, broken = runner.start("p", "a", refuse), runner.start("q", "a", break_down)
    assert refused.wait(5)
    assert broken.wait(5)
    assert (refused.state, refused.message) == (JobState.FAILED, "Add at least two photos.")
    assert broken.id[:8] in broken.message
    assert "secret" not in broken.message
