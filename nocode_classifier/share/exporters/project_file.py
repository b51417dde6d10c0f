"""The whole project in one file, to go on with on another computer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nocode_classifier.errors import NotProven, PhotoRefused
from nocode_classifier.paths import HOME_VARIABLE
from nocode_classifier.processes import ProcessFailed, output_of
from nocode_classifier.progress import Report, ShouldStop
from nocode_classifier.project.archive.layout import SUFFIX
from nocode_classifier.project.archive.metadata import pixels_stay, strip_private
from nocode_classifier.project.archive.writer import export_project
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project
from nocode_classifier.share.exporter import ExportAnswer, Exporter, Subject

PACKAGE = "nocode_classifier"


class ProjectFile(Exporter):
    """Photos, classes, decisions and the model in a `.nocode` file."""

    key = "project"
    label = "Project"
    about = "Everything in one file, to go on with in this app on another computer"
    suffix = SUFFIX

    def build(
        self, subject: Subject, made: Path, *, report: Report, should_stop: ShouldStop
    ) -> None:
        """Write the project as `projects export` does."""
        export_project(subject.collected(), made, report=report, should_stop=should_stop)

    def ask(
        self,
        made: Path,
        subject: Subject,
        photos: Sequence[Path],
        place: Path,
        *,
        should_stop: ShouldStop,
    ) -> list[ExportAnswer | None]:
        """Import it into an empty home, by a fresh start of the app, and ask the model there."""
        home = place / "home"
        found = _app(home, ["projects", "import", str(made), "--json"], should_stop)
        project = Library(home).open(found["projects"][0]["id"])
        model = project.models.folder()
        copies = [_copy_of(photo, project) for photo in photos]
        there = [str(path) for path in copies if path]
        if model is None or not there:
            if subject.model is not None and model is None:
                raise NotProven("The model is missing in the exported project.")
            return [None] * len(photos)
        answered = _app(home, ["predict", str(model), *there, "--json"], should_stop)["answers"]
        answers = iter(
            ExportAnswer(one["label"], one["sure"], one["probabilities"]) for one in answered
        )
        return [next(answers) if path else None for path in copies]


def _copy_of(photo: Path, project: Project) -> Path | None:
    """Where a photo is in the imported project, if its pixels are the same there."""
    try:
        data, suffix = strip_private(photo.read_bytes(), photo.suffix)
    except PhotoRefused:
        return None
    sha256 = hashlib.sha256(data).hexdigest()
    same = pixels_stay(photo.suffix, suffix)
    paths = (project.path_of(one) for one in project.photos() if same and one.sha256 == sha256)
    return next(paths, None)


def _app(home: Path, arguments: Sequence[str], should_stop: ShouldStop) -> dict[str, Any]:
    """Start the app's own command line and read its JSON."""
    settings = {HOME_VARIABLE: str(home)}
    try:
        said = output_of(PACKAGE, arguments, settings=settings, should_stop=should_stop)
    except ProcessFailed as error:
        raise NotProven(f"The exported project can't be taken in again: {error}") from error
    answer: dict[str, Any] = json.loads(said)
    return answer
