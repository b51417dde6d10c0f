"""Opening a model folder that someone named on the command line."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.errors import InputError, NotFound, NotReady
from nocode_classifier.placing import restored
from nocode_classifier.predict.predictor import ModelError, Predictor


def open_model(folder: str) -> Predictor:
    """Load a model to answer many photos at once: each answer takes one processor core.

    Raises:
        InputError: there is no model, or it can't be used.
    """
    try:
        return Predictor(restored(Path(folder)), threads=1)
    except ModelError as error:
        raise InputError(str(error)) from error


def find_model(named: str) -> Path:
    """The model folder of this path, or of the project of this name or id.

    Raises:
        NotFound: there is neither.
        NotReady: the project is not trained.
    """
    path = restored(Path(named))
    if (path / "card.json").is_file():
        return path
    if path.is_dir():
        raise NotFound(f"There is no model in {path}: it holds no card.json.")
    from nocode_classifier import paths
    from nocode_classifier.cli.projects import find_project
    from nocode_classifier.project.library import Library

    library = Library(paths.home())
    try:
        info = find_project(library.projects(), named)
    except NotFound as error:
        raise NotFound(f"There is no model folder and no project '{named}'.") from error
    folder = library.open(info.id).model_folder()
    if folder is None:
        raise NotReady(f"'{info.name}' is not trained yet: open the app and train it first.")
    return folder
