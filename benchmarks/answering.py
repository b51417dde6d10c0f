"""How good and how quick the answers are: unseen photos, strangers, and one photo at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from benchmarks.machine import alone
from benchmarks.photos import in_folder, make_views
from benchmarks.rows import Row, Section, at_most, share, told
from benchmarks.setting import Setting
from nocode_classifier.learn.from_folder import train_folder
from nocode_classifier.predict.predictor import Predictor

LEAST = {"hotdog": 0.91, "sign-digits": 0.94}
LEAST_REFUSED = {"hotdog": 0.97, "sign-digits": 1.0}
LEAST_SURE = 0.75
LEAST_RIGHT = 0.95


@dataclass(frozen=True)
class Tested:
    """Counts of a model's answers to the test photos and to strangers."""

    right: int
    sure: int
    right_sure: int
    photos: int
    refused: int
    strangers: int
    own_estimate: float


def measure_accuracy(setting: Setting) -> Section:
    """Accuracy, strangers and sure answers."""
    rows: list[Row] = []
    for which in LEAST:
        tested = alone(_test, setting, which)
        rows += _accuracy_rows(which, tested)
        stock = setting.figure("stock", f"accuracy {which}")
        if stock is not None:
            rows.append(_against_stock(which, tested, stock, setting.origin("stock")))
    return Section((*rows, *alone(_small_set, setting)))


def _test(setting: Setting, which: str) -> Tested:
    trained = train_folder(
        setting.photos / which / "train", setting.work / which, setting.cache
    ).trained
    model = Predictor(trained.folder)
    files = in_folder(setting.photos / which / "test")
    files = files[::10] if setting.quick else files
    answers = [(path.parent.name, model.predict(path)) for path in files]
    strangers = [model.predict(path) for path in in_folder(setting.photos / "unrelated")]
    return Tested(
        right=sum(answer.label == true for true, answer in answers),
        sure=sum(answer.sure for _, answer in answers),
        right_sure=sum(answer.sure and answer.label == true for true, answer in answers),
        photos=len(answers),
        refused=sum(not answer.sure for answer in strangers),
        strangers=len(strangers),
        own_estimate=trained.accuracy.value,
    )


def _accuracy_rows(which: str, tested: Tested) -> list[Row]:
    found = tested.right / tested.photos
    return [
        Row(
            f"accuracy on {which}/test",
            f"≥ {LEAST[which]:.2f}",
            f"{found:.3f} ({tested.right} of {tested.photos})",
            found >= LEAST[which],
            f"{_margin(tested, which)}; own estimate while training: {tested.own_estimate:.3f}",
        ),
        share(
            f"`unrelated` answered not sure, {which}",
            tested.refused,
            tested.strangers,
            LEAST_REFUSED[which],
        ),
        share(f"{which}/test answered surely", tested.sure, tested.photos, LEAST_SURE),
        share(f"right of these, {which}", tested.right_sure, max(tested.sure, 1), LEAST_RIGHT),
    ]


def _against_stock(which: str, tested: Tested, stock: float, origin: str) -> Row:
    found = tested.right / tested.photos
    note = f"stock fastai {stock:.3f}{origin}"
    measured = f"{found - stock:+.3f}"
    return Row(f"{which}/test, against stock fastai", "not below", measured, found >= stock, note)


def _margin(tested: Tested, which: str) -> str:
    spare = tested.right - round(LEAST[which] * tested.photos)
    return f"{spare} photo{'' if abs(spare) == 1 else 's'} above the target"


def _small_set(setting: Setting) -> list[Row]:
    """art-text-plant: answers to photos left out, and how long it takes."""
    folder = setting.photos / "art-text-plant"
    first = train_folder(folder, setting.work / "first", setting.cache).trained
    seconds = []
    for turn in range(setting.times(3)):
        began = time.perf_counter()
        train_folder(folder, setting.work / f"small-{turn}", setting.cache)
        seconds.append(time.perf_counter() - began)
    found = first.accuracy
    return [
        Row(
            "art-text-plant, out-of-fold answers",
            "≥ 21 of 22",
            f"{found.correct} of {found.photos}",
            found.correct >= found.photos - 1,
            f"{found.independent} different photos; near copies were left out together",
        ),
        at_most("art-text-plant, training", median(seconds), 3, "s", "reading the folder included"),
    ]


def measure_speed(setting: Setting) -> Section:
    """One answer at a time, from a file."""
    return alone(_one_at_a_time, setting)


def _one_at_a_time(setting: Setting) -> Section:
    small = setting.photos / "art-text-plant"
    model = Predictor(train_folder(small, setting.work / "model", setting.cache).trained.folder)
    files = make_views(in_folder(setting.photos / "hotdog" / "test"), setting.work / "views", 50)
    for path in files[:10]:
        model.predict(path)
    took = []
    for path in files * setting.times(4):
        began = time.perf_counter()
        model.predict(path)
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    slow = took[int(0.95 * len(took))]
    note = f"{len(took)} answers, threads as they come"
    what = "one answer, 640×480 JPEG from a file"
    return Section(
        (
            at_most(f"{what}, median", median(took), 20, "ms", note),
            told("the same, 95 % are quicker than", f"{slow:.1f} ms"),
        )
    )
