"""Whether what is said of a model holds: its figures, its "sure", its advice, what it suspects."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.check_page import measure_page
from benchmarks.machine import alone
from benchmarks.photos import make_many
from benchmarks.rows import Row, Section, at_most, share, told
from benchmarks.setting import Setting
from nocode_classifier.check.class_structure import given_away, surroundings
from nocode_classifier.check.finding import find
from nocode_classifier.check.learning_curve import learning_curve
from nocode_classifier.check.mislabelled import SecondLook, look_again
from nocode_classifier.collect.folders import from_folder, read_class_folder
from nocode_classifier.collect.intake import add_photos
from nocode_classifier.learn.accuracy import wilson_interval
from nocode_classifier.learn.backbones.prepare import extractor_key, prepare
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.features import Extractor, NoStore, TrainingPhoto, features_of
from nocode_classifier.learn.from_project import train_project
from nocode_classifier.learn.heads.calibration import probabilities
from nocode_classifier.learn.heads.evaluation import features_in
from nocode_classifier.learn.prototypes import familiarity
from nocode_classifier.learn.study import (
    LabelledFeatures,
    Study,
    finish_head,
    near_duplicates,
    study,
)
from nocode_classifier.project.library import Library

SURE_SETS = ("hotdog", "bears", "sign-digits", "groceries", "satellite")
SIX_SETS = (*SURE_SETS, "butterflies")
OTHERS = ("hand_signs", "tile_defects")
FLIPPED = ("sign-digits", "satellite", "groceries")
GREEN = ("hotdog", "bears", "groceries")

HALVES, DRAWS, BINS = 40, 3, 15
WRONG_SHARE = 0.05
MANY = 3000

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Photos:
    """The photos of a set, looked at once: those to learn from, then those to test with."""

    seen: LabelledFeatures
    test: npt.NDArray[np.bool_]

    def some(self, which: npt.NDArray[np.bool_] | IntArray) -> LabelledFeatures:
        """A part of them, by a mask or by numbers."""
        numbers = np.arange(len(self.seen.labels))[which]
        return replace(
            self.seen,
            photos=[self.seen.photos[number] for number in numbers],
            features=self.seen.features[numbers],
            labels=self.seen.labels[numbers],
        )


def measure(setting: Setting) -> Section:
    """All that is promised of checking."""
    extractor = Extractor(prepare(DEFAULT, setting.cache), extractor_key(DEFAULT))
    sets = {which: read_set(setting, which, extractor) for which in (*SIX_SETS, *OTHERS)}
    rows = [*_sure_and_calibration(sets)]
    rows += [_mislabelled(which, sets[which]) for which in FLIPPED]
    rows += [_covered(which, sets[which], setting.times(HALVES)) for which in SIX_SETS]
    rows += _forecasts(sets, setting.times(4))
    rows += [_background(which, sets[which]) for which in GREEN]
    rows += alone(_many, setting)
    return Section(tuple(rows))


def read_set(setting: Setting, which: str, extractor: Extractor) -> Photos:
    """A set that has photos to learn from, photos to test with, or both."""
    photos, test = [], []
    for folder in (setting.photos / which / part for part in ("train", "test")):
        for photo in read_class_folder(folder).photos if folder.is_dir() else ():
            photos.append(
                TrainingPhoto(
                    photo.path, photo.name, photo.sha256, photo.class_name, photo.perceptual_hash
                )
            )
            test.append(folder.name == "test")
    names = tuple(sorted({photo.class_name for photo in photos}))
    labels = np.array([names.index(photo.class_name) for photo in photos], np.int64)
    features = features_of(photos, extractor, NoStore())
    return Photos(
        LabelledFeatures(photos, names, features, labels, (extractor.blocks,), extractor.key),
        np.array(test),
    )


def _answers(studied: Study, asked: LabelledFeatures) -> tuple[npt.NDArray[np.float64], IntArray]:
    """What a model of all photos of a study gives others, and which of the answers are sure."""
    head = finish_head(studied)
    shares = probabilities(asked.features @ head.weights.T + head.bias, 1.0)
    line = studied.sure.lines[studied.sure.chosen]
    familiar = familiarity(asked.familiar, head.prototypes) >= line.familiarity
    return shares, (familiar & (shares.max(axis=1) >= line.probability)).astype(np.int64)


def _sure_and_calibration(sets: dict[str, Photos]) -> Iterator[Row]:
    errors = {}
    for which, photos in sets.items():
        asked = photos.some(photos.test)
        shares, sure = _answers(study(photos.some(~photos.test)), asked)
        right = shares.argmax(axis=1) == asked.labels
        errors[which] = _calibration_error(shares, right)
        answered, well = int(sure.sum()), int((right & (sure > 0)).sum())
        what = f"{which}/test answered surely"
        if which in SURE_SETS:
            yield share(what, answered, len(sure), 0.75)
            yield share(f"right of these, {which}", well, max(answered, 1), 0.95)
        else:
            note = f"{well / max(answered, 1):.1%} of these right"
            yield told(what, f"{answered / len(sure):.1%} ({answered} of {len(sure)})", note)
    mean = float(np.mean([errors[which] for which in SIX_SETS]))
    note = ", ".join(f"{which} {error:.3f}" for which, error in errors.items())
    yield at_most("calibration error on the test photos, mean of six sets", mean, 0.05, "", note)


def _calibration_error(shares: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015)."""
    certain = shares.max(axis=1)
    places = np.minimum((certain * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(certain[places == place].mean() - right[places == place].mean())
            * (places == place).mean()
            for place in np.unique(places)
        )
    )


def _mislabelled(which: str, photos: Photos) -> Row:
    """Of labels made wrong at random, those among the first tenth of what is probably wrong."""
    sound, found, planted = photos.some(~photos.test), 0, 0
    for draw in range(DRAWS):
        chance, count = np.random.default_rng(draw), len(sound.labels)
        wrong = chance.choice(count, round(WRONG_SHARE * count), replace=False)
        labels = sound.labels.copy()
        step = chance.integers(1, len(sound.class_names), len(wrong))
        labels[wrong] = (labels[wrong] + step) % len(sound.class_names)
        studied = study(replace(sound, labels=labels))
        first = np.argsort(_second_look(studied).scores, kind="stable")[: round(count / 10)]
        found += int(np.isin(wrong, first).sum())
        planted += len(wrong)
    what = f"wrong labels among the tenth that is probably mislabelled, {which}"
    return share(what, found, planted, 0.93, f"{DRAWS} draws of {WRONG_SHARE:.0%}")


def _second_look(studied: Study) -> SecondLook:
    seen, found = studied.material, studied.found
    return look_again(
        features_in(seen.features, studied.columns),
        seen.means,
        seen.labels,
        studied.groups,
        found.answers[np.arange(len(seen.labels)), seen.labels],
        found.temperature,
    )


def _halves(photos: Photos, seed: int) -> tuple[LabelledFeatures, LabelledFeatures, IntArray]:
    """Two halves of all photos, near duplicates on one side, and the scenes of the second."""
    chance = np.random.default_rng(seed)
    labels, scenes = photos.seen.labels, near_duplicates(photos.seen)
    first = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        own = labels == label
        for scene in chance.permutation(np.unique(scenes[own])):
            if first[own].sum() >= own.sum() / 2:
                break
            first |= own & (scenes == scene)
    return photos.some(first), photos.some(~first), scenes[~first]


def _covered(which: str, photos: Photos, often: int) -> Row:
    """How often the other half's accuracy lies in the stated interval, widened by its own error.

    The two intervals are put together as Zou and Donner do (Statistics in Medicine 27, 2008).
    """
    inside, widths = 0, []
    for seed in range(often):
        one, other, scenes = _halves(photos, seed)
        studied = study(one)
        stated = studied.figures.overall
        if stated is None:
            raise RuntimeError(f"{which}: {studied.figures.reason}")
        shares, _ = _answers(studied, other)
        true = float((shares.argmax(axis=1) == other.labels).mean())
        low, high = wilson_interval(true, len(np.unique(scenes)))
        apart = stated.value - true
        down = float(np.hypot(stated.value - stated.low, high - true))
        up = float(np.hypot(stated.high - stated.value, true - low))
        inside += -up <= apart <= down
        widths.append(stated.high - stated.low)
    note = f"{100 * float(np.mean(widths)):.1f} points wide on average"
    return share(f"other halves inside the stated interval, {which}", inside, often, 0.92, note)


def _forecasts(sets: dict[str, Photos], often: int) -> list[Row]:
    """The forecast at twice the photos, from half of them, against what all of them give."""
    errors: dict[str, float] = {}
    for which, photos in sets.items():
        whole = photos.some(~photos.test)
        given = study(whole).figures.overall
        own = []
        for seed in range(often):
            half, *_ = _halves(Photos(whole, np.zeros(len(whole.labels), bool)), seed)
            studied = study(half)
            if given is None or studied.figures.overall is None:
                raise RuntimeError(f"{which}: {studied.figures.reason}")
            seen = features_in(half.features, studied.columns)
            curve = learning_curve(seen, half.labels, studied.groups, studied.figures.overall)
            own.append(abs(curve.twice.right - given.value))
        errors[which] = 100 * float(np.mean(own))
    mean = float(np.mean([errors[which] for which in SIX_SETS]))
    note = ", ".join(f"{which} {error:.1f}" for which, error in errors.items())
    what = "forecast at twice the photos, mean distance over six sets"
    return [at_most(what, mean, 3.0, "points", note)]


def _background(which: str, photos: Photos) -> Row:
    """Whether a class that was put on green is named, and no class of the photos as they are."""
    sound = photos.some(~photos.test)
    scenes = near_duplicates(sound)

    def named(green: int | None) -> list[str]:
        around = [
            surroundings(_picture(photo.path, on_green=label == green))
            for photo, label in zip(sound.photos, sound.labels.tolist(), strict=True)
        ]
        found = given_away(np.array(around, np.float32), sound.labels, scenes)
        return [sound.class_names[label] for label in found]

    planted, before = named(0), named(None)
    met = planted == [sound.class_names[0]] and not before
    note = f"as they are: {', '.join(before) or 'none'}"
    return Row(f"class put on green, {which}", "named, no other", ", ".join(planted), met, note)


def _picture(path: Path, *, on_green: bool) -> Image.Image:
    with Image.open(path) as photo:
        image = photo.convert("RGB")
    if not on_green:
        return image
    ground = Image.new("RGB", image.size, (60, 150, 60))
    inner = image.resize((image.width * 3 // 5, image.height * 3 // 5))
    ground.paste(inner, (image.width // 5, image.height // 5))
    return ground


def _many(setting: Setting) -> list[Row]:
    """All findings for 3,000 photos whose features are cached, and the page that shows them."""
    folder = setting.work / "many"
    make_many(setting.photos / "hotdog" / "train", folder, 100 if setting.quick else MANY)
    project = Library(setting.work / "home").create("many")
    add_photos(project, from_folder(folder), class_id=None)
    train_project(project, setting.cache)
    began = time.perf_counter()
    found = find(project, setting.cache)
    seconds = time.perf_counter() - began
    counts: Sequence[str] = sorted({suspect.kind.value for suspect in found.suspects})
    what = "all findings for 3,000 photos, features cached"
    row = at_most(what, seconds, 10, "s", ", ".join(counts))
    return [row, *measure_page(setting, project)]
