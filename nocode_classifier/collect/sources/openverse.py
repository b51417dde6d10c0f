"""Openverse: hundreds of millions of photos under free licences, from museums to Flickr.

The interface without an account gives 20 results a page and about 20 pages, and so many questions
a minute and a day; both are read from its answers. Photos of Wikimedia Commons are left to the
source of that name: Openverse gives the originals, of many megabytes, whose server soon refuses.
"""

from __future__ import annotations

from nocode_classifier.collect.licences import LicenceChoice, licence
from nocode_classifier.collect.sources.api_client import ApiClient, RequestPolicy
from nocode_classifier.collect.sources.pages import page_number, page_of
from nocode_classifier.collect.sources.reading import Record
from nocode_classifier.collect.sources.source import Found, Page, Query
from nocode_classifier.progress import ShouldStop, never

BASE = "https://api.openverse.org"
PAGE_SIZE = 20
MOST_PAGES = 20
LONGEST_QUESTION = 200

LICENCE_TYPES = {
    LicenceChoice.ANY: "all",
    # All that Openverse has may be reused.
    LicenceChoice.REUSE: "all",
    LicenceChoice.CHANGE: "modification",
    LicenceChoice.COMMERCIAL: "commercial",
}
DRAWN = frozenset({"illustration", "digitized_artwork"})
NO_PHOTO_FILES = frozenset({"svg", "gif"})


class Openverse:
    """Searches Openverse."""

    key = "openverse"
    label = "Openverse"
    about = "Photos under free licences, with their makers' names. Limited searches a day."
    by_default = True

    def __init__(self, policy: RequestPolicy, base: str = BASE) -> None:
        """Ask at `base`, with the given manners."""
        self._client = ApiClient(self.label, base, policy)

    def search(self, query: Query, place: str | None, *, should_stop: ShouldStop = never) -> Page:
        """As `Source.search`."""
        number = page_number(place)
        answer = self._client.ask(
            "/v1/images/",
            {
                "q": query.words[:LONGEST_QUESTION],
                "license_type": LICENCE_TYPES[query.licence],
                "excluded_source": "wikimedia",
                "mature": "false",
                "page": number,
                "page_size": PAGE_SIZE,
            },
            should_stop,
        )
        results = [_found(each) for each in answer.records("results") if _is_wanted(each, query)]
        pages = min(answer.number("page_count") or 0, MOST_PAGES)
        following = str(number + 1) if answer.get("results") and number < pages else None
        return page_of(results, following, query.licence)


def _is_wanted(result: Record, query: Query) -> bool:
    if result.get("mature") is True:
        return False
    file_type = (result.text("filetype") or "").lower()
    drawn = (result.text("category") or "").lower() in DRAWN
    return file_type not in NO_PHOTO_FILES and not (query.photos_only and drawn)


def _found(result: Record) -> Found | None:
    address = result.address("url")
    if address is None:
        return None
    claim = licence(
        result.text("license"),
        version=result.text("license_version"),
        address=result.address("license_url"),
    )
    return Found(
        address=address,
        source=Openverse.key,
        page=result.address("foreign_landing_url"),
        title=result.text("title"),
        width=result.pixels("width"),
        height=result.pixels("height"),
        licence=claim.name,
        licence_address=claim.address,
        creator=result.text("creator"),
    )
