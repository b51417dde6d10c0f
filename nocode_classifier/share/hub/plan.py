"""What will be public, shown before it is: the files, and what people can read in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.plurals import counted
from nocode_classifier.progress import Progress, Report, ShouldStop, ignore, never, part_of
from nocode_classifier.project.credits.credits import Credit, credits
from nocode_classifier.share.exporter import Subject
from nocode_classifier.share.hub.kinds import SpaceKind, Visibility
from nocode_classifier.share.hub.names import check_name
from nocode_classifier.share.hub.photos import ChosenPhotos, copy_photos
from nocode_classifier.share.hub.readme import APP_FILES, space_readme

MakeFolder = Callable[[Path, Report, ShouldStop], object]
"""Makes a folder that is not there yet, with all files of a Space; README.md is written anew."""

_TOKEN = re.compile(rb"\bhf_[A-Za-z0-9]{30,}")
_LARGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that will be there.

    Attributes:
        path: in the Space, with slashes.
        size: bytes.
    """

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """What will be published, ready on the disk; nothing of it has left this computer.

    Attributes:
        space: full name, "owner/name".
        folder: holds exactly the files that will be there.
        classes: names and hints, as everyone can read them.
        credited: photos of others that are named with their licences.
        photos: photos that will be there themselves.
        photos_left_out: photos that were to be there but whose licence does not allow it, or
            that nobody knows the licence of.
    """

    space: str
    title: str
    visibility: Visibility
    kind: SpaceKind
    folder: Path
    files: tuple[PlannedFile, ...]
    classes: tuple[tuple[str, tuple[str, ...]], ...]
    credited: int
    photos: int
    photos_left_out: int

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What someone should know before agreeing."""
        return tuple(_sentences(self))


def plan(
    subject: Subject,
    name: str,
    visibility: Visibility,
    kind: SpaceKind,
    *,
    make: MakeFolder,
    into: Path,
    with_photos: bool = False,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> PublishPlan:
    """Make everything that would be published, and say what it is.

    Args:
        subject: the classifier.
        name: of the Space, "owner/name".
        visibility: who is to see it.
        kind: how it is to run.
        make: makes its files.
        into: an empty folder, which the caller removes in the end.
        with_photos: whether the project's photos are to be public too.
        report: hears how far it is.
        should_stop: whether someone pressed Stop.

    Raises:
        InputError: the name is not allowed, or the model can't be used.
        NotReady: nothing was trained yet.
        AppError: what `make` raises.
        Cancelled: someone pressed Stop.
    """
    space = check_name(name)
    card: dict[str, Any] = subject.card()
    folder = into / "space"
    into.mkdir(parents=True, exist_ok=True)
    make(folder, part_of(report, 0.0, 0.9), should_stop)
    named = credits(subject.project) if subject.project else []
    chosen = ChosenPhotos(0, 0)
    if with_photos and subject.project:
        chosen = copy_photos(subject.project, folder / "photos", part_of(report, 0.9, 1.0))
    readme = space_readme(card, subject.name, kind, named)
    (folder / "README.md").write_text(readme, encoding="utf-8", newline="\n")
    _check(folder, kind, named, with_photos=with_photos)
    report(Progress("Ready to be published", fraction=1.0))
    return PublishPlan(
        space=space,
        title=subject.name,
        visibility=visibility,
        kind=kind,
        folder=folder,
        files=tuple(_files(folder)),
        classes=tuple(
            (entry["name"], tuple(entry.get("hints") or ())) for entry in card["classes"]
        ),
        credited=sum(credit.is_from_the_web for credit in named),
        photos=chosen.copied,
        photos_left_out=chosen.left_out,
    )


def _files(folder: Path) -> Iterator[PlannedFile]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield PlannedFile(path.relative_to(folder).as_posix(), path.stat().st_size)


def _check(folder: Path, kind: SpaceKind, named: Sequence[Credit], *, with_photos: bool) -> None:
    """Hold what was promised: something to run, no photo that nobody agreed to, no token."""
    if not (folder / APP_FILES[kind.sdk]).is_file():
        raise InputError(f"These files can't be published: there is no {APP_FILES[kind.sdk]}.")
    private = set() if with_photos else {credit.sha256 for credit in named}
    for path in folder.rglob("*"):
        if path.is_symlink():
            raise InputError(f"These files can't be published: {path.name} leads elsewhere.")
        if not path.is_file():
            continue
        data = path.read_bytes()
        if private and hashlib.sha256(data).hexdigest() in private:
            raise InputError(f"These files can't be published: {path.name} is one of your photos.")
        if len(data) <= _LARGEST_TEXT and _TOKEN.search(data):
            raise InputError(f"These files can't be published: {path.name} holds a token.")


def _sentences(planned: PublishPlan) -> Iterator[str]:
    names = ", ".join(name for name, _ in planned.classes)
    hints = sum(len(hints) for _, hints in planned.classes)
    yield f"Where: {planned.space}, and {planned.visibility.words}."
    yield f"What: {len(planned.files):,} files, {in_megabytes(planned.size)}."
    yield f"Everyone who sees it can read the names of the classes ({names}), how good it is" + (
        f", and {counted(hints, 'hint')}." if hints else "."
    )
    yield "The model itself can be downloaded from it."
    if planned.credited:
        yield f"{counted(planned.credited, 'photo')} of others are credited, with their licences."
    if planned.photos:
        yield (
            f"{counted(planned.photos, 'photo')} will be there too, without what they tell about "
            "places, dates and cameras."
        )
    else:
        yield "None of your photos will be there."
    if planned.photos_left_out:
        stay = counted(planned.photos_left_out, "photo stays", "photos stay")
        yield (f"{stay} away, because no licence is known that allows to show them.")


def in_megabytes(size: int) -> str:
    """A size for people, "17.1 MB"."""
    return f"{size / 1e3:,.1f} kB" if 0 < size < 100_000 else f"{size / 1e6:,.1f} MB"
