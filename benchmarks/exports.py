"""Exports: whether each answers as the app does on every test photo, and how long one takes."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.fresh import first_answer, fresh_environment, installed_megabytes
from benchmarks.machine import alone, run_app
from benchmarks.photos import in_folder
from benchmarks.rows import Row, Section, at_most
from benchmarks.setting import Setting
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.learn.from_folder import train_folder
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.paths import CACHE_VARIABLE
from nocode_classifier.predict.predictor import Predictor
from nocode_classifier.progress import ignore, never
from nocode_classifier.project.library import Library
from nocode_classifier.share.exporter import CLOSE, EXACT, ExportAnswer, Exporter
from nocode_classifier.share.exporters import EXPORTERS, exporter_of
from nocode_classifier.share.exporting import export
from nocode_classifier.share.subjects import subject_of, subject_of_folder
from tests.web_runtime import have_runtime

SETS = ("hotdog", "sign-digits")
ASKED = ("model", "onnx", "space", "server", "coreml", "litert", "fastai")
"""Those whose answers are compared here; `static_page` compares those of the page."""

MOST_SECONDS = {"page": 60.0}
SECONDS = 30.0
MEGABYTES = 300.0
FIRST_ANSWER = 6.0
AT_ONCE = 50
"""Photos that a server is asked about before it is started anew; see `serve/settings.py`."""


@dataclass(frozen=True)
class Compared:
    """Answers against the app's: photos with the same label, and the biggest difference."""

    same: int
    photos: int
    worst: float


def measure(setting: Setting) -> Section:
    """All of it."""
    rows: list[Row] = []
    for which in SETS:
        rows += alone(_agreement, setting, which)
    rows += alone(_durations, setting)
    rows += alone(_fresh, setting)
    return Section(tuple(rows))


def _agreement(setting: Setting, which: str) -> list[Row]:
    model = _model(setting, which)
    photos = in_folder(setting.photos / which / "test")[:: 10 if setting.quick else 1]
    app = [Predictor(model).predict(path) for path in photos]
    own = [ExportAnswer(one.label, one.sure, one.probabilities) for one in app]
    rows = [_row("command line", which, _compared(own, _command_line(setting, model, photos)))]
    for exporter in _installed(ASKED):
        place = setting.work / f"{which}-{exporter.key}"
        found = _asked(exporter, model, photos, place)
        rows.append(_row(exporter.label, which, _compared(own, found), exporter.tolerance))
        shutil.rmtree(place)
    return rows


def _model(setting: Setting, which: str) -> Path:
    source, target = setting.photos / which / "train", setting.work / f"model-{which}"
    return train_folder(source, target, setting.cache).trained.folder


def _installed(keys: Sequence[str]) -> Iterator[Exporter]:
    exporters = (exporter_of(key) for key in keys)
    return (exporter for exporter in exporters if exporter.missing() is None)


def _command_line(setting: Setting, model: Path, photos: Sequence[Path]) -> list[ExportAnswer]:
    done = run_app(["predict", str(model), *map(str, photos), "--json"], setting.environment)
    answers = json.loads(done.output)["answers"]
    return [ExportAnswer(one["label"], one["sure"], one["probabilities"]) for one in answers]


def _asked(
    exporter: Exporter, model: Path, photos: Sequence[Path], place: Path
) -> list[ExportAnswer]:
    """Make an export and ask it about all photos, the way its proof asks about twenty.

    It is opened anew for every part of them: servers take only so many in a minute.
    """
    place.mkdir()
    made = place / f"made{exporter.suffix}"
    if not exporter.suffix:
        made.mkdir()
    subject = subject_of_folder(model)
    exporter.build(subject, made, report=ignore, should_stop=never)
    answers: list[ExportAnswer | None] = []
    for first in range(0, len(photos), AT_ONCE):
        opened = place / f"opened-{first}"
        opened.mkdir()
        part = photos[first : first + AT_ONCE]
        answers += exporter.ask(made, subject, part, opened, should_stop=never)
    return [answer for answer in answers if answer is not None]


def _compared(own: Sequence[ExportAnswer], found: Sequence[ExportAnswer]) -> Compared:
    pairs = list(zip(own, found, strict=True))
    return Compared(
        same=sum(one.label == other.label for one, other in pairs),
        photos=len(pairs),
        worst=max(
            abs(value - other.probabilities[name])
            for one, other in pairs
            for name, value in one.probabilities.items()
        ),
    )


def _row(label: str, which: str, found: Compared, tolerance: float = EXACT) -> Row:
    exact = tolerance < CLOSE
    least = found.photos if exact else 0.99 * found.photos
    return Row(
        f"{which}/test, {label} against the app",
        f"same label on {'all' if exact else '≥ 99 %'}, within {tolerance:g}",
        f"{found.same} of {found.photos}, within {found.worst:.1g}",
        found.same >= least and found.worst <= tolerance,
    )


def _durations(setting: Setting) -> list[Row]:
    """Every export of a ready project, proof included."""
    os.environ[CACHE_VARIABLE] = str(setting.cache)
    have_runtime(setting.cache, setting.work)
    project = Library(setting.work / "home").create("Hot dog or not")
    add_photos(project, from_folder(setting.photos / "hotdog" / "train"), class_id=None)
    train_project(project, setting.cache)
    subject, rows = subject_of(project), []
    for exporter in _installed([exporter.key for exporter in EXPORTERS]):
        target = setting.work / f"timed-{exporter.key}{exporter.suffix}"
        began = time.perf_counter()
        made = export(exporter, subject, target)
        seconds = time.perf_counter() - began
        note = made.proof.sentence if made.proof else made.note
        limit = MOST_SECONDS.get(exporter.key, SECONDS)
        what = f"export as {exporter.label}, proof included"
        rows.append(at_most(what, seconds, limit, "s", f"{note}; {made.bytes / 1e6:.1f} MB"))
    return rows


def _fresh(setting: Setting) -> list[Row]:
    """A Space in an environment that was made for it."""
    model = _model(setting, "hotdog")
    folder, environment = setting.work / "space", setting.work / "environment"
    folder.mkdir()
    subject = subject_of_folder(model)
    exporter_of("space").build(subject, folder, report=ignore, should_stop=never)
    python = fresh_environment(environment, folder / "requirements.txt")
    photo = in_folder(setting.photos / "hotdog" / "test")[0]
    seconds = [first_answer(python, folder, photo)[0] for _ in range(setting.times(3))]
    size = installed_megabytes(environment)
    shutil.rmtree(environment)
    return [
        at_most("Space, what is installed", size, MEGABYTES, "MB", "of 2^20 bytes, uncompiled"),
        at_most("Space, from start to first answer", median(seconds), FIRST_ANSWER, "s"),
    ]
