"""Taking photos into a project, many at once, with a report of what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from operator import length_hint
from threading import Lock

from nocode_classifier.collect.photo_check import LIMITS, Limits, check_photo
from nocode_classifier.collect.photo_quality import VERSION
from nocode_classifier.collect.pipeline import Pace, in_order
from nocode_classifier.errors import InputError, NotFound, PhotoRefused, TakenDown
from nocode_classifier.plurals import counted
from nocode_classifier.progress import Report, ShouldStop, ignore, never
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import ClassLabel, NewPhoto

NO_CLASS = (
    "This photo lies outside the class folders: choose a class for it, "
    "or put it into a folder that is called like what it shows."
)

REFUSALS_IN_A_SENTENCE = 3
"""So many refusals are told in full where a single line reports on a batch."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that may be a photo, on its way to the photo check.

    Attributes:
        name: what it is called where it comes from.
        read: gives its bytes; raises `PhotoRefused` where it can't. Called once, in any thread.
        class_name: what its folder says it shows, or None.
        source: as in `NewPhoto`.
        burst: as in `NewPhoto`.
    """

    name: str
    read: Callable[[], bytes]
    class_name: str | None
    source: str
    burst: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be used, and the sentence that says why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about what was understood of a folder or an archive."""

    sentence: str


Item = Incoming | Refusal | Note


class Batch(Iterator[Item]):
    """Photos on their way to the photo check, one after the other, and how many in all."""

    def __init__(self, items: Iterable[Item], total: int) -> None:
        """Begin a batch; `total` may be a little off, it is only for progress."""
        self._items = iter(items)
        self._total = total

    def __next__(self) -> Item:
        return next(self._items)

    def __length_hint__(self) -> int:
        return self._total


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What became of a batch of photos.

    Attributes:
        added: photos that are in the project now and were not before.
        added_by_class: the same by class name; only classes that got some.
        duplicates: photos the project had already, or that were twice in the batch.
        refusals: those that could not be used.
        repeats: for each duplicate, where it is already.
        notes: what was understood of folders and archives.
        stopped: whether Stop was pressed; what was added until then stays.
    """

    added: int
    added_by_class: dict[str, int]
    duplicates: int
    refusals: tuple[Refusal, ...]
    repeats: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def sentence(self) -> str:
        """The report as a person reads it."""
        if not (self.added or self.duplicates or self.refusals or self.stopped):
            return "No photos were found."
        added = counted(self.added, "photo")
        parts = [f"Added {added}." if self.added else "No photos were added."]
        if self.stopped:
            parts.insert(0, "Stopped.")
        if self.stopped and self.added:
            parts[1] = f"Added {added} before that; they stay."
        if self.duplicates:
            parts.append(f"{counted(self.duplicates, 'was', 'were')} already here.")
        if self.refusals:
            parts.append(f"{len(self.refusals):,} could not be used: {_tell(self.refusals)}.")
        return " ".join([*parts, *self.notes])


def joined(reports: Iterable[IntakeReport]) -> IntakeReport:
    """What became of several batches, told as of one."""
    tally, stopped = _Tally(), False
    for report in reports:
        tally.refusals += report.refusals
        tally.repeats += report.repeats
        tally.notes += report.notes
        for name, count in report.added_by_class.items():
            tally.by_class[name] = tally.by_class.get(name, 0) + count
        stopped = stopped or report.stopped
    return tally.report(stopped=stopped)


def _tell(refusals: Sequence[Refusal]) -> str:
    shown = [
        f"{refusal.name} ({refusal.reason.rstrip('.')})"
        for refusal in refusals[:REFUSALS_IN_A_SENTENCE]
    ]
    if more := len(refusals) - len(shown):
        shown.append(f"{more:,} more")
    *first, last = shown
    return f"{', '.join(first)} and {last}" if first else last


class _Tally:
    """Counts what becomes of a batch while it comes in."""

    def __init__(self) -> None:
        self.by_class: dict[str, int] = {}
        self.refusals: list[Refusal] = []
        self.repeats: list[Refusal] = []
        self.notes: list[str] = []

    def report(self, *, stopped: bool) -> IntakeReport:
        return IntakeReport(
            added=sum(self.by_class.values()),
            added_by_class=self.by_class,
            duplicates=len(self.repeats),
            refusals=tuple(self.refusals),
            repeats=tuple(self.repeats),
            notes=tuple(dict.fromkeys(self.notes)),
            stopped=stopped,
        )


class _Classes:
    """Finds the class a photo goes to, and makes those that are missing."""

    def __init__(self, project: Project, class_id: int | None) -> None:
        self._project = project
        self._chosen = class_id
        self._ids: dict[str, int] = {}
        self.names = {label.id: label.name for label in project.classes()}

    def find(self, name: str | None) -> int | None:
        """The class a photo of a folder goes to; None where there is none to go to."""
        if name is None:
            return self._chosen
        if name not in self._ids:
            label = class_for(self._project, name)
            self._ids[name] = label.id
            self.names[label.id] = label.name
        return self._ids[name]


def class_for(project: Project, name: str) -> ClassLabel:
    """The class of this name, made if it is missing; case and Unicode form don't count.

    Raises:
        InputError: the name can't be used.
    """
    try:
        return project.class_named(name)
    except NotFound:
        return project.add_class(name)


def add_photos(
    project: Project,
    incoming: Iterable[Item],
    *,
    class_id: int | None,
    limits: Limits = LIMITS,
    report: Report = ignore,
    should_stop: ShouldStop = never,
) -> IntakeReport:
    """Take photos into a project, through the photo check, in the order they come.

    Photos are decoded in parallel, a few ahead of those being added, so memory stays small however
    many there are. A photo counts as added once it is safe on disk. One that is refused doesn't
    keep the others out, and Stop keeps what was added.

    Args:
        project: where to.
        incoming: photos, and refusals and notes from where they come from, which are passed on.
        class_id: for photos whose folder doesn't name a class. The others go to the class of
            that name, made where it is missing; case and Unicode form don't count.
        limits: how big a photo may be.
        report: hears how far it is; the total is known where `incoming` has a length.
        should_stop: asked before each photo.

    Raises:
        AppError: the project itself can't take photos (gone, disk full); what was added stays.
    """
    tally, classes = _Tally(), _Classes(project, class_id)
    pace = Pace("Adding photos", length_hint(incoming), report)
    work = partial(_check, limits, Lock())
    with closing(in_order(incoming, work)) as results:
        pace.at(0)
        for done, (item, result) in enumerate(results, start=1):
            if should_stop():
                return tally.report(stopped=True)
            if isinstance(result, Refusal):
                tally.refusals.append(result)
            elif isinstance(result, Note):
                tally.notes.append(result.sentence)
            elif isinstance(item, Incoming):
                _keep(project, item, result, classes, tally)
            pace.at(done)
    return tally.report(stopped=False)


def _check(
    limits: Limits,
    turn: AbstractContextManager[object],
    item: Item,
) -> tuple[Item, NewPhoto | Refusal | Note]:
    """Take one photo through the photo check; runs in a thread of the pool."""
    if not isinstance(item, Incoming):
        return item, item
    try:
        data = item.read()
        checked = check_photo(data, item.name, limits, turn=turn)
    except PhotoRefused as refused:
        return item, Refusal(item.name, str(refused))
    return item, NewPhoto(
        data=data,
        sha256=checked.sha256,
        suffix=checked.suffix,
        width=checked.width,
        height=checked.height,
        perceptual_hash=checked.perceptual_hash,
        likeness=checked.likeness,
        thumbnail=checked.thumbnail,
        name=checked.name,
        source=item.source,
        burst=item.burst,
        quality=checked.quality.to_json(),
        quality_version=VERSION,
    )


def _keep(
    project: Project, item: Incoming, photo: NewPhoto, classes: _Classes, tally: _Tally
) -> None:
    try:
        class_id = classes.find(item.class_name)
    except InputError as error:
        tally.refusals.append(Refusal(item.name, str(error)))
        return
    if class_id is None:
        tally.refusals.append(Refusal(item.name, NO_CLASS))
        return
    try:
        project.add_photo(photo, class_id)
    except TakenDown as refused:
        tally.refusals.append(Refusal(item.name, str(refused)))
        return
    except PhotoRefused as already_here:
        tally.repeats.append(Refusal(item.name, str(already_here)))
        return
    name = classes.names[class_id]
    tally.by_class[name] = tally.by_class.get(name, 0) + 1
