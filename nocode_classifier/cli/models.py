"""Opening a model folder that someone named on the command line."""

from __future__ import annotations

from pathlib import Path

from nocode_classifier.errors import InputError
from nocode_classifier.predict.predictor import ModelError, Predictor


def open_model(folder: str) -> Predictor:
    """Load a model to answer many photos at once: each answer takes one processor core.

    Raises:
        InputError: there is no model, or it can't be used.
    """
    try:
        return Predictor(Path(folder), threads=1)
    except ModelError as error:
        raise InputError(str(error)) from error
