"""Slow work that two apps want to do on one project."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nocode_classifier.errors import Busy
from nocode_classifier.jobs import JobState
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import JobRecord
from nocode_classifier.project.store.job_lock import JobLock
from nocode_classifier.ui.shell.live_updates import StatusBar, beat
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.work import start_work
from tests.patience import PATIENCE

OTHER_APP = """
import sys, threading
from pathlib import Path
from nocode_classifier.main import build_services
from nocode_classifier.ui.work import start_work
services = build_services(Path(sys.argv[1]))
project = services.library.open(sys.argv[2])
began = threading.Event()
work = lambda report, should_stop: (began.set(), threading.Event().wait())
start_work(services, project, "train", work, sentence=str)
began.wait()
print("began", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def project(services: Services) -> Project:
    return services.library.create("Pets", ["cat", "dog"])


@contextmanager
def other_app(services: Services, project: Project) -> Iterator[subprocess.Popen[str]]:
    """An app of another process that trains the project until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER_APP, str(services.library.home), project.id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "began\n"
        try:
            yield process
        finally:
            process.kill()


def told(services: Services, project: Project) -> str:
    answer = beat(services, project.id, project.revision(), None, StatusBar())
    return "" if isinstance(answer, dict) else str(answer[4])


def state(project: Project) -> str:
    record = project.last_job()
    return "" if record is None else record.state


def test_a_job_of_another_app_goes_on_and_keeps_others_out_until_that_app_dies(
    services: Services, project: Project
) -> None:
    with other_app(services, project) as other:
        assert told(services, project) == ""
        with pytest.raises(Busy, match="busy in another window of the app"):
            start_work(services, project, "add photos", lambda *_: 1, sentence=str)
        assert state(project) == JobState.RUNNING
        other.kill()
        other.wait()
        assert "The app was closed while it had something to do here (train)" in told(
            services, project
        )
    job = start_work(services, project, "add photos", lambda *_: 1, sentence=str)
    assert job.wait(PATIENCE)
    assert (job.state, state(project)) == (JobState.DONE, JobState.DONE)


def test_work_follows_on_work_of_the_same_app_at_once(
    services: Services, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    noting, go, save_job = threading.Event(), threading.Event(), Project.save_job

    def slow(self: Project, record: JobRecord) -> None:
        if record.state == JobState.DONE:
            noting.set()
            go.wait(PATIENCE)
        save_job(self, record)

    monkeypatch.setattr(Project, "save_job", slow)
    start_work(services, project, "train", lambda *_: 1, sentence=str)
    assert noting.wait(PATIENCE)
    second = start_work(services, project, "export", lambda *_: 2, sentence=str)
    go.set()
    assert second.wait(PATIENCE)
    assert (second.state, second.result) == (JobState.DONE, 2)


def test_a_lock_of_whatever_kind_keeps_nobody_from_working(
    services: Services, project: Project
) -> None:
    spoils: tuple[Callable[[Path], object], ...] = (
        lambda path: path.write_bytes(b"no lock" * 999),
        Path.mkdir,
    )
    for spoil in spoils:
        path = project.folder / "job.lock"
        path.unlink(missing_ok=True)
        spoil(path)
        job = start_work(services, project, "train", lambda *_: 1, sentence=str)
        assert job.wait(PATIENCE)
        assert job.state is JobState.DONE
        assert not JobLock(project.folder).take()
