"""A source without a server: it knows a list, gives it in pages, and can be told to fail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nocode_classifier.collect.sources.source import Found, Page, Query, SourceTrouble
from nocode_classifier.progress import ShouldStop, never


@dataclass
class ListedSource:
    """Gives the photos at some addresses, whatever the words.

    Attributes:
        asked: words and place of every question.
        troubles: raised by the next questions, one each, before anything is given.
    """

    addresses: Iterable[str]
    key: str = "listed"
    label: str = "The list"
    about: str = "Photos of a list."
    by_default: bool = True
    page_size: int = 10
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    troubles: list[SourceTrouble] = field(default_factory=list)

    def search(self, query: Query, place: str | None, *, should_stop: ShouldStop = never) -> Page:
        self.asked.append((query.words, place))
        if self.troubles:
            raise self.troubles.pop(0)
        first, every = int(place or 0), list(self.addresses)
        last = first + self.page_size
        found = tuple(self._found(address) for address in every[first:last])
        return Page(found, str(last) if last < len(every) else None)

    def _found(self, address: str) -> Found:
        return Found(address, self.key, page=f"{address}.html", title="A photo", creator="Someone")
