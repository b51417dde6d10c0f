"""What a project is made of, as plain values that cross room borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class PhotoState(StrEnum):
    """Where a photo is: in use, or in the bin (from where it can come back)."""

    KEPT = "kept"
    BINNED = "binned"


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """One line in the list of projects.

    Attributes:
        id: folder name; never changes, also when the project is renamed.
        classes: in the order the user gave them.
        photos: kept photos in all classes.
        cover: SHA-256 of up to four kept photos, to show in the list.
        modified: last change of anything in the project (UTC).
        has_model: whether it was trained.
        problem: why it can't be opened, as a sentence; None when all is well.
    """

    id: str
    name: str
    folder: Path
    classes: tuple[ClassLabel, ...]
    photos: int
    cover: tuple[str, ...]
    modified: datetime
    has_model: bool
    problem: str | None = None

    @property
    def class_names(self) -> tuple[str, ...]:
        """What its classes are called."""
        return tuple(label.name for label in self.classes)


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """One of the things to tell apart.

    Attributes:
        id: number inside the project; stays when the class is renamed.
        colour: index into the palette of the page, fixed when the class is made.
        hints: remarks shown with an answer of this class.
    """

    id: int
    name: str
    colour: int
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A photo that came through the photo check and is ready to be kept.

    Attributes:
        data: the file's bytes, as they were given.
        suffix: file ending for its real format, with the dot (".jpg").
        width, height: pixels, after the EXIF orientation is applied.
        perceptual_hash: 64-bit pHash as 16 hex digits.
        thumbnail: a small WebP of it.
        name: what the photo was called where it came from.
        source: "upload", "folder", "archive", "camera", "link", or a search source's key.
        burst: shots of one held-down burst share this; they stay on one side when accuracy is
            measured.
        page: address of the page that shows it.
        address: of the picture itself, as it was found.
        title: what its page calls it.
        licence: the claim of its source, in short form ("CC BY-SA 4.0").
        licence_address: where the licence can be read.
        creator: who made it, as plain text.
        likeness: from `likeness.likeness_of`; made when it is needed if it is empty.
        quality: sharpness and the like, by name; measured when it is needed if it is None.
        quality_version: of the measuring.
    """

    data: bytes
    sha256: str
    suffix: str
    width: int
    height: int
    perceptual_hash: str
    thumbnail: bytes
    name: str
    source: str
    burst: str | None = None
    page: str | None = None
    address: str | None = None
    licence: str | None = None
    creator: str | None = None
    title: str | None = None
    licence_address: str | None = None
    likeness: bytes = b""
    quality: Mapping[str, float] | None = None
    quality_version: int = 0


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo in a project; where it is from as in `NewPhoto`.

    Attributes:
        taken_down: the take-down that keeps it in the bin; None when it may be restored.
        confirmed: number of the class for which somebody said that it is right as it is.
    """

    id: int
    class_id: int
    state: PhotoState
    sha256: str
    suffix: str
    width: int
    height: int
    size: int
    perceptual_hash: str
    name: str
    source: str
    burst: str | None
    added_at: datetime
    page: str | None = None
    address: str | None = None
    title: str | None = None
    licence: str | None = None
    licence_address: str | None = None
    creator: str | None = None
    taken_down: str | None = None
    confirmed: int | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody said that it is right in the class in which it is now."""
        return self.confirmed == self.class_id


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """What a model learns from, all of one moment: no photo is of a class that is not there.

    Attributes:
        photos: those that are kept, in the order of adding, each with the name of its class.
    """

    classes: tuple[ClassLabel, ...]
    photos: tuple[tuple[Photo, str], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What should become of one photo: how it is afterwards (None: as it is now).

    Attributes:
        confirmed: whether it is right in the class that it has then.
    """

    photo_id: int
    class_id: int | None = None
    state: PhotoState | None = None
    confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class HeldOutAnswer:
    """What a model said about a photo it had not seen (from cross-validation).

    Attributes:
        true, predicted: names of classes.
        probability: of the predicted class, calibrated, 0 to 1.
        probabilities: of all classes of the model in their order, float32 little endian; empty if
            they were not kept.
        familiarity: how much it resembles the photos that were learnt from, at most 1.
        scene: near duplicates share this number.
    """

    sha256: str
    true: str
    predicted: str
    probability: float
    probabilities: bytes = b""
    familiarity: float | None = None
    scene: int | None = None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """The last known state of a project's slow work, for a page that comes back.

    Attributes:
        state: "running", "done", "failed", "stopped" or "interrupted" (the program
            ended meanwhile).
        message: the sentence to show once it ended.
    """

    kind: str
    state: str
    stage: str
    fraction: float
    message: str
    updated_at: datetime


class ResultState(StrEnum):
    """What became of a find."""

    WAITING = "waiting"
    KEPT = "kept"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NewSearchResult:
    """A photo that a search came upon; what nobody said stays None.

    Attributes:
        address: of the picture itself.
        source: key of where it was found.
        words: what was searched for.
        page, title, width, height, licence, licence_address, creator: as claimed there.
    """

    address: str
    source: str
    words: str
    page: str | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None
    licence: str | None = None
    licence_address: str | None = None
    creator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult(NewSearchResult):
    """A find in a project.

    Attributes:
        reason: why it was skipped, or why the last attempt failed.
        attempts: how often fetching it failed.
        sha256: of its bytes, once they were here.
    """

    id: int
    class_id: int
    state: ResultState
    reason: str | None
    attempts: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ResultTally:
    """What became of the finds of a class.

    Attributes:
        found: all of them.
        kept: those that became a photo, whatever was done with the photo since.
        waiting: those not fetched yet.
        skipped: how many were left out, by reason, the most frequent first.
    """

    found: int = 0
    kept: int = 0
    waiting: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
