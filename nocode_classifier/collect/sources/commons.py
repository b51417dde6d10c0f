"""Wikimedia Commons: free photos of nearly everything, each with its licence and its maker.

Photos are fetched as previews 960 pixels wide, a size that Wikimedia keeps ready: the originals
have many megabytes, and widths of one's own are refused. The address of a preview is taken as it
is given, never put together here.
"""

from __future__ import annotations

from nocode_classifier.collect.licences import licence
from nocode_classifier.collect.sources.api_client import BUSY_SECONDS, ApiClient, RequestPolicy
from nocode_classifier.collect.sources.pages import page_of, place_number
from nocode_classifier.collect.sources.reading import Record, without_tags
from nocode_classifier.collect.sources.source import Found, Page, Query, SourceTrouble
from nocode_classifier.progress import ShouldStop, never

BASE = "https://commons.wikimedia.org"
PAGE_SIZE = 50
"""No answer holds more previews."""

PREVIEW_WIDTH = 960
DEEPEST = 2_000
LONGEST_QUESTION = 300
PHOTO_FILES = frozenset({"image/jpeg", "image/png", "image/webp"})
BUSY = frozenset({"ratelimited", "maxlag", "readonly", "internal_api_error_DBQueryError"})
UNSEEN_LAST = 10**9


class Commons:
    """Searches Wikimedia Commons."""

    key = "commons"
    label = "Wikimedia Commons"
    about = "Free photos of nearly everything, each with its licence and its maker."
    by_default = True

    def __init__(self, policy: RequestPolicy, base: str = BASE) -> None:
        """Ask at `base`, with the given manners."""
        self._client = ApiClient(self.label, base, policy)

    def search(self, query: Query, place: str | None, *, should_stop: ShouldStop = never) -> Page:
        """As `Source.search`."""
        offset = place_number(place, 0)
        answer = self._client.ask(
            "/w/api.php",
            {
                "action": "query",
                "format": "json",
                "formatversion": 2,
                "generator": "search",
                "gsrsearch": f"filetype:bitmap {query.words[:LONGEST_QUESTION]}",
                "gsrnamespace": 6,
                "gsrlimit": PAGE_SIZE,
                "gsroffset": offset,
                "prop": "imageinfo",
                "iiprop": "url|size|mime|extmetadata",
                "iiextmetadatafilter": "LicenseShortName|LicenseUrl|Artist",
                "iiurlwidth": PREVIEW_WIDTH,
            },
            should_stop,
        )
        self._check(answer)
        pages = sorted(answer.record("query").records("pages"), key=_rank)
        following = answer.record("continue").number("gsroffset")
        more = following is not None and offset < following < DEEPEST
        return page_of(map(_found, pages), str(following) if more else None, query.licence)

    def _check(self, answer: Record) -> None:
        """An error comes with the same status as an answer."""
        if not answer.has("error"):
            return
        code = answer.record("error").text("code") or "unknown"
        busy = code in BUSY
        wait = "is too busy: try again in a minute" if busy else "can't search for these words"
        raise SourceTrouble(
            f"{self.label} {wait} ({code}); or use other words, another source, or photos of "
            "your own.",
            BUSY_SECONDS if busy else None,
        )


def _rank(page: Record) -> int:
    """The pages of an answer are not in the order of the search."""
    rank = page.number("index")
    return UNSEEN_LAST if rank is None else rank


def _found(page: Record) -> Found | None:
    info = next(page.records("imageinfo"), Record(None))
    mime = info.text("mime")
    if mime is not None and mime.lower() not in PHOTO_FILES:
        return None
    preview = info.address("thumburl")
    address = preview or info.address("url")
    if address is None:
        return None
    facts = info.record("extmetadata")
    claim = licence(
        without_tags(_value(facts, "LicenseShortName")),
        address=facts.record("LicenseUrl").address("value"),
    )
    return Found(
        address=address,
        source=Commons.key,
        page=info.address("descriptionurl"),
        title=_title(page.text("title")),
        width=info.pixels("thumbwidth" if preview else "width"),
        height=info.pixels("thumbheight" if preview else "height"),
        licence=claim.name,
        licence_address=claim.address,
        creator=without_tags(_value(facts, "Artist")),
    )


def _value(facts: Record, key: str) -> str | None:
    value = facts.record(key).get("value")
    return value if isinstance(value, str) else None


def _title(name: str | None) -> str | None:
    """The name of a file as a title: "File:Brown bear.jpg" is a brown bear."""
    if name is None:
        return None
    stem, dot, ending = name.removeprefix("File:").rpartition(".")
    return stem if dot and stem and len(ending) <= 4 else name.removeprefix("File:")
