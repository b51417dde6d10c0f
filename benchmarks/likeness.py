"""Near copies and drawings: how many are noticed, and how many photos are mistaken for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from random import Random
from statistics import median

from PIL import Image

from benchmarks import drawings
from benchmarks.alterations import ASKED, BESIDES, MIRRORED, Alter, saved
from benchmarks.photos import in_folder
from benchmarks.rows import Row, Section, at_most, share, told
from benchmarks.setting import Setting
from nocode_classifier.collect.graphic_detection import is_graphic, look_at
from nocode_classifier.collect.photo_check import CheckedPhoto, check_photo
from nocode_classifier.predict.photos import to_rgb
from nocode_classifier.project.near_copies.likeness import LikenessIndex, likeness_of

SETS = ("hotdog", "unrelated", "art-text-plant", "sign-digits")
CAUGHT = 0.95
JOINED = 0.01
DRAWN = 0.9
COPIES = 200
MANY = 5_000
FORMS = (("PNG", 0), ("JPEG", 85), ("JPEG", 60), ("WEBP", 75))

SAME_PHOTOS = {
    "art-text-plant/plant/6.jpg": "art-text-plant/plant/7.jpg",
    "art-text-plant/text/6.jpg": "art-text-plant/text/7.jpg",
    "hotdog/test/hot_dog/020.jpg": "hotdog/train/hot_dog/000.jpg",
    "hotdog/test/hot_dog/032.jpg": "hotdog/train/hot_dog/110.jpg",
    "hotdog/test/hot_dog/041.jpg": "hotdog/train/hot_dog/079.jpg",
    "hotdog/test/not_hot_dog/014.jpg": "hotdog/train/not_hot_dog/000.jpg",
}
"""Photos that the sets hold twice, once in grey and cropped: joining them is right."""

PLACEHOLDERS = ("hotdog/train/not_hot_dog/018.jpg",)
"""Pictures among the photos that say "no image"."""


@dataclass(frozen=True)
class Photo:
    """A sample photo.

    Attributes:
        name: its path below the folder of samples.
        image: at least 640 pixels long where the original is.
        checked: what the photo check says of it.
    """

    name: str
    image: Image.Image
    checked: CheckedPhoto


@dataclass(frozen=True)
class Noticed:
    """How often copies of photos were taken for a photo of their set.

    Attributes:
        right: for the one they are copies of.
        wrong: for another one.
        copies: in all.
    """

    right: int
    wrong: int
    copies: int

    def __add__(self, other: Noticed) -> Noticed:
        return Noticed(
            self.right + other.right, self.wrong + other.wrong, self.copies + other.copies
        )


NONE = Noticed(0, 0, 0)


def measure(setting: Setting) -> Section:
    """Near copies by set and by alteration, then drawings and times."""
    photos = {which: _read(setting, which) for which in SETS}
    found = {
        which: {name: _notice(photos[which], alter) for name, alter in EVERY.items()}
        for which in SETS
    }
    rows = [row for which in SETS for row in _of_set(which, photos[which], found[which])]
    rows += [
        _of_alteration(name, sum((found[which][name] for which in SETS), NONE)) for name in EVERY
    ]
    rows += _drawings(setting, photos)
    rows += _times([photo for one in photos.values() for photo in one], setting)
    return Section(tuple(rows))


EVERY: Mapping[str, Alter] = {**ASKED, **BESIDES, **MIRRORED}


def _read(setting: Setting, which: str) -> list[Photo]:
    photos = []
    paths = in_folder(setting.photos / which)
    for path in paths[::20] if setting.quick else paths:
        name, data = path.relative_to(setting.photos).as_posix(), path.read_bytes()
        with Image.open(BytesIO(data)) as image:
            image.draft("RGB", (640, 640))
            photos.append(Photo(name, to_rgb(image), check_photo(data, name, thumbnail=False)))
    return photos


def _notice(photos: Sequence[Photo], alter: Alter) -> Noticed:
    """Look for altered copies of some photos among all."""
    known = LikenessIndex[str]()
    for photo in photos:
        known.add(photo.name, photo.checked.likeness)
    right, wrong = 0, 0
    chosen = photos[:: -(-len(photos) // COPIES)]
    for photo in chosen:
        altered = check_photo(alter(photo.image, Random(photo.name)), photo.name, thumbnail=False)
        found = known.find(altered.likeness)
        same = found is not None and _are_one(found, photo.name)
        right, wrong = right + same, wrong + (found is not None and not same)
    return Noticed(right, wrong, len(chosen))


def _are_one(one: str, other: str) -> bool:
    return one == other or SAME_PHOTOS.get(min(one, other)) == max(one, other)


def _joined(photos: Sequence[Photo]) -> list[str]:
    """Photos that are taken for a copy of a different one, that comes before or after them."""
    joined: set[str] = set()
    orders: tuple[Iterable[Photo], ...] = (photos, reversed(photos))
    for order in orders:
        known = LikenessIndex[str]()
        for photo in order:
            found = known.find(photo.checked.likeness)
            if found is None or not _are_one(found, photo.name):
                known.add(photo.name, photo.checked.likeness)
                joined |= {photo.name} if found else set()
    return sorted(joined)


def _of_set(which: str, photos: Sequence[Photo], found: Mapping[str, Noticed]) -> list[Row]:
    asked, mirrored = (sum((found[name] for name in names), NONE) for names in (ASKED, MIRRORED))
    worst = min(ASKED, key=lambda name: found[name].right / found[name].copies)
    note = f"hardest: {worst}, {found[worst].right} of {found[worst].copies}"
    joined = _joined(photos)
    return [
        share(f"altered copies noticed, {which}", asked.right, asked.copies, CAUGHT, note),
        _few(f"altered copies taken for another photo, {which}", asked.wrong, asked.copies),
        _few(f"different photos joined, {which}", len(joined), len(photos), ", ".join(joined)),
        _few(f"mirrored copies joined, {which}", mirrored.right + mirrored.wrong, mirrored.copies),
    ]


def _few(what: str, count: int, total: int, note: str = "") -> Row:
    measured = f"{count / total:.1%} ({count} of {total})"
    return Row(what, f"≤ {JOINED:.0%}", measured, count / total <= JOINED, note)


def _of_alteration(name: str, found: Noticed) -> Row:
    if name in ASKED:
        return share(f"noticed in all sets: {name}", found.right, found.copies, CAUGHT)
    if name in MIRRORED:
        return _few(f"joined in all sets: {name}", found.right + found.wrong, found.copies)
    measured = f"{found.right / found.copies:.1%} ({found.right} of {found.copies})"
    return told(f"noticed in all sets: {name}", measured)


def _drawings(setting: Setting, photos: Mapping[str, Sequence[Photo]]) -> list[Row]:
    rows = []
    for which, all_of_set in photos.items():
        real = [photo for photo in all_of_set if photo.name not in PLACEHOLDERS]
        wrong = [photo.name for photo in real if is_graphic(photo.checked.quality.looks)]
        note = ", ".join(wrong)
        rows.append(_few(f"photos taken for drawings, {which}", len(wrong), len(real), note))
    each = range(setting.times(60))
    count, worst = 0, ("", 2.0)
    for kind in drawings.KINDS:
        right = sum(is_graphic(_drawn(kind, seed).quality.looks) for seed in each)
        count, worst = count + right, min(worst, (kind, right / len(each)), key=lambda one: one[1])
    note = f"{', '.join(drawings.KINDS)}; fewest of the {worst[0]}, {worst[1]:.0%}"
    total = len(each) * len(drawings.KINDS)
    return [*rows, share("drawings told from photos", count, total, DRAWN, note)]


def _drawn(kind: str, seed: int) -> CheckedPhoto:
    form, quality = FORMS[seed % len(FORMS)]
    return check_photo(saved(drawings.draw(kind, seed), form, quality), kind, thumbnail=False)


def _times(photos: Sequence[Photo], setting: Setting) -> list[Row]:
    """Times of one photo; the many are crops, too small for being copies of each other."""
    chance, known = Random(0), LikenessIndex[int]()
    while len(known) < (100 if setting.quick else MANY):
        known.add(len(known), likeness_of(_part(chance.choice(photos).image, chance)))
    strangers = [likeness_of(_part(photo.image, chance)) for photo in photos[::5]]
    finding = [_seconds(partial(known.find, likeness)) for likeness in strangers]
    making = [_seconds(partial(_make, photo.image)) for photo in photos[::5]]
    note = f"{len(finding)} photos, 95 % within {_milliseconds(finding, 0.95):.1f} ms"
    return [
        at_most(f"finding a near copy among {len(known):,}", 1e3 * median(finding), 5, "ms", note),
        at_most("what likeness and looks cost the photo check", 1e3 * median(making), 2, "ms"),
    ]


def _part(image: Image.Image, chance: Random) -> Image.Image:
    """A half of a photo's sides, from anywhere."""
    width, height = image.width // 2, image.height // 2
    left, top = chance.randint(0, width), chance.randint(0, height)
    return image.crop((left, top, left + width, top + height))


def _make(image: Image.Image) -> None:
    likeness_of(image)
    look_at(image)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _milliseconds(seconds: Sequence[float], quantile: float) -> float:
    return 1e3 * sorted(seconds)[int(quantile * (len(seconds) - 1))]
