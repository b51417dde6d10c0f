"""Pages of results: where one is in them, and what is left of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nocode_classifier.collect.sources.source import Found, Page

MOST_DIGITS = 6


def page_number(place: str | None) -> int:
    """The number of a page, from 1 on; a place that can't be read is the first page."""
    told = place or ""
    usable = told.isdecimal() and told.isascii() and len(told) <= MOST_DIGITS
    return max(1, int(told)) if usable else 1


def page_of(
    results: Iterable[Found | None], following: str | None, allowed: Callable[[Found], bool]
) -> Page:
    """A page of what can be used and is allowed; each address once."""
    photos: dict[str, Found] = {}
    for found in filter(None, results):
        photos.setdefault(found.address, found)
    kept = tuple(found for found in photos.values() if allowed(found))
    return Page(kept, following, len(photos) - len(kept))
