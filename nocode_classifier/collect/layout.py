"""What the folders around a photo mean: which are ignored, and which one names its class.

The rule, the same for a folder and for an archive:

1. Hidden and system folders and files are left out (`is_ignored`).
2. The folder that a photo lies in names its class, however deep it is: `cats/1.jpg`,
   `pets/cats/1.jpg` and `data/train/cats/1.jpg` are cats. Folders that cameras make are passed
   over: `cats/DCIM/100APPLE/1.jpg` is a cat too.
3. A top folder that wraps several others is no class, and a photo that lies directly in it has none
   by its folder. The same holds for the parts of a data set (train, test, valid…) where nothing
   else lies beside them; a folder "train" beside "car" and "bus" is a class.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
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

_PARTS_OF_A_DATA_SET = frozenset(
    {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}
)

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
    """Whether a file has the ending of a photo; only the door can say whether it is one."""
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


def assign_classes(paths: Iterable[PurePosixPath]) -> dict[Folder, str | None]:
    """Decide which class the photos of each folder belong to, by the rule at the top.

    Args:
        paths: of all the files, relative to the folder or archive they are in.

    Returns:
        The class name for each folder that directly holds one of the files; None for no class.
    """
    files = list(paths)
    folders = {path.parent.parts: _without_camera_folders(path.parent.parts) for path in files}
    with_photos = {folders[path.parent.parts] for path in files if is_called_a_photo(path)}
    depth = _levels_to_pass(with_photos or set(folders.values()))
    return {
        folder: class_name_of(kept[-1]) if len(kept) > depth else None
        for folder, kept in folders.items()
    }


def _without_camera_folders(folder: Folder) -> Folder:
    kept = tuple(takewhile(lambda name: name.upper() != "DCIM", folder))
    # Alone it may be a shop's article number; inside another folder it only sorts photos.
    while len(kept) > 1 and _CAMERA_FOLDER.fullmatch(kept[-1]):
        kept = kept[:-1]
    return kept


def _levels_to_pass(folders: Collection[Folder]) -> int:
    depth = 0
    while _says_nothing([folder[depth:] for folder in folders if len(folder) > depth]):
        depth += 1
    return depth


def _says_nothing(folders: Collection[Folder]) -> bool:
    """Whether the outermost folders of a level only hold the folders that are classes."""
    names = {folder[0] for folder in folders}
    inner = {folder[1] for folder in folders if len(folder) > 1}
    if not inner:
        return False
    if len(names) == 1:
        # One folder with photos of its own and a single one inside is a class with a corner in it.
        return len(inner) > 1 or all(len(folder) > 1 for folder in folders)
    return all(name.lower() in _PARTS_OF_A_DATA_SET for name in names)
