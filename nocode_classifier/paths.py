"""Where things live on this computer. Functions, not constants: tests and `--home` move them.

home()/projects/<id>/project.sqlite3, photos/, thumbnails/, models/
home()/bin/<id>/…                       deleted projects, until the bin is emptied
cache()/backbones/                      backbones converted to ONNX
cache()/gradio/                         uploads on their way in
logs()/nocode-classifier.log            what should not have happened
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_NAME = "nocode-classifier"
HOME_VARIABLE = "NOCODE_CLASSIFIER_HOME"
CACHE_VARIABLE = "NOCODE_CLASSIFIER_CACHE"
LOGS_VARIABLE = "NOCODE_CLASSIFIER_LOGS"


def home() -> Path:
    """The folder that holds a person's projects; created if it isn't there."""
    override = os.environ.get(HOME_VARIABLE)
    folder = (
        Path(override).expanduser()
        if override
        else platformdirs.user_data_path(APP_NAME, appauthor=False)
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def cache() -> Path:
    """What can be made again at any time (converted backbones, uploads); created if missing."""
    override = os.environ.get(CACHE_VARIABLE)
    folder = (
        Path(override).expanduser()
        if override
        else platformdirs.user_cache_path(APP_NAME, appauthor=False)
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def logs() -> Path:
    """Where the log is kept; created if missing."""
    override = os.environ.get(LOGS_VARIABLE)
    folder = (
        Path(override).expanduser()
        if override
        else platformdirs.user_log_path(APP_NAME, appauthor=False)
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()
