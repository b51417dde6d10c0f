"""The `.nocode` file: one whole project to take to another computer.

A zip file, by the rules below whatever system wrote it:

    manifest.json        format, format_version, app_version, and for every other entry its size
                         and SHA-256
    project.json         name, classes with what was searched for, photos with where they are from,
                         cached features, the model's held-out answers and past trainings
    CREDITS.csv          where each photo is from, as a table
    CREDITS.html         the same as a page to read
    photos/<sha256>.jpg  (.png, .webp) without private metadata; the name is the hash of the bytes
    features/0.bin       cached features of one backbone, one photo after another
    probabilities.bin    of the model's held-out answers, float32, one photo after another
    model/model.onnx     the current model, if there is one
    model/card.json

Entry names never come from names that people gave, nothing in it can be run, and what is not
listed here is refused when it is read. The credits are for people: nothing reads them back.

Version 2 brought the credits, what was searched for, and titles and licence addresses of photos;
version 3 past trainings, without their models but the current one; version 4 what was confirmed,
the chosen caution, and held-out answers as a whole.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from nocode_classifier.progress import Progress, Report

FORMAT = "nocode-classifier project"
FORMAT_VERSION = 4
SUFFIX = ".nocode"
MANIFEST, CONTENT = "manifest.json", "project.json"
CREDITS_TABLE, CREDITS_PAGE = "CREDITS.csv", "CREDITS.html"
PROBABILITIES = "probabilities.bin"

ENTRY = re.compile(
    r"project\.json|photos/[0-9a-f]{64}\.(jpg|png|webp)|features/[0-9]{1,3}\.bin"
    r"|model/[A-Za-z0-9_-]{1,60}\.(onnx|json)|CREDITS\.(csv|html)|probabilities\.bin"
)
MODEL_FILE = re.compile(r"[A-Za-z0-9_-]{1,60}\.(onnx|json)")

MOST_ENTRIES = 200_000
MOST_PHOTOS = 200_000
MOST_BYTES = 64 * 1024**3
LARGEST = {
    "manifest.json": 64 * 1024**2,
    "project.json": 64 * 1024**2,
    "CREDITS.csv": 512 * 1024**2,
    "CREDITS.html": 512 * 1024**2,
    "photos": 256 * 1024**2,
    "features": 16 * 1024**3,
    "model": 1024**3,
    "probabilities.bin": 1024**3,
}
"""Bytes of an entry, or of each entry in a folder, once it is unpacked."""

MOST_EXPANSION = 100
"""Photos and models hardly shrink, so a file that grows more than this is a trap."""


@dataclass
class Steps:
    """Counts photos and tells the watcher.

    Attributes:
        stage: what is being done.
        total: photos to go through.
    """

    report: Report
    stage: str
    total: int
    done: int = 0
    began: float = field(default_factory=time.monotonic)

    def advance(self, number: int = 1) -> None:
        """So many more are done."""
        self.done += number
        fraction = self.done / max(self.total, 1)
        passed = time.monotonic() - self.began
        left = passed / fraction - passed if fraction > 0 else None
        # The last twentieth is for the model and the list of contents.
        self.report(Progress(self.stage, self.done, self.total, 0.95 * fraction, left))
