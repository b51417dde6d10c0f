"""Finding photos on the web: searched, fetched, judged and kept, as one piece of work."""

from nocode_classifier.collect.search.finding import fetch_links, find_photos
from nocode_classifier.collect.search.plan import Finder, SearchPlan, wanted_phrases
from nocode_classifier.collect.search.reports import ClassSearch, SearchReport

__all__ = [
    "ClassSearch",
    "Finder",
    "SearchPlan",
    "SearchReport",
    "fetch_links",
    "find_photos",
    "wanted_phrases",
]
