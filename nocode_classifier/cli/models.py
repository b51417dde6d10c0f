"""What someone named on the command line: a model folder, or a project of the app."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier import paths
from nocode_classifier.cli.projects import find_project
from nocode_classifier.errors import InputError, NotFound, NotReady
from nocode_classifier.placing import restored
from nocode_classifier.predict.predictor import ModelError, Predictor
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project


def find_named(named: str) -> Path | Project:
    """The model folder of this path, or else the project of this name or id.

    Raises:
        InputError: several projects are called so.
        NotFound: there is neither.
    """
    path = restored(paths.typed(named))
    if paths.kind_of(path / "card.json") == "file":
        return path
    library = Library(paths.home())
    try:
        return library.open(find_project(library.projects(), named).id)
    except NotFound as error:
        if paths.kind_of(path) == "folder":
            raise NotFound(f"There is no model in {path}: it holds no card.json.") from error
        raise NotFound(f"There is no model folder and no project '{named}'.") from error


def find_model(named: str) -> Path:
    """The model folder of this path, or of the project of this name or id.

    Raises:
        InputError: several projects are called so.
        NotFound: there is neither.
        NotReady: the project is not trained.
    """
    found = find_named(named)
    if isinstance(found, Path):
        return found
    folder = found.models.folder()
    if folder is None:
        raise NotReady(f"'{found.name}' is not trained yet: open the app and train it first.")
    return folder


def open_model(named: str) -> Predictor:
    """Load a model to answer many photos at once: each answer takes one processor core.

    Raises:
        AppError: as `find_model`, or the model can't be used.
    """
    folder = find_model(named)
    try:
        return Predictor(folder, threads=1)
    except ModelError as error:
        raise InputError(str(error)) from error
