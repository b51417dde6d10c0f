"""What an export is: a classifier made into something that works without the app.

An exporter writes one kind of export and knows how to open it again the way its reader will. A new
kind is a new `Exporter` in the tuple of `exporters/__init__.py`; `exporting.export` does the rest.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nocode_classifier.errors import InputError, NotReady
from nocode_classifier.predict.predictor import ModelError, read_card
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.project import Project

EXACT = 0.001
"""The most that probabilities of one and the same graph may differ."""

CLOSE = 0.05
"""The most where the numbers of the graph are stored in fewer bits or computed by other means."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is exported.

    Attributes:
        name: what people call it.
        model: its model folder; None while it is untrained.
        photos: of the user, to ask the export about, of every class; see `subjects`.
        project: where it is from; None for a bare model folder.
    """

    name: str
    model: Path | None
    photos: tuple[Path, ...]
    project: Project | None = None

    def trained(self) -> Path:
        """The model folder.

        Raises:
            NotReady: there is none yet.
        """
        if self.model is None:
            raise NotReady("Train the classifier first; then it can be exported.")
        return self.model

    def collected(self) -> Project:
        """The project.

        Raises:
            InputError: this is a bare model, which knows none of its photos.
        """
        if self.project is None:
            raise InputError("A model alone has no photos: name the project it was trained in.")
        return self.project

    def card(self) -> dict[str, Any]:
        """What is in `card.json` of the model, under the name of today.

        Raises:
            NotReady: there is no model yet.
            InputError: the model can't be used.
        """
        try:
            return {**read_card(self.trained()), "name": self.name}
        except ModelError as error:
            raise InputError(str(error)) from error


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """What an export said about one photo.

    Attributes:
        sure: None where this kind of export does not say.
        probabilities: by class.
    """

    label: str
    sure: bool | None
    probabilities: dict[str, float]


@dataclass(frozen=True, slots=True)
class Proof:
    """How an export's answers compare with the app's.

    Attributes:
        same: photos with the same class and the same "sure or not".
        asked: photos it was asked about.
        worst: the biggest difference of any probability.
        drawn: there were no photos, so it was asked about drawn pictures.
    """

    same: int
    asked: int
    worst: float
    drawn: bool = False

    @property
    def sentence(self) -> str:
        """For people."""
        about = " (drawn pictures, for want of photos)" if self.drawn else ""
        return f"same answers: {self.same} of {self.asked}{about}"


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that was handed over.

    Attributes:
        path: the file or folder.
        bytes: its size.
        proof: None where it could not be asked here; `note` says why.
        note: what its owner should know; empty for nothing.
    """

    path: Path
    bytes: int
    proof: Proof | None
    note: str = ""


class CantAsk(Exception):
    """This export can't be asked on this computer; the message is a sentence that says why."""


class Exporter(ABC):
    """Makes one kind of export, and asks it.

    Attributes:
        key: what is typed on the command line.
        label: what the page calls it.
        about: what it is good for, in one line.
        suffix: how the file's name ends; empty for a folder.
        landmark: what every such folder holds, so that an earlier one is known; "" for a file.
        tolerance: how much probabilities may differ from the app's.
    """

    key: str
    label: str
    about: str
    suffix: str = ""
    landmark: str = ""
    tolerance: float = EXACT

    @property
    def note(self) -> str:
        """What everybody who makes one should know; empty for nothing."""
        return ""

    def missing(self) -> str | None:
        """What has to be installed first, as a sentence; None when nothing."""
        return None

    @abstractmethod
    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the export.

        Args:
            subject: what to export.
            made: the file to write, or the empty folder to fill.
            report: hears how far it is.
            should_stop: asked now and then.

        Raises:
            NotReady: the classifier is not trained yet.
            InputError: this subject can't be exported so.
            Unavailable: something could not be read, fetched or written.
            Cancelled: Stop was pressed.
        """

    @abstractmethod
    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> Sequence[ExportAnswer | None]:
        """Open an export as its reader will, in a process of its own, and ask it about photos.

        Args:
            made: what `build` wrote; it is left as it is.
            subject: what it was made from.
            photos: in formats that every program reads.
            place: an empty folder to work in.
            should_stop: asked now and then.

        Returns:
            An answer for each photo; None where this export has no such photo.

        Raises:
            CantAsk: that is impossible on this computer.
            NotProven: it can't be opened or does not answer.
            Cancelled: Stop was pressed.
        """
