"""Training harder: how good, how long, how much memory, and how soon Stop is heard."""

from __future__ import annotations

import json
import time
from pathlib import Path

from benchmarks.machine import MEGABYTE, alone, run_app, start_app
from benchmarks.photos import make_many
from benchmarks.rows import Row, Section, at_most, told
from benchmarks.setting import Setting
from benchmarks.stock import fine_tune_and_test, write_weights
from nocode_classifier.errors import Cancelled
from nocode_classifier.learn.from_folder import train_folder
from nocode_classifier.learn.settings import Mode, Settings
from nocode_classifier.progress import Progress

SETS = ("sign-digits", "hotdog")
EPOCHS = 5
"""Stock fastai's, as in the course: `fine_tune(5)`."""

MOST_SECONDS = 90.0
LEAST_ACCURACY = 0.97
TIMES_FASTER = 4.0
PHOTOS = 1000
MOST_MEMORY = 2000.0
MOST_LATENCY = 2.0
PHASES = (
    "Looking at your photos",
    "Trying out varied copies",
    "Getting ready to train the network",
    "Looking at varied copies of your photos",
    "Training the network",
    "Comparing with the quick way",
)


def measure(setting: Setting) -> Section:
    """Both sets of photos beside stock fastai, memory with 1,000 photos, Stop in every phase."""
    weights = setting.work / "backbone.pth"
    alone(write_weights, weights)
    rows: list[Row] = []
    figures: dict[str, float] = {}
    for which in SETS:
        rows += _beside_stock(setting, which, weights, figures)
    rows.append(_memory(setting))
    rows += _stops(setting)
    return Section(tuple(rows), figures)


def _beside_stock(
    setting: Setting, which: str, weights: Path, figures: dict[str, float]
) -> list[Row]:
    """Thorough and quick by the command line, stock fastai in a process of its own."""
    quick, _, _ = _train_and_test(setting, which, "quick")
    thorough, seconds, comparison = _train_and_test(setting, which, "thorough", "--thorough")
    began = time.perf_counter()
    stock, epochs = alone(
        fine_tune_and_test, setting.photos / which, weights, setting.quick, EPOCHS
    )
    stock_seconds = time.perf_counter() - began
    figures |= {f"thorough {which}": thorough, f"stock {which}": stock}
    rows = [
        _at_least(f"thorough on {which}/test", thorough, quick - 0.01, f"quick: {quick:.3f}"),
        told(f"`train {which}/train --thorough`, whole process", f"{seconds:.0f} s", comparison),
        _at_least(
            f"thorough against stock fastai, {which}/test",
            thorough,
            stock,
            f"stock `fine_tune({epochs})`: {stock:.3f} in {stock_seconds:.0f} s, test included",
        ),
        Row(
            f"thorough faster than stock fastai, {which}",
            f"≥ {TIMES_FASTER:g} ×",
            f"{stock_seconds / seconds:.1f} ×",
            stock_seconds / seconds >= TIMES_FASTER,
        ),
    ]
    if which == "sign-digits":
        rows.append(_at_least(f"thorough on {which}/test, by itself", thorough, LEAST_ACCURACY, ""))
        rows.append(at_most("the same, in all", seconds, MOST_SECONDS, "s", comparison))
    return rows


def _at_least(what: str, value: float, least: float, note: str) -> Row:
    return Row(what, f"≥ {least:.3f}", f"{value:.3f}", value >= least, note)


def _train_and_test(
    setting: Setting, which: str, name: str, *options: str
) -> tuple[float, float, str]:
    """Accuracy on `test`, seconds of the whole process, and who won."""
    model = setting.work / f"{which}-{name}"
    folder = setting.photos / which
    command = ["train", str(folder / "train"), "-o", str(model), "--json", *options]
    if setting.quick and options:
        command += ["--epochs", "1"]
    done = run_app(command, setting.environment)
    comparison = json.loads(done.output).get("contest")
    asked = ["evaluate", str(model), str(folder / "test"), "--json"]
    found = json.loads(run_app(asked, setting.environment).output)
    return found["accuracy"], done.seconds, "" if comparison is None else comparison["sentence"]


def _memory(setting: Setting) -> Row:
    """The most that all processes of a thorough training held together."""
    count = 60 if setting.quick else PHOTOS
    folder = setting.work / "many"
    alone(make_many, setting.photos / "sign-digits" / "train", folder, count)
    command = ["train", str(folder), "-o", str(setting.work / "many-model"), "--thorough", "--json"]
    began = time.perf_counter()
    process = start_app(
        [*command, *(["--epochs", "1"] if setting.quick else [])], setting.environment
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _together(process.pid))
        time.sleep(0.2)
    if process.stdout is not None:
        process.stdout.close()
    if process.returncode != 0:
        raise RuntimeError(f"nocode-classifier train ended with {process.returncode}")
    note = f"{time.perf_counter() - began:.0f} s in all; looked at five times a second"
    what = f"peak memory of all processes: thorough, {count:,} photos"
    return at_most(what, peak, MOST_MEMORY, "MB", note)


def _together(pid: int) -> float:
    """Memory of a process and all it started, MB: shares of what they share, where that is told."""
    return _own(pid) + sum(_together(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(one) for each in threads for one in (each / "children").read_text().split()]
    except OSError:
        return []


def _own(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    shares = [line.split()[1] for line in lines if line.startswith("Pss:")]
    return sum(map(int, shares)) * 1024 / MEGABYTE


def _stops(setting: Setting) -> list[Row]:
    """Seconds from pressing Stop to the end of the training, the model before it in place."""
    folder = setting.photos / "art-text-plant"
    model = setting.work / "stopped-model"
    alone(_train, folder, model, setting.cache, "")
    before = (model / "card.json").read_bytes()
    rows = []
    for phase in PHASES[-2:] if setting.quick else PHASES:
        latency = alone(_train, folder, model, setting.cache, phase)
        kept = (model / "card.json").read_bytes() == before
        rows.append(
            Row(
                f"Stop pressed while: {phase}",
                f"≤ {MOST_LATENCY:g} s",
                f"{latency:.2f} s",
                latency <= MOST_LATENCY and kept,
                "the model before it answers" if kept else "the model before it is gone",
            )
        )
    return rows


def _train(folder: Path, model: Path, cache: Path, phase: str) -> float:
    """Train; if a phase is named, thoroughly, and press Stop there: seconds until it is over."""
    pressed: list[float] = []

    def report(progress: Progress) -> None:
        if progress.stage == phase and not pressed:
            pressed.append(time.monotonic())

    def should_stop() -> bool:
        return bool(pressed)

    settings = Settings(Mode.THOROUGH if phase else Mode.QUICK)
    try:
        train_folder(
            folder, model, cache, settings=settings, report=report, should_stop=should_stop
        )
    except Cancelled:
        return time.monotonic() - pressed[0]
    return 0.0
