"""Photos from files and folders on this computer."""

from __future__ import annotations

import stat
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from threading import Lock

from nocode_classifier.collect import formats
from nocode_classifier.collect.archives import is_archive
from nocode_classifier.collect.intake import Incoming, Item, Note, Refusal
from nocode_classifier.collect.label_tables import LARGEST
from nocode_classifier.collect.layout import is_called_a_photo, readable
from nocode_classifier.collect.listing import list_files
from nocode_classifier.collect.photo_check import LIMITS, Limits, check_bytes, check_photo
from nocode_classifier.collect.pipeline import Pace, in_order
from nocode_classifier.collect.sorting import Sorting, sort_files
from nocode_classifier.errors import InputError, PhotoRefused
from nocode_classifier.paths import kind_of, typed
from nocode_classifier.progress import Report, ShouldStop, check_stop, ignore, never
from nocode_classifier.project.names import comparing_key

NO_CLASS_FOLDER = (
    "This photo lies outside the class folders: "
    "put it into a folder that is called like what it shows."
)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A photo in a class folder that came through the photo check.

    Attributes:
        perceptual_hash: 64-bit pHash as 16 hex digits.
        name: path inside the folder, with "/".
    """

    path: Path
    sha256: str
    class_name: str
    perceptual_hash: str
    name: str


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """A folder with one sub-folder a class, read.

    Attributes:
        photos: the good ones, each once, in order of class folder and file name.
        refusals: the others, each with its reason.
        class_names: sorted; also of folders in which no photo was good.
        notes: sentences about what was understood of the folders.
    """

    photos: tuple[CheckedFile, ...]
    refusals: tuple[Refusal, ...]
    class_names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def from_folder(
    folder: str | Path,
    *,
    limits: Limits = LIMITS,
) -> list[Item]:
    """The photos of a folder and all folders in it, sorted by path; none is opened yet.

    Their classes are found by `sorting`; photos outside of classes have none. Hidden and system
    folders and files are left out. Links that lead out of the folder are refused.

    Raises:
        InputError: there is no such folder.
    """
    root = existing_folder(folder)
    sorting, refusals = _sort_folder(root, (), limits)
    photos = (
        Incoming(readable(str(file)), partial(read_file, root / file, limits), name, "folder")
        for file, name in sorting.classes.items()
        if file not in sorting.reasons
    )
    return [*photos, *refusals, *map(Note, sorting.notes)]


def existing_folder(folder: str | Path) -> Path:
    """The folder that someone named.

    Raises:
        InputError: it is none.
    """
    root = typed(folder)
    match kind_of(root):
        case "folder":
            return root
        case "file" if is_archive(root):
            raise InputError(f"{root} is an archive: unpack it, and name the folder.")
        case "file":
            raise InputError(f"{root} is a file: name the folder that it is in.")
    raise InputError(f"There is no folder at {folder}: check the path.")


def read_file(path: Path, limits: Limits) -> bytes:
    """Read a file that may be a photo; of one that is too big, only the beginning.

    Raises:
        PhotoRefused: it is gone, can't be read, is no ordinary file or is too big.
    """
    try:
        status = path.stat()
        # Before opening: a pipe would wait, for ever, until someone writes to it.
        if not stat.S_ISREG(status.st_mode):
            raise PhotoRefused("This is a folder, a device or a pipe, not a photo: leave it out.")
        with path.open("rb") as file:
            if status.st_size > limits.max_bytes:
                # A film is more helpfully called a film than too big a photo.
                formats.recognise(file.read(formats.HEAD_BYTES))
                check_bytes(status.st_size, limits)
            return file.read(limits.max_bytes + 1)
    except FileNotFoundError as error:
        raise PhotoRefused("This file is not there any more: add it again.") from error
    except PermissionError as error:
        raise PhotoRefused("This file may not be read: change its permissions first.") from error
    except OSError as error:
        reason = error.strerror or "the disk gave an error"
        raise PhotoRefused(f"This file can't be read ({reason}): copy it again.") from error


def _sort_folder(root: Path, known: Iterable[str], limits: Limits) -> tuple[Sorting, list[Refusal]]:
    """The class of each file below `root`, sorted by path; and what can't be used, with reasons."""
    files, refusals = list_files(root)
    tables = replace(limits, max_bytes=LARGEST)
    sorting = sort_files(files, lambda file: read_file(root / file, tables), known)
    refusals += [Refusal(readable(str(file)), why) for file, why in sorting.reasons.items()]
    classes = {file: name for file, name in sorting.classes.items() if file not in sorting.tables}
    return replace(sorting, classes=classes), refusals


def read_class_folder(
    folder: str | Path,
    *,
    limits: Limits = LIMITS,
    known: Iterable[str] = (),
    keep_copies: bool = False,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> ClassFolder:
    """Read a folder that has one sub-folder a class, through the same door as everything else.

    The result depends on the files alone: photos are in order of their paths. Of several copies of
    a photo in one class the first is kept. A photo that is in two classes is kept in neither:
    nobody can tell which is right, and a model that learns both is judged on a contradiction.

    Args:
        folder: where the class folders are.
        limits: how big a photo may be.
        known: names of the classes, where they are known: folders called so name them.
        keep_copies: count every file, for judging a model by photos as somebody sorted them.
        report: hears about every photo.
        should_stop: asked before every photo.

    Raises:
        InputError: there is no such folder.
        Cancelled: Stop was pressed.
    """
    root = existing_folder(folder)
    sorting, refusals = _sort_folder(root, known, limits)
    names = _one_spelling(name for name in sorting.classes.values() if name)
    items = [
        (file, names[name] if name else None)
        for file, name in sorting.classes.items()
        if file not in sorting.reasons
    ]
    photos: list[CheckedFile] = []
    pace = Pace("Reading the photos", len(items), report)
    with closing(in_order(items, partial(_check_file, root, limits, Lock()))) as results:
        for done, result in enumerate(results, start=1):
            check_stop(should_stop)
            if isinstance(result, CheckedFile):
                photos.append(result)
            else:
                refusals.append(result)
            pace.at(done)
    kept, copies = (photos, []) if keep_copies else _without_copies(photos)
    class_names = {photo.class_name for photo in photos}
    # A folder of broken photos is a class that lacks good ones; a folder of texts is none.
    class_names |= {name for file, name in items if name and is_called_a_photo(file)}
    refusals += copies
    return ClassFolder(tuple(kept), tuple(refusals), tuple(sorted(class_names)), sorting.notes)


def _one_spelling(class_names: Iterable[str]) -> dict[str, str]:
    """Folders whose names differ only in case or Unicode form are one class, spelt as the first."""
    first: dict[str, str] = {}
    return {name: first.setdefault(comparing_key(name), name) for name in class_names}


def _check_file(
    root: Path,
    limits: Limits,
    turn: AbstractContextManager[object],
    item: tuple[PurePosixPath, str | None],
) -> CheckedFile | Refusal:
    file, class_name = item
    name = readable(str(file))
    try:
        data = read_file(root / file, limits)
        checked = check_photo(data, name, limits, thumbnail=False, turn=turn)
    except PhotoRefused as refused:
        return Refusal(name, str(refused))
    if class_name is None:
        return Refusal(name, NO_CLASS_FOLDER)
    return CheckedFile(root / file, checked.sha256, class_name, checked.perceptual_hash, name)


def _without_copies(photos: Sequence[CheckedFile]) -> tuple[list[CheckedFile], list[Refusal]]:
    copies: dict[str, list[CheckedFile]] = defaultdict(list)
    for photo in photos:
        copies[photo.sha256].append(photo)
    kept, refusals = [], []
    for photo in photos:
        first, *_ = same = copies[photo.sha256]
        elsewhere = [other for other in same if other.class_name != photo.class_name]
        if elsewhere:
            reason = (
                f"The same photo is in another class too, as {elsewhere[0].name}, "
                "so neither is used: keep it where it belongs and delete the other."
            )
            refusals.append(Refusal(photo.name, reason))
        elif photo is not first:
            reason = f"This is the same photo as {first.name}, which is used: once is enough."
            refusals.append(Refusal(photo.name, reason))
        else:
            kept.append(photo)
    return kept, refusals
