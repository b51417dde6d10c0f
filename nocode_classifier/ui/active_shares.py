"""What is being shared, for all windows together; it is forgotten when the app closes."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.share.hub.talk import Hub, usual_hub

if TYPE_CHECKING:
    from nocode_classifier.share.exporter import Subject
    from nocode_classifier.share.hub.account import Account, BrowserCode
    from nocode_classifier.share.hub.kinds import SpaceKind
    from nocode_classifier.share.hub.plan import MakeFolder, PublishPlan


class ShareLink(Protocol):
    """An address under which others can ask a classifier for a while; see `serve/link.py`.

    Everything may be called from any thread.
    """

    @property
    def address(self) -> str | None:
        """The address; None while there is none."""

    @property
    def ends_at(self) -> datetime | None:
        """When it will stop working at the latest; None if it needn't."""

    @property
    def problem(self) -> str:
        """Why it ended by itself, as a sentence; "" if it did not."""

    @property
    def qr(self) -> str | None:
        """The address as a QR code, an SVG; None while there is none."""

    def start(self, model_folder: Path, report: Report = ..., should_stop: ShouldStop = ...) -> str:
        """Serve a model and say where; raises an AppError with a sentence."""

    def stop(self) -> None:
        """Close it; nothing happens if none is open."""


@dataclass(frozen=True, slots=True)
class Served:
    """The link that was opened last for a project.

    Attributes:
        way: "public" or "local".
        model: as `showing.model_mark` marked it when the link was opened.
    """

    way: str
    link: ShareLink
    model: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Files that are ready to be published, and have been looked at by nobody else.

    Attributes:
        place: where they are; they go away with it.
        model: as `showing.model_mark` marked it when they were made.
        updates: whether there is something under the same name already, which this app put there.
    """

    planned: PublishPlan
    place: tempfile.TemporaryDirectory[str]
    model: str
    updates: bool


def _exported(subject: Subject, kind: SpaceKind) -> MakeFolder:
    """The files as the exporters make and prove them."""
    from nocode_classifier.share.hub.making import maker

    return maker(subject, kind)


@dataclass
class ActiveShares:
    """Remembers it. Every method may be called from any thread.

    Attributes:
        hub: where things are published.
        files_of: what makes the files of a Space.
    """

    hub: Hub = field(default_factory=usual_hub)
    files_of: Callable[[Subject, SpaceKind], MakeFolder] = _exported
    _served: dict[str, Served] = field(default_factory=dict)
    _account: Account | None = None
    _code: BrowserCode | None = None
    _drafts: dict[str, Draft] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def served(self, project_id: str) -> Served | None:
        """The link of a project; it may have ended meanwhile."""
        with self._lock:
            return self._served.get(project_id)

    def serve(self, project_id: str, served: Served | None) -> None:
        """A link was opened, or is to be closed; the one before is closed."""
        with self._lock:
            before = self._served.pop(project_id, None)
            if served is not None:
                self._served[project_id] = served
        if before is not None:
            before.link.stop()

    @property
    def account(self) -> Account | None:
        """Who is signed in."""
        with self._lock:
            return self._account

    def sign(self, account: Account | None) -> None:
        """Someone signed in, or out."""
        with self._lock:
            self._account, self._code = account, None

    @property
    def code(self) -> BrowserCode | None:
        """What to compare while someone signs in with the browser."""
        with self._lock:
            return self._code

    def show_code(self, code: BrowserCode | None) -> None:
        """Someone signs in with the browser, or has had enough of it."""
        with self._lock:
            self._code = code

    def draft(self, project_id: str) -> Draft | None:
        """What is ready to be published of a project."""
        with self._lock:
            return self._drafts.get(project_id)

    def keep_draft(self, project_id: str, draft: Draft | None) -> None:
        """Something is ready, or was put away; what was ready before is deleted."""
        with self._lock:
            before = self._drafts.pop(project_id, None)
            if draft is not None:
                self._drafts[project_id] = draft
        if before is not None:
            before.place.cleanup()

    def close(self) -> None:
        """Close all links, and delete what is ready and was not published; for closing the app."""
        for project_id in tuple(self._served):
            self.serve(project_id, None)
        for project_id in tuple(self._drafts):
            self.keep_draft(project_id, None)
