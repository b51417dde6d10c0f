"""DuckDuckGo: a search of the whole web, which knows most photos and least about each."""

from __future__ import annotations

from dataclasses import replace

from nocode_classifier.collect.licences import CLAIMED_BY_SEARCH, LicenceChoice
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.pages import page_number, page_of
from nocode_classifier.collect.sources.source import Page, Query
from nocode_classifier.collect.sources.web_search import WebSearch
from nocode_classifier.progress import ShouldStop, never

MOST_PAGES = 8
"""Of up to 100 results; the photos far behind have little to do with the words."""

LICENCES = {
    LicenceChoice.REUSE: "Share",
    LicenceChoice.CHANGE: "Modify",
    LicenceChoice.COMMERCIAL: "ShareCommercially",
}


class DuckDuckGo:
    """Searches DuckDuckGo."""

    key = "duckduckgo"
    label = "DuckDuckGo"
    about = "Search the whole web. Knows most, but seldom who made a photo or under what licence."
    by_default = True

    def __init__(self, policy: RequestPolicy) -> None:
        """Ask with the given manners."""
        self._search = WebSearch(self.key, self.label, "duckduckgo.com", policy)

    def search(self, query: Query, place: str | None, *, should_stop: ShouldStop = never) -> Page:
        """As `Source.search`."""
        number = page_number(place)
        options = {"type_image": "photo"} if query.photos_only else {}
        if query.licence in LICENCES:
            options["license_image"] = LICENCES[query.licence]
        claim = CLAIMED_BY_SEARCH.get(query.licence)
        found = self._search.page(query.words, number, options, should_stop)
        following = str(number + 1) if found and number < MOST_PAGES else None
        # The engine has left out what the choice forbids, so nothing is left to drop here.
        return page_of((replace(each, licence=claim) for each in found), following)
