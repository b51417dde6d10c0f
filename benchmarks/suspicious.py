"""Suspicious photos: planted copies, blurred and dark ones found, and false alarms on the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from benchmarks.alterations import ASKED, MIRRORED, Alter, saved
from benchmarks.photos import in_folder
from benchmarks.rows import Row, Section, share, told
from benchmarks.setting import Setting
from nocode_classifier.check.duplicates import find_duplicates
from nocode_classifier.check.quality_limits import quality_issues
from nocode_classifier.collect.photo_check import check_photo
from nocode_classifier.collect.photo_quality import PhotoQuality, measure_file
from nocode_classifier.learn.backbones.prepare import prepare
from nocode_classifier.learn.backbones.registry import DEFAULT
from nocode_classifier.learn.features import Extractor, FloatArray
from nocode_classifier.predict.photos import to_rgb

PLANTED = ("hotdog/train", "bears/train")
UNTOUCHED = (
    "hotdog/test",
    "bears/test",
    "bears_elsewhere/test",
    "butterflies/train",
    "groceries/train",
    "satellite/train",
    "hand_signs/train",
    "tile_defects/train",
    "sign-digits/train",
    "art-text-plant",
)
FOUND = 0.95
FALSE = 0.03

COPIES: Mapping[str, Alter] = {
    "half the size": ASKED["half the size"],
    "JPEG 30": ASKED["JPEG 30"],
    "25 % brighter": ASKED["25 % brighter"],
    "5 % off every side": ASKED["5 % off every side"],
    "mirrored": MIRRORED["mirrored"],
}


def _blurred(image: Image.Image, _: Random) -> bytes:
    return saved(image.filter(ImageFilter.GaussianBlur(4)))


def _darkened(image: Image.Image, _: Random) -> bytes:
    return saved(ImageEnhance.Brightness(image).enhance(0.15))


WORSE: Mapping[str, Alter] = {"blurry": _blurred, "dark": _darkened}

REALLY_TWICE = {
    frozenset(("bears/train/grizzly/011.jpg", "bears/train/grizzly/035.jpg")),
    frozenset(("bears/train/teddy/043.jpg", "bears/train/teddy/048.jpg")),
}
"""Pairs that the sets hold themselves: one picture in other sizes or colours."""


@dataclass(frozen=True)
class Sample:
    """A photo, or what became of it.

    Attributes:
        name: of the original, its path below the folder of samples.
        planted: how it was altered; empty for the original.
    """

    name: str
    data: bytes
    planted: str = ""

    @property
    def class_name(self) -> str:
        return self.name.rpartition("/")[0]


def measure(setting: Setting) -> Section:
    """Planted photos found and false alarms, by set; then what is found in the other sets."""
    extractor = Extractor(prepare(DEFAULT, setting.cache), DEFAULT.key)
    rows: list[Row] = []
    for which in PLANTED:
        photos = _read(setting, which)
        rows += _worse_ones(which, photos)
        rows += _duplicates(which, photos, partial(_features, setting.work, extractor))
    for which in UNTOUCHED:
        photos = _read(setting, which)
        found = _issues(photos)
        named = {photo.name: kinds for photo, kinds in zip(photos, found, strict=True) if kinds}
        rows.append(_alarms(f"named for what is seen of them, {which}", named, photos))
        twice = _twice(photos, _features(setting.work, extractor, photos))
        joined = ", ".join(" = ".join(sorted(pair)) for pair in twice[:5])
        rows.append(told(f"pairs of near duplicates, {which}", f"{len(twice)}", joined))
    return Section(tuple(rows))


def _read(setting: Setting, which: str) -> list[Sample]:
    paths = in_folder(setting.photos / which)
    return [
        Sample(path.relative_to(setting.photos).as_posix(), path.read_bytes())
        for path in (paths[::20] if setting.quick else paths)
    ]


def _altered(photo: Sample, how: str, alter: Alter) -> Sample:
    with Image.open(BytesIO(photo.data)) as image:
        return Sample(photo.name, alter(to_rgb(image), Random(photo.name)), how)


def _worse_ones(which: str, photos: Sequence[Sample]) -> list[Row]:
    """Each photo once blurred and once darkened, all of them among the untouched."""
    planted = [_altered(photo, how, alter) for photo in photos for how, alter in WORSE.items()]
    everything = [*photos, *planted]
    found = _issues(everything)
    rows = []
    for how in WORSE:
        named = [how in kinds for photo, kinds in zip(everything, found, strict=True)]
        right = sum(
            yes for photo, yes in zip(everything, named, strict=True) if photo.planted == how
        )
        rows.append(share(f"planted {how} photos found, {which}", right, len(photos), FOUND))
        wrong = {photo.name: how for photo, yes in zip(photos, named, strict=False) if yes}
        rows.append(_alarms(f"untouched photos called {how}, {which}", wrong, photos))
    return rows


def _issues(photos: Sequence[Sample]) -> list[str]:
    """What is named of each photo, class by class."""
    qualities: dict[str, list[tuple[int, PhotoQuality]]] = {}
    for place, photo in enumerate(photos):
        qualities.setdefault(photo.class_name, []).append((place, measure_file(photo.data)))
    found = [""] * len(photos)
    for members in qualities.values():
        issues = quality_issues([quality for _, quality in members])
        for (place, _), kinds in zip(members, issues, strict=True):
            found[place] = " and ".join(kinds)
    return found


def _duplicates(
    which: str, photos: Sequence[Sample], features_of: Callable[[Sequence[Sample]], FloatArray]
) -> list[Row]:
    """Each photo with a copy of it, altered in one of five ways; then each by itself."""
    ways = list(COPIES.items())
    copies = [_altered(photo, *ways[turn % 5]) for turn, photo in enumerate(photos)]
    features = features_of([*photos, *copies])
    pairs = _twice([*photos, *copies], features)
    own = [pair for pair in pairs if len({name.partition(" (")[0] for name in pair}) == 1]
    found = {name for pair in own for name in pair}
    right = {
        how: [_place(copy) in found for copy in copies if copy.planted == how] for how in COPIES
    }
    note = ", ".join(f"{how}: {sum(each)} of {len(each)}" for how, each in right.items())
    total = sum(sum(each) for each in right.values())
    wrong = {
        name: "near duplicate"
        for pair in _twice(photos, features[: len(photos)])
        if pair not in REALLY_TWICE
        for name in pair
    }
    return [
        share(f"planted near duplicates found, {which}", total, len(copies), FOUND, note),
        _alarms(f"untouched photos called near duplicates, {which}", wrong, photos),
    ]


def _place(photo: Sample) -> str:
    return f"{photo.name} ({photo.planted})" if photo.planted else photo.name


def _twice(photos: Sequence[Sample], features: FloatArray) -> list[frozenset[str]]:
    likenesses = [check_photo(photo.data, "", thumbnail=False).likeness for photo in photos]
    labels = np.unique([photo.class_name for photo in photos], return_inverse=True)[1]
    pairs = find_duplicates(features, likenesses, labels, [None] * len(photos))
    return [frozenset((_place(photos[pair.one]), _place(photos[pair.other]))) for pair in pairs]


def _features(work: Path, extractor: Extractor, photos: Sequence[Sample]) -> FloatArray:
    """The block of means that near duplicates are told by."""
    file = work / "photo"
    rows = []
    for photo in photos:
        file.write_bytes(photo.data)
        rows.append(extractor.look_at(extractor.read(file))[: extractor.blocks.means])
    return np.stack(rows)


def _alarms(what: str, wrong: Mapping[str, str], photos: Sequence[Sample]) -> Row:
    measured = f"{len(wrong) / len(photos):.1%} ({len(wrong)} of {len(photos)})"
    note = ", ".join(f"{name}: {kinds}" for name, kinds in list(wrong.items())[:8])
    return Row(what, f"≤ {FALSE:.0%}", measured, len(wrong) <= FALSE * len(photos), note)
