"""The command: which groups there are, in which order they run, where their results go."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    answering,
    big_photos,
    checking,
    downloading,
    exports,
    full,
    likeness,
    many,
    memory,
    opening,
    serving,
    static_page,
    stock,
    strangers,
    suspicious,
    thorough,
    training,
)
from benchmarks.machine import ROOT, ProcessorTime, alone, description, wait_for_quiet
from benchmarks.rows import Section, load, save, table
from benchmarks.setting import Setting
from nocode_classifier.learn.backbones.prepare import prepare
from nocode_classifier.learn.backbones.registry import DEFAULT

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
TABLE = HERE / "results.md"
BUSY = 0.25

GROUPS: Mapping[str, Callable[[Setting], Section]] = {
    "stock": stock.measure,
    "process": training.whole_process,
    "training": training.measure,
    "full": full.measure,
    "accuracy": answering.measure_accuracy,
    "speed": answering.measure_speed,
    "opening": opening.measure,
    "memory": memory.measure,
    "many": many.measure,
    "serving": serving.measure,
    "big_photos": big_photos.measure,
    "downloading": downloading.measure,
    "likeness": likeness.measure,
    "suspicious": suspicious.measure,
    "checking": checking.measure,
    "strangers": strangers.measure,
    "static_page": static_page.measure,
    "exports": exports.measure,
    "thorough": thorough.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the groups that were asked for and show the table."""
    asked = _parser().parse_args(arguments)
    if not (asked.photos / "hotdog" / "train").is_dir():
        print(
            f"There are no sample photos in {asked.photos}: name their folder with --photos.",
            file=sys.stderr,
        )
        return 2
    wanted = [name for name in GROUPS if asked.only is None or name in asked.only]
    done = {} if asked.quick else load(RESULTS)
    if asked.reuse_fastai and "stock" in wanted and "stock" in done:
        wanted.remove("stock")
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        run = f"run of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        cache = Path(folder) / "cache"
        prepare(DEFAULT, cache)
        setting = Setting(asked.photos.resolve(), Path(folder), cache, run, asked.quick, done)
        well = _run(wanted, setting, done, asked.patience)
    print(table({name: done[name] for name in GROUPS if name in done}, description()))
    return 0 if well else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--only", action="append", choices=tuple(GROUPS), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="see that it works; nothing is kept")
    parser.add_argument(
        "--reuse-fastai", action="store_true", help="take stock fastai's figures from results.json"
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=0.0,
        metavar="MINUTES",
        help="before each group, wait so long at most until nothing else is busy",
    )
    return parser


def _run(
    wanted: Sequence[str], setting: Setting, done: dict[str, Section], patience: float
) -> bool:
    """Run groups one after the other; one that fails does not keep the others back."""
    well = True
    for name in wanted:
        own = replace(setting, work=setting.work / name)
        own.work.mkdir()
        print(f"{name} ...", file=sys.stderr, flush=True)
        wait_for_quiet(patience, BUSY)
        before = ProcessorTime.now()
        try:
            section = alone(GROUPS[name], own)
        except Exception:  # noqa: BLE001  # whatever went wrong is shown, and the rest goes on
            traceback.print_exc()
            well = False
            continue
        finally:
            shutil.rmtree(own.work, ignore_errors=True)
        busy = _busy(before, ProcessorTime.now())
        done[name] = replace(section, run=setting.run, busy=busy)
        if not setting.quick:
            _keep(done)
    return well


def _keep(done: Mapping[str, Section]) -> None:
    """Write the results so far, in the order of the groups."""
    in_order = {name: done[name] for name in GROUPS if name in done}
    save(RESULTS, in_order)
    TABLE.write_text(table(in_order, description()), encoding="utf-8")


def _busy(before: ProcessorTime | None, after: ProcessorTime | None) -> str:
    """Whether others kept the machine busy: then times are too long."""
    if before is None or after is None:
        return ""
    busy = after.others_since(before)
    warning = "; times are too long" if busy > BUSY else ""
    return f", others used {busy:.0%} of the machine meanwhile{warning}"
