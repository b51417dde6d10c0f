"""Where things live on this computer. Functions, not constants: tests and `--home` move them.

home()/projects/<id>/project.sqlite3, photos/, thumbnails/, models/
home()/bin/<id>/…                       deleted projects, until the bin is emptied
home()/kept-aside/                      what was in the way of a project that was restored
home()/takedowns.sqlite3                what must stay away from all projects
cache()/backbones/                      backbones converted to ONNX
cache()/weights/                        weights of backbones from the internet
cache()/speeds.json                     how long each backbone takes on this computer
cache()/gradio/                         uploads on their way in
cache()/onnxruntime-web-<version>/      what runs models in browsers, for pages that are exported
logs()/nocode-classifier.log            what should not have happened
"""

from __future__ import annotations

import atexit
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import platformdirs

APP_NAME = "nocode-classifier"
HOME_VARIABLE = "NOCODE_CLASSIFIER_HOME"
CACHE_VARIABLE = "NOCODE_CLASSIFIER_CACHE"
LOGS_VARIABLE = "NOCODE_CLASSIFIER_LOGS"


def home() -> Path:
    """The folder that holds a person's projects; created if it isn't there."""
    return _folder(HOME_VARIABLE, platformdirs.user_data_path)


def cache() -> Path:
    """What can be made again at any time (converted backbones, uploads); created if missing.

    Where it can't be written, a temporary one, for this process and those that it starts.
    """
    with suppress(OSError):
        folder = _folder(CACHE_VARIABLE, platformdirs.user_cache_path)
        if os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            return folder
    os.environ[CACHE_VARIABLE] = tempfile.mkdtemp(prefix=f"{APP_NAME}-")
    atexit.register(shutil.rmtree, os.environ[CACHE_VARIABLE], ignore_errors=True)
    return cache()


def logs() -> Path:
    """Where the log is kept; created if missing."""
    return _folder(LOGS_VARIABLE, platformdirs.user_log_path)


def typed(path: str | Path) -> Path:
    """A path as a person typed it: "~" begins the home folder where nothing here is called so."""
    if not str(path).startswith("~") or kind_of(Path(path)):
        return Path(path)
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path's own raises for a stranger's "~x"


def kind_of(path: Path) -> Literal["file", "folder", "other"] | None:
    """What is at a path, links followed; None for nothing, or nothing that can be looked at.

    Unlike `Path.is_file` and `Path.is_dir`, it raises nothing about a path that is too long, in a
    folder that may not be read, or a link that leads to itself.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return None
    return "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"


def _folder(variable: str, usual: Callable[..., Path]) -> Path:
    """The folder named in the environment, else the system's usual one."""
    override = os.environ.get(variable)
    folder = Path(override).expanduser() if override else usual(APP_NAME, appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()
