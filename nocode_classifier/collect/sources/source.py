"""What every place to find photos on the web offers, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nocode_classifier.collect.licences import LicenceChoice
from nocode_classifier.errors import Unavailable
from nocode_classifier.progress import ShouldStop, never


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a source.

    Attributes:
        words: what to look for, as a person types it.
        licence: what one must be allowed to do with the photos.
        photos_only: leave drawings, logos and clip art out, where the source can tell.
    """

    words: str
    licence: LicenceChoice = LicenceChoice.ANY
    photos_only: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A photo that a source knows of. What the source does not say stays None.

    Attributes:
        address: of the picture itself.
        source: key of the source.
        page: address of the page that shows it.
        licence: the claim, in its usual short form ("CC BY-SA 4.0").
        licence_address: where the licence can be read.
        creator: who made it, as plain text.
        width, height: pixels, as claimed.
    """

    address: str
    source: str
    page: str | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None
    licence: str | None = None
    licence_address: str | None = None
    creator: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results.

    Attributes:
        found: in the order of the source, best first; those the licence choice forbids are gone.
        next: what to give to `search` for the page after this one; None when this was the last.
        dropped: how many were left out because of their licence.
    """

    found: tuple[Found, ...]
    next: str | None = None
    dropped: int = 0


class SourceTrouble(Unavailable):
    """A source did not answer as it should; the sentence says what happened and what to do.

    Attributes:
        retry_after: seconds after which it may answer again; None when waiting won't help now.
    """

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Source(Protocol):
    """A place to find photos."""

    @property
    def key(self) -> str:
        """Its name in the database and on the command line; never changes."""

    @property
    def label(self) -> str:
        """What people call it."""

    @property
    def about(self) -> str:
        """One line on what it is good for."""

    @property
    def by_default(self) -> bool:
        """Whether it is asked unless someone chooses otherwise."""

    def search(self, query: Query, place: str | None, *, should_stop: ShouldStop = never) -> Page:
        """One page of results, after short waits for its turn at most.

        Args:
            query: what to look for.
            place: None for the first page, else `Page.next` of the page before.
            should_stop: asked while waiting, also while the service does not answer.

        Raises:
            SourceTrouble: it is blocked, too busy, can't be reached, or answers nonsense.
            Cancelled: Stop was pressed.
        """
