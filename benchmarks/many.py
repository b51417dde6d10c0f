"""How long training again takes with thousands of photos whose features are cached."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.machine import alone, peak_memory
from benchmarks.rows import Section, at_most, told
from benchmarks.setting import Setting
from nocode_classifier.collect.folders import read_class_folder
from nocode_classifier.learn.backbones.prepare import extractor_key, prepare
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.features import (
    STORED,
    Extractor,
    NoStore,
    TrainingPhoto,
    features_of,
)
from nocode_classifier.learn.train import train
from nocode_classifier.project.library import Library

FEW, MANY = 3000, 10_000
SECONDS, MEGABYTES = 8.0, 2000.0
"""What training `MANY` again may take."""

NOISE = 0.5
"""Of each feature's deviation: without it, photos between two others would be near copies."""

FloatArray = npt.NDArray[np.float32]


def measure(setting: Setting) -> Section:
    """Photos of ten classes, made up of the features of real ones."""
    few, few_memory = _measured(setting, FEW)
    many, memory = _measured(setting, MANY)
    what = "training {:,} photos again with features cached"
    note = "cross-validation included"
    return Section(
        (
            told(what.format(FEW), f"{few:.1f} s", f"{note}; {few_memory:.0f} MB"),
            at_most(what.format(MANY), many, SECONDS, "s", note),
            at_most("peak memory of that", memory, MEGABYTES, "MB"),
        )
    )


def _measured(setting: Setting, count: int) -> tuple[float, float]:
    home = setting.work / f"home-{count}"
    photos = alone(prepare_features, setting, home, count // 20 if setting.quick else count)
    return alone(train_again, photos, home, setting)


def prepare_features(setting: Setting, home: Path, count: int) -> list[TrainingPhoto]:
    """Keep features of photos that lie between two real ones of a class each."""
    extractor = Extractor(prepare(DEFAULT, setting.cache), extractor_key(DEFAULT))
    real = [
        TrainingPhoto(each.path, each.name, each.sha256, each.class_name, each.perceptual_hash)
        for each in read_class_folder(setting.photos / "sign-digits" / "train").photos
    ]
    features = features_of(real, extractor, NoStore())
    names = np.array([photo.class_name for photo in real])
    project = Library(home).create("many")
    chance = np.random.default_rng(0)
    spread = features.std(axis=0)
    photos, made = [], {}
    for number in range(count):
        one = number % len(real)
        other = chance.choice(np.flatnonzero(names == names[one]))
        share = chance.uniform()
        values = share * features[one] + (1 - share) * features[other]
        values += NOISE * spread * chance.standard_normal(len(spread), np.float32)
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        made[digest] = values.astype(STORED).tobytes()
        photos.append(
            TrainingPhoto(Path(digest), f"{number}.jpg", digest, str(names[one]), digest[:16])
        )
    project.save_features(extractor.key, made)
    return photos


def train_again(photos: list[TrainingPhoto], home: Path, setting: Setting) -> tuple[float, float]:
    """Seconds, and peak memory in MB of this process."""
    library = Library(home)
    project = library.open(library.projects()[0].id)
    names = sorted({photo.class_name for photo in photos})
    began = time.perf_counter()
    train(photos, names, home / "model", cache=setting.cache, store=project)
    return time.perf_counter() - began, peak_memory()
