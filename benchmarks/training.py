"""How long training takes from the open app: 600 photos, first with nothing cached, then again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.machine import alone
from benchmarks.photos import in_folder
from benchmarks.rows import Row, Section, at_most, told
from benchmarks.setting import Setting
from nocode_classifier.collect.folders import from_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.jobs import JobRunner
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.learn.train import TrainedModel
from nocode_classifier.project.library import Library
from nocode_classifier.project.project import Project

PHOTOS = 600
TIMES_FASTER = 25.0


@dataclass(frozen=True)
class Times:
    """Seconds from pressing the button to the adopted model.

    Attributes:
        first: the first training after the app was opened, libraries not loaded yet.
        fresh: later ones with no feature cached, each with those of looking at photos.
        cached: those with all features cached.
    """

    photos: int
    first: float
    fresh: list[float]
    looking: list[float]
    cached: list[float]


def gather(setting: Setting, which: str) -> Path:
    """A folder with a sub-folder a class and 600 different photos."""
    folder = setting.work / which
    own = [path for part in ("train", "test") for path in in_folder(setting.photos / which / part)]
    others = in_folder(setting.photos / "unrelated") + in_folder(setting.photos / "art-text-plant")
    wanted = [(path, path.parent.name) for path in own]
    wanted += [(path, "not_hot_dog") for path in others]
    # Without exact copies, which a project takes only once; and no others where own ones suffice.
    different = {path.read_bytes(): (path, name) for path, name in reversed(wanted)}
    chosen = list(reversed(different.values()))[:PHOTOS]
    for index, (path, name) in enumerate(chosen):
        target = folder / name / f"{index:03}{path.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder


def measure_times(folder: Path, home: Path, cache: Path, often: int) -> Times:
    """Train as the page does, by a job, in this process, which has not trained before."""
    library, jobs = Library(home), JobRunner()
    original = library.create("photos")
    add_photos(original, from_folder(folder), class_id=None)
    # Copied before anything is cached, so that each copy begins with nothing.
    copies = [library.duplicate(original.id) for _ in range(often)]
    first, model = _train(original, jobs, cache)
    fresh, looking = [], []
    for copy in copies:
        seconds, model = _train(copy, jobs, cache)
        fresh.append(seconds)
        looking.append(model.seconds["features"])
    cached = [_train(original, jobs, cache)[0] for _ in range(2 * often + 1)]
    return Times(model.accuracy.photos, first, fresh, looking, cached)


def _train(project: Project, jobs: JobRunner, cache: Path) -> tuple[float, TrainedModel]:
    began = time.perf_counter()
    job = jobs.start(
        project.id,
        "train",
        lambda report, stop: train_project(project, cache, report=report, should_stop=stop),
    )
    job.wait()
    seconds = time.perf_counter() - began
    if job.result is None:
        raise RuntimeError(job.message)
    return seconds, job.result


def measure(setting: Setting) -> Section:
    """Both sets of photos, compared with stock fastai on the same ones."""
    rows: list[Row] = []
    for which in ("sign-digits", "hotdog"):
        folder = gather(setting, which)
        home = setting.work / f"home-{which}"
        times = alone(measure_times, folder, home, setting.cache, setting.times(3))
        rows += _rows(which, times)
        stock = setting.figure("stock", f"seconds {which}")
        if stock is not None:
            rows.append(_ratio(which, median(times.fresh), stock, setting.origin("stock")))
    return Section(tuple(rows))


def _rows(which: str, times: Times) -> list[Row]:
    name = f"{which}, {times.photos} photos"
    fresh = median(times.fresh)
    split = f"median of {len(times.fresh)}; {median(times.looking):.1f} s of it looking at photos"
    cached = median(times.cached)
    note = f"median of {len(times.cached)}, the slowest {max(times.cached):.2f} s"
    return [
        at_most(f"training {name}, nothing cached", fresh, 10, "s", split),
        at_most(
            "the same, the first training after opening the app",
            times.first,
            10,
            "s",
            "libraries are loaded on the way",
        ),
        at_most("the same again with features cached", cached, 1, "s", note),
    ]


def _ratio(which: str, ours: float, stock: float, origin: str) -> Row:
    ratio = stock / ours
    return Row(
        f"faster than stock fastai, {which}",
        f"≥ {TIMES_FASTER:g} ×",
        f"{ratio:.0f} ×",
        ratio >= TIMES_FASTER,
        f"stock `fine_tune(4)`: {stock:.0f} s{origin}",
    )


def whole_process(setting: Setting) -> Section:
    """The command line, from start to end, backbone already converted."""
    from benchmarks.machine import run_app

    rows = []
    for which, reach in (("hotdog/train", 8.0), ("art-text-plant", None)):
        seconds = []
        for turn in range(setting.times(3)):
            model = setting.work / f"{which.replace('/', '-')}-{turn}"
            command = ["train", str(setting.photos / which), "-o", str(model), "--json"]
            seconds.append(run_app(command, setting.environment).seconds)
        rows.append(_process_row(f"`train {which}`, whole process", seconds, reach))
    return Section(tuple(rows))


def _process_row(what: str, seconds: Sequence[float], reach: float | None) -> Row:
    note = f"median of {len(seconds)}, the slowest {max(seconds):.1f} s"
    if reach is None:
        return told(what, f"{median(seconds):.1f} s", note)
    return at_most(what, median(seconds), reach, "s", note)
