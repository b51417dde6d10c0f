"""Finding photos on the web: searched, fetched, judged and kept, as one piece of work."""

from nocode_classifier.collect.search.finding import fetch_links, find_photos
from nocode_classifier.collect.search.plan import Finder, HuntPlan, wanted_phrases
from nocode_classifier.collect.search.reports import ClassHunt, HuntReport

__all__ = [
    "ClassHunt",
    "Finder",
    "HuntPlan",
    "HuntReport",
    "fetch_links",
    "find_photos",
    "wanted_phrases",
]
