"""Deciding whether what was downloaded comes in: a photo, new, of the right kind, and allowed."""

from __future__ import annotations

from collections import defaultdict
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from nocode_classifier.collect.graphic_detection import is_graphic, is_plain
from nocode_classifier.collect.photo_check import CheckedPhoto, Limits, check_photo
from nocode_classifier.collect.photo_quality import VERSION
from nocode_classifier.collect.skips import Skip
from nocode_classifier.errors import NotAPhoto, PhotoRefused, TooBig, TooSmall
from nocode_classifier.project.near_copies.index import known_likenesses
from nocode_classifier.project.near_copies.likeness import LikenessIndex
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Decision, NewPhoto, Photo, PhotoState
from nocode_classifier.project.tables.search_results import SearchResult

WEB_LIMITS = Limits(max_bytes=15_000_000, max_pixels=60_000_000, min_side=64)
"""For photos from the web. Smaller ones are icons and tracking pixels, and teach nothing."""

PLACES_OF_A_PLACEHOLDER = 3
"""A plain picture found on so many addresses stands for photos that are missing."""


@dataclass(frozen=True, slots=True)
class Download:
    """A find with the bytes that its address gave."""

    hit: SearchResult
    data: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A download that went through the photo check, or the reason why it did not."""

    download: Download
    photo: CheckedPhoto | None
    skip: Skip | None = None


def check(turn: AbstractContextManager[object], download: Download) -> Checked:
    """Take a download through the photo check; runs in a thread of the pool.

    Args:
        turn: held while a very big photo is decoded.
        download: what to check.
    """
    try:
        photo = check_photo(download.data, name_of(download.hit), WEB_LIMITS, turn=turn)
    except PhotoRefused as refused:
        return Checked(download, None, _reason(refused))
    return Checked(download, photo)


def _reason(refused: PhotoRefused) -> Skip:
    match refused:
        case NotAPhoto():
            return Skip.NOT_A_PHOTO
        case TooSmall():
            return Skip.TOO_SMALL
        case TooBig():
            return Skip.TOO_BIG
    return Skip.DAMAGED


def name_of(hit: SearchResult) -> str:
    """What a photo from the web is called: its title, else the last part of its address."""
    parts = urlsplit(hit.address)
    return (hit.title or unquote(parts.path.rpartition("/")[2]) or parts.netloc).strip()


class Judge:
    """Compares what comes in with all the photos of a project, and puts it there."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._alike = LikenessIndex[int]()
        self._places: dict[int, set[str]] = defaultdict(set)
        for known in known_likenesses(project.database):
            self._alike.add(known.photo_id, known.likeness)

    def keep(self, checked: Checked, class_id: int, *, photos_only: bool) -> Skip | None:
        """Add a photo to its class.

        Returns:
            Why it was left out; None when it came in.
        """
        photo, hit = checked.photo, checked.download.hit
        if photo is None:
            return checked.skip
        if self._is_taken_down(hit, photo):
            return Skip.TAKEN_DOWN
        if photos_only and is_graphic(photo.quality.looks):
            return Skip.GRAPHIC
        if (same := self._alike.find(photo.likeness)) is not None:
            return self._repeated(same, photo, hit, class_id)
        try:
            kept = self._project.add_photo(_new_photo(checked.download, photo), class_id)
        except PhotoRefused:  # these bytes are here, although they look different now
            return Skip.KNOWN
        self._alike.add(kept.id, photo.likeness)
        self._places[kept.id].add(hit.address)
        return None

    def _is_taken_down(self, hit: SearchResult, photo: CheckedPhoto) -> bool:
        blocklist = self._project.blocklist
        if blocklist is None:
            return False
        found = blocklist.refuses(hit.address, photo.sha256, photo.likeness, page=hit.page)
        return found is not None

    def _repeated(
        self, photo_id: int, photo: CheckedPhoto, hit: SearchResult, class_id: int
    ) -> Skip:
        """What to call a picture that is here already, in this class or another or in the bin."""
        places = self._places[photo_id]
        places.add(hit.address)
        known = self._project.photo(photo_id)
        if is_plain(photo.quality.looks) and len(places) >= PLACES_OF_A_PLACEHOLDER:
            self._remove_placeholder(known)
            return Skip.PLACEHOLDER
        if known.state is PhotoState.KEPT and known.class_id != class_id:
            return Skip.OTHER_CLASS
        return Skip.KNOWN if known.sha256 == photo.sha256 else Skip.NEAR_COPY

    def _remove_placeholder(self, first: Photo) -> None:
        """Bin the first copy of a placeholder, which came in before anyone could know it as one."""
        if first.state is PhotoState.KEPT and first.address is not None:
            self._project.apply(
                [Decision(first.id, state=PhotoState.BINNED)], "Removed a “no image” placeholder"
            )


def _new_photo(download: Download, photo: CheckedPhoto) -> NewPhoto:
    hit = download.hit
    return NewPhoto(
        data=download.data,
        sha256=photo.sha256,
        suffix=photo.suffix,
        width=photo.width,
        height=photo.height,
        perceptual_hash=photo.perceptual_hash,
        likeness=photo.likeness,
        thumbnail=photo.thumbnail,
        name=photo.name,
        title=hit.title,
        source=hit.source,
        page=hit.page,
        address=hit.address,
        licence=hit.licence,
        licence_address=hit.licence_address,
        creator=hit.creator,
        quality=photo.quality.to_json(),
        quality_version=VERSION,
    )
