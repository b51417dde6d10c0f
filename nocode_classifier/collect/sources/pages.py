"""Pages of results: where one is in them, and what is left of one."""

from __future__ import annotations

from collections.abc import Iterable

from nocode_classifier.collect.licences import LicenceChoice, permits
from nocode_classifier.collect.sources.source import Found, Page

MOST_DIGITS = 6


def page_number(place: str | None) -> int:
    """The number of a page, from 1 on; a place that can't be read is the first page."""
    return max(1, place_number(place, 1))


def place_number(place: str | None, first: int) -> int:
    """A number that was kept as a place; `first` where there is none."""
    told = place or ""
    usable = told.isdecimal() and told.isascii() and len(told) <= MOST_DIGITS
    return int(told) if usable else first


def page_of(
    results: Iterable[Found | None],
    following: str | None,
    choice: LicenceChoice = LicenceChoice.ANY,
) -> Page:
    """A page of the results that can be used and are allowed; each address once."""
    photos: dict[str, Found] = {}
    for found in filter(None, results):
        photos.setdefault(found.address, found)
    kept = tuple(found for found in photos.values() if permits(found.licence, choice))
    return Page(kept, following, len(photos) - len(kept))
