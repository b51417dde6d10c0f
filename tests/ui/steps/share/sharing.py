"""What the tests of sharing share: a link that needs no network, and waiting for work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nocode_classifier.errors import Unavailable
from nocode_classifier.jobs import Job
from nocode_classifier.progress import Report, ShouldStop, check_stop, ignore, never
from nocode_classifier.project.project import Project
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.steps.share.step import Action
from tests.patience import PATIENCE


@dataclass
class PretendedLink:
    """Opens at once, unless it is blocked."""

    where: str = "https://friends.example"
    blocked: str = ""
    address: str | None = None
    problem: str = ""
    shown: list[Path] = field(default_factory=list)

    @property
    def ends_at(self) -> datetime | None:
        return datetime.now(UTC) + timedelta(hours=72) if self.address else None

    @property
    def qr(self) -> str | None:
        return f"<svg><title>{self.address}</title></svg>" if self.address else None

    def start(
        self, model_folder: Path, report: Report = ignore, should_stop: ShouldStop = never
    ) -> str:
        check_stop(should_stop)
        if self.blocked:
            raise Unavailable(self.blocked)
        self.shown.append(model_folder)
        self.address, self.problem = self.where, ""
        return self.where

    def stop(self) -> None:
        self.address = None

    def end(self) -> None:
        """As if the other side had closed it."""
        self.address, self.problem = None, "The public link was closed from the other side."


def press(services: Services, project: Project, action: Action, **asked: Any) -> Job[Any] | None:
    """Do what a button does, and wait for the work it began."""
    action(services, project, asked)
    job = services.jobs.current(project.id)
    assert job is None or job.wait(PATIENCE)
    return job
