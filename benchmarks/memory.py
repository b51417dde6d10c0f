"""How much memory training takes at most with 3,000 photos, by the command line and in the app."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.machine import alone, peak_memory, run_app
from benchmarks.photos import PHONE_EVERY, make_many
from benchmarks.rows import Row, Section, at_most
from benchmarks.setting import Setting
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.project.library import Library

PHOTOS = 3000
MOST = 1500.0


def measure(setting: Setting) -> Section:
    """Two classes, as most projects have, and ten, as the hand signs have."""
    count = 200 if setting.quick else PHOTOS
    rows: list[Row] = []
    for which in ("hotdog", "sign-digits"):
        folder = setting.work / which
        alone(make_many, setting.photos / which / "train", folder, count)
        command = ["train", str(folder), "-o", str(setting.work / f"{which}-model"), "--json"]
        train = run_app(command, setting.environment)
        rows.append(_row(f"`train`, {count:,} photos like {which}", train.memory, train.seconds))
        memory, seconds = alone(in_the_app, folder, setting.work / f"{which}-home", setting.cache)
        rows.append(_row(f"added and trained in a project, {which}", memory, seconds))
    return Section(tuple(rows))


def _row(what: str, memory: float, seconds: float) -> Row:
    note = f"{seconds:.0f} s in all; every {PHONE_EVERY}th photo has 12 megapixels"
    return at_most(f"peak memory: {what}", memory, MOST, "MB", note)


def in_the_app(folder: Path, home: Path, cache: Path) -> tuple[float, float]:
    """Peak memory in MB, and seconds of training alone, in this process."""
    project = Library(home).create("many")
    add_photos(project, from_folder(folder), class_id=None)
    began = time.perf_counter()
    train_project(project, cache)
    return peak_memory(), time.perf_counter() - began
