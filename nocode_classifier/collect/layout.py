"""What the folders around a photo mean: which are ignored, and which one names its class.

The rule, the same for a folder and for an archive:

1. Hidden and system folders and files are left out (`is_ignored`).
2. The outermost folder that says something names the class of all photos in it, however deep:
   `cats/1.jpg`, `cats/2023/05/1.jpg`, `cats/from phone/1.jpg` and `cats/DCIM/100APPLE/1.jpg` are
   cats. So do torchvision and Keras read such folders.
3. What says nothing is passed over: a single folder that wraps several others, the parts of a data
   set (train, test, valid…) and years where nothing else lies beside them: `pets/cats/1.jpg`,
   `data/train/cats/1.jpg` and `2023/cats/1.jpg` are cats. A folder "train" beside "car" and "bus"
   is a class. A photo that lies directly in what is passed over has no class by its folder.
4. Where classes are known already, a folder that is called like one of them names it, wherever it
   is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from nocode_classifier.project.names import LONGEST, comparing_key

Folder = tuple[str, ...]
"""The names of the folders around a file, outermost first."""

_SYSTEM_NAMES = frozenset(
    {
        "__macosx",
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        "@eadir",
        "#recycle",
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "icon\r",
    }
)

_PART_OF_A_DATA_SET = re.compile(
    r"(\w+[-_])?(train|training|test|testing|val|valid|validation|dev|eval|evaluation|pred)"
    r"[-_ ]?(?:set|data|images|photos|\d+)?",
    re.IGNORECASE,
)

FEW = 4
"""A folder of which at most one photo in so many is its own may only hold the folders in it."""

_DATE = re.compile(
    r"(?:photos from )?(?:19|20)\d\d(?:[-_. ]?[01]\d(?:[-_. ]?[0-3]\d)?)?"
    r"|[0-3]?\d[-_. ][01]?\d[-_. ](?:19|20)\d\d",
    re.IGNORECASE,
)
_MONTH_OR_DAY = re.compile(r"[0-3]?\d")

_CAMERA_FOLDER = re.compile(r"\d{3}(?=\d*[A-Z_])[A-Z0-9_]{5}")
"""What cameras call the folders in DCIM (the DCF standard: 100APPLE, 101CANON, 102_PANA)."""

# fmt: off
_PHOTO_SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff",
    ".avif", ".heic", ".heif", ".hif",
})
# fmt: on

_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_ignored(parts: Iterable[str]) -> bool:
    """Whether a path has a hidden or system folder or file in it."""
    return any(part.startswith(".") or part.lower() in _SYSTEM_NAMES for part in parts)


def is_called_a_photo(path: PurePosixPath) -> bool:
    """Whether a file has the ending of a photo; only the photo check can say whether it is one."""
    return path.suffix.lower() in _PHOTO_SUFFIXES


def readable(name: str) -> str:
    """A name as it can be shown and kept: what no page or database takes is replaced.

    File systems allow line breaks, bytes that are no text, and marks that turn the direction of
    reading so that a name looks like another.
    """
    letters = (
        "\ufffd" if unicodedata.category(letter) == "Cs" else letter
        for letter in unicodedata.normalize("NFC", name)
        if letter not in _DIRECTION_MARKS
    )
    spaced = (
        " " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in letters
    )
    return " ".join("".join(spaced).split())


def class_name_of(folder_name: str) -> str | None:
    """The name of the class that a folder stands for; None where nothing of it can be read.

    A name too long for a class (an archive's may be) is cut, with a mark made from the whole of it:
    two that begin alike stay two classes, and the same name is always cut the same way.
    """
    name = readable(folder_name)
    if len(name) <= LONGEST:
        return name or None
    mark = hashlib.sha256(comparing_key(name).encode()).hexdigest()[:6]
    return f"{name[: LONGEST - 8].rstrip()}… {mark}"


@dataclass(frozen=True, slots=True)
class Layout:
    """What some folders mean.

    Attributes:
        classes: the class name for each folder that directly holds a file; None for no class.
        parts: of those without a class, the ones that are parts of a data set.
        inner: for each class the folders in it that may have been meant as classes themselves.
    """

    classes: Mapping[Folder, str | None]
    parts: frozenset[Folder]
    inner: Mapping[str, tuple[str, ...]]


def read_layout(
    paths: Iterable[PurePosixPath], known: Iterable[str] = (), *, chosen: bool = False
) -> Layout:
    """Decide which class the photos of each folder belong to, by the rule at the top.

    Args:
        paths: of all the files, relative to the folder or archive they are in.
        known: names of classes that there are already.
        chosen: a class was chosen for what has none by its folder; then folders that are dates or
            a camera's make no classes. Without, they may be what somebody means.
    """
    files = list(paths)
    folders = {path.parent.parts: _without_sorting_folders(path.parent.parts) for path in files}
    photos = Counter(folders[path.parent.parts] for path in files if is_called_a_photo(path))
    counts = photos or Counter(folders[path.parent.parts] for path in files)
    depth = _levels_to_pass(counts)
    names = {kept[depth] for kept in counts if len(kept) > depth}
    in_parts = bool(names) and _are_parts_of_a_data_set(names)
    nameless = in_parts or (chosen and bool(names) and all(map(_only_sorts, names)))
    keys = {comparing_key(name) for name in known}
    classes = {
        folder: _known_class(kept, keys)
        or (class_name_of(kept[depth]) if len(kept) > depth and not nameless else None)
        for folder, kept in folders.items()
    }
    parts = {folder for folder, name in classes.items() if name is None and folders[folder][depth:]}
    by_class: dict[str, set[Folder]] = defaultdict(set)
    for folder, name in classes.items():
        if name and comparing_key(name) not in keys:
            by_class[name].add(folders[folder][depth:])
    below = Counter({kept[depth:]: count for kept, count in photos.items()})
    told = {name: _inner_folders(by_class[name], below) for name in sorted(by_class)}
    told = {name: inner for name, inner in told.items() if inner}
    return Layout(classes, frozenset(parts if in_parts else ()), told)


def _inner_folders(folders: Collection[Folder], photos: Mapping[Folder, int]) -> tuple[str, ...]:
    """The folders in a class folder that has hardly any photos of its own."""
    counts = {folder: photos[folder] for folder in folders if photos[folder]}
    own = sum(count for folder, count in counts.items() if len(folder) == 1)
    inner = {folder[1] for folder in counts if len(folder) > 1}
    return tuple(sorted(inner)) if own * FEW <= sum(counts.values()) else ()


def _known_class(folder: Folder, keys: Collection[str]) -> str | None:
    names = map(class_name_of, folder) if keys else ()
    return next((name for name in names if name and comparing_key(name) in keys), None)


def _without_sorting_folders(folder: Folder) -> Folder:
    kept = tuple(takewhile(lambda name: name.upper() != "DCIM", folder))
    # Alone it may be a shop's article number; inside another folder it only sorts photos.
    while len(kept) > 1 and (
        _only_sorts(kept[-1])
        or (_MONTH_OR_DAY.fullmatch(kept[-1]) and any(map(_DATE.fullmatch, kept[:-1])))
    ):
        kept = kept[:-1]
    return kept


def _only_sorts(name: str) -> bool:
    return bool(_CAMERA_FOLDER.fullmatch(name) or _DATE.fullmatch(name))


def _levels_to_pass(photos: Mapping[Folder, int]) -> int:
    depth = 0
    while _says_nothing({f[depth:]: count for f, count in photos.items() if len(f) > depth}):
        depth += 1
    return depth


def _says_nothing(photos: Mapping[Folder, int]) -> bool:
    """Whether the outermost folders of a level only hold the folders that are classes."""
    names = {folder[0] for folder in photos}
    inner = {folder[1] for folder in photos if len(folder) > 1}
    if not inner:
        return False
    if len(names) == 1:
        # A folder with many photos of its own is a class, with some corners in it.
        own = sum(count for folder, count in photos.items() if len(folder) == 1)
        return own == 0 or (len(inner) > 1 and own * FEW <= sum(photos.values()))
    return _are_parts_of_a_data_set(names) or all(map(_only_sorts, names))


def _are_parts_of_a_data_set(names: Collection[str]) -> bool:
    found = [match for name in names if (match := _PART_OF_A_DATA_SET.fullmatch(name))]
    kinds = {match[2].lower()[:5] for match in found}
    # "seg_train" beside "seg_test" is a part; "steam_train" beside "model_train" is a class.
    alike = all(match[1] is None for match in found) or len(kinds) > 1
    return len(found) == len(names) and alike
