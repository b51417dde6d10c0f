"""Taking a photo down in every project of a library, and lifting that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nocode_classifier.errors import AppError, InputError, NotFound
from nocode_classifier.plurals import counted
from nocode_classifier.project.blocklist.blocklist import Blocklist
from nocode_classifier.project.blocklist.blocklist_index import Takedown, comparing_address
from nocode_classifier.project.blocklist.enforcement import (
    carry_out,
    held_back,
    let_results_wait_again,
)
from nocode_classifier.project.names import web_address
from nocode_classifier.project.near_copies.index import stored_likeness
from nocode_classifier.project.project import Project
from nocode_classifier.project.tables.photos import HASH


@dataclass(frozen=True, slots=True)
class PhotoQuery:
    """What a photo to take down is found by; at least one of these."""

    address: str | None = None
    sha256: str | None = None
    likeness: bytes | None = None

    @classmethod
    def checked(cls, address: str | None, sha256: str | None, likeness: bytes | None) -> PhotoQuery:
        """What a person gave, if it can be used.

        Raises:
            InputError: there is nothing, or it is no address or hash.
        """
        address, sha256 = (text.strip() if text else None for text in (address, sha256))
        if not (address or sha256 or likeness):
            raise InputError("Give the address, the file or the SHA-256 of the photo.")
        if address and web_address(address) is None:
            raise InputError(f"'{address}' is no address of the web; these begin with https://.")
        if sha256 and not HASH.fullmatch(sha256.lower()):
            raise InputError(f"'{sha256}' is no SHA-256: these are 64 digits from 0 to f.")
        return cls(address or None, sha256.lower() if sha256 else None, likeness or None)


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """What a take-down did in one project.

    Attributes:
        photos: how many it holds in the bin there now.
        train_again: the project's model learned from one of them.
    """

    project_id: str
    name: str
    photos: int
    train_again: bool


@dataclass(frozen=True, slots=True)
class TakedownReport:
    """What became of a take-down.

    Attributes:
        takedown: how to lift it again.
        projects: those that had such photos.
        missed: names of projects that can't be opened now; they catch up when they can.
        again: all there was had been taken down before.
    """

    takedown: Takedown
    projects: tuple[TakenFrom, ...] = ()
    missed: tuple[str, ...] = ()
    again: bool = False

    @property
    def photos(self) -> dict[str, int]:
        """How many photos were taken down, by the name of the project."""
        photos: Counter[str] = Counter()
        for each in self.projects:
            photos[each.name] += each.photos
        return dict(photos)

    @property
    def train_again(self) -> tuple[str, ...]:
        """Names of the projects whose model learned from what is gone now."""
        return tuple(dict.fromkeys(each.name for each in self.projects if each.train_again))

    @property
    def sentence(self) -> str:
        """The report as a person reads it."""
        parts = [self._what_happened()]
        if self.train_again:
            one = len(self.train_again) == 1
            parts.append(
                f"Train {_listed(self.train_again)} again:"
                f" {'its model' if one else 'their models'} learned from what is gone now."
            )
        if self.missed:
            parts.append(f"Still to do, once it can be opened: {_listed(self.missed)}.")
        return " ".join(parts)

    def _what_happened(self) -> str:
        number = sum(each.photos for each in self.projects)
        if number:
            it = "It is" if number == 1 else "They are"
            return (
                f"Taken down: {counted(number, 'photo')} in {_listed(tuple(self.photos))}."
                f" {it} in the bin, and copies stay out of later searches."
            )
        if self.again:
            return "This was taken down before; it stays in the bin."
        return "No project has this photo. It stays out of later searches."


@dataclass(frozen=True, slots=True)
class LiftReport:
    """What became of lifting a take-down.

    Attributes:
        takedown: the one that stands no more.
        photos: how many it held in bins, by the name of the project.
        missed: names of projects that can't be opened now; they catch up when they can.
    """

    takedown: Takedown
    photos: dict[str, int] = field(default_factory=dict)
    missed: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The report as a person reads it."""
        number = sum(self.photos.values())
        lifted = f"The take-down of {self.takedown.day} is lifted; searches may find this again."
        if not number:
            return lifted
        it = "it" if number == 1 else "they"
        return (
            f"{lifted} {counted(number, 'photo').capitalize()} in {_listed(tuple(self.photos))}"
            f" {'is' if number == 1 else 'are'} still in the bin, where {it} can be restored."
        )


def take_down(
    projects: Sequence[Project], blocklist: Blocklist, sought: PhotoQuery, given: str, note: str
) -> TakedownReport:
    """Put what is sought, and its near copies, on the list and into the bins of the projects.

    The list comes first, in one step: once it says that a photo stays away, a project that is not
    reached (because this process is killed, for one) catches up when it is opened.
    """
    found = [match for project in projects for match in _matches(project, sought)]
    takedown = blocklist.add(
        given=given,
        addresses=_present([sought.address, *(match.address for match in found)]),
        hashes=_present([sought.sha256, *(match.sha256 for match in found)]),
        likenesses=[each for each in (sought.likeness, *(m.likeness for m in found)) if each],
        note=note,
    )
    taken, missed = [], []
    for project in projects:
        try:
            taken.append(_taken_from(project, blocklist, takedown))
        except NotFound:
            continue  # deleted meanwhile
        except AppError:
            missed.append(_name(project))
    with_photos = tuple(sorted((t for t in taken if t.photos), key=lambda t: t.name.casefold()))
    return TakedownReport(
        takedown, with_photos, tuple(missed), again=bool(found) and not with_photos
    )


def lift(projects: Sequence[Project], blocklist: Blocklist, takedown_id: str) -> LiftReport:
    """Take a take-down off the list; its photos are like any others in the bin then."""
    # Counted first: a window that opens a project carries out by itself what was lifted.
    held = [_held(project, takedown_id) for project in projects]
    takedown = blocklist.lift(takedown_id)
    photos: Counter[str] = Counter()
    missed: list[str] = []
    for project, number in zip(projects, held, strict=True):
        try:
            carry_out(project.database, blocklist)
            let_results_wait_again(project.database, blocklist)
            if number:
                photos[project.name] += number
        except NotFound:
            continue
        except AppError:
            missed.append(_name(project))
    return LiftReport(takedown, dict(photos), tuple(missed))


@dataclass(frozen=True, slots=True)
class _Match:
    """A photo that is the very one that is sought."""

    sha256: str
    address: str | None
    likeness: bytes


def _matches(project: Project, sought: PhotoQuery) -> list[_Match]:
    """Photos with the address (or on the page) or the bytes that are sought."""
    wanted = comparing_address(sought.address) if sought.address else None
    try:
        with project.database.reading() as connection:
            rows = connection.execute(
                "SELECT sha256, address, page, data FROM photos"
                " LEFT JOIN likenesses ON photo_id = id"
            ).fetchall()
    except AppError:
        return []  # told when it can't be carried out either
    return [
        _Match(
            row["sha256"],
            row["address"],
            row["data"] or stored_likeness(project.database, row["sha256"]),
        )
        for row in rows
        if row["sha256"] == sought.sha256
        or (wanted and wanted in [comparing_address(row[key] or "") for key in ("address", "page")])
    ]


def _taken_from(project: Project, blocklist: Blocklist, takedown: Takedown) -> TakenFrom:
    carry_out(project.database, blocklist)
    photos = held_back(project.database, takedown.id)
    return TakenFrom(
        project_id=project.id,
        name=project.name,
        photos=photos,
        train_again=photos > 0 and project.models.is_stale(),
    )


def _held(project: Project, takedown_id: str) -> int:
    try:
        return held_back(project.database, takedown_id)
    except AppError:
        return 0


def _present(texts: Iterable[str | None]) -> list[str]:
    return [text for text in texts if text]


def _name(project: Project) -> str:
    try:
        return project.name
    except AppError:
        return f"Project {project.id}"


def _listed(names: Sequence[str]) -> str:
    *first, last = [f"'{name}'" for name in names]
    return f"{', '.join(first)} and {last}" if first else last
