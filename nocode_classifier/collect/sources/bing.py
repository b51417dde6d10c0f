"""Bing: a second search of the whole web, for when the first one is blocked."""

from __future__ import annotations

from nocode_classifier.collect.licences import LicenceChoice
from nocode_classifier.collect.sources.api_client import RequestPolicy
from nocode_classifier.collect.sources.pages import page_number, page_of
from nocode_classifier.collect.sources.source import Page, Query, SourceTrouble
from nocode_classifier.collect.sources.web_search import WebSearch
from nocode_classifier.progress import ShouldStop, never

MOST_PAGES = 10
"""Of up to 35 results."""


class Bing:
    """Searches Bing, which through ddgs hears of no filter: neither of licences nor of drawings."""

    key = "bing"
    label = "Bing"
    about = "A second search of the whole web. Can't filter by licence: left out if you choose one."
    by_default = True

    def __init__(self, policy: RequestPolicy) -> None:
        """Ask with the given manners."""
        self._search = WebSearch(self.key, self.label, "www.bing.com", policy)

    def search(self, query: Query, place: str | None, *, should_stop: ShouldStop = never) -> Page:
        """As `Source.search`."""
        if query.licence is not LicenceChoice.ANY:
            raise SourceTrouble(
                "Bing can't tell under which licence a photo is, so it was left out: use the "
                "other sources, or choose any licence."
            )
        number = page_number(place)
        found = self._search.page(query.words, number, {}, should_stop)
        return page_of(found, str(number + 1) if found and number < MOST_PAGES else None)
