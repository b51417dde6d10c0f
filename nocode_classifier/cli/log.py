"""The file that takes down what should not have happened."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from nocode_classifier import paths

LARGEST = 1_000_000
log = logging.getLogger(__name__)


def keep_log() -> Path | None:
    """Send warnings and worse of this program to a file from now on.

    Returns:
        The file; None where it can't be written, which must not keep anything from working.
    """
    try:
        path = paths.logs() / "nocode-classifier.log"
        handler = RotatingFileHandler(
            path, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    logging.captureWarnings(capture=True)  # a library's remarks are for programmers
    return path


def take_down(error: BaseException) -> str:
    """Write an unexpected error to the log and say it calmly."""
    path = keep_log()
    log.error("unexpected", exc_info=error)
    kept = f" The details are in {path}." if path else " Run it again with --debug for details."
    return f"Something went wrong that should not have ({type(error).__name__}).{kept}"
