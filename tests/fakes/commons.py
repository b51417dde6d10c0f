"""Wikimedia Commons as it answers a search for files: `GET /w/api.php`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.photos import PhotoHost
from tests.fakes.server import Asked, FakeServer, Reply, as_json, too_many

LICENCES = (
    ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0"),
    ("CC BY 2.0", "https://creativecommons.org/licenses/by/2.0"),
    ("Public domain", None),
    ("CC0", "http://creativecommons.org/publicdomain/zero/1.0/deed.en"),
)
MOST_PREVIEWS = 50


class FakeCommons(FakeServer):
    """Finds `count` files for any words but `nothing`; every tenth is a drawing in SVG."""

    def __init__(self, photos: PhotoHost, count: int = 120) -> None:
        super().__init__()
        self._photos = photos
        self._count = count
        self.refusal = too_many(5)

    def answer(self, asked: Asked) -> Reply:
        query = asked.query
        if asked.path != "/w/api.php" or query.get("action") != "query":
            return as_json({"error": {"code": "badvalue", "info": "Unrecognized value."}})
        offset, limit = int(query.get("gsroffset") or 0), int(query.get("gsrlimit", "10"))
        limit = min(limit, MOST_PREVIEWS)
        words = query["gsrsearch"].removeprefix("filetype:bitmap ")
        count = 0 if words == "nothing" else self._count
        numbers = range(offset, min(offset + limit, count))
        if not numbers:
            return as_json({"batchcomplete": True})
        answer: dict[str, object] = {"batchcomplete": True}
        if offset + limit < count:
            answer["continue"] = {"gsroffset": offset + limit, "continue": "gsroffset||"}
        answer["query"] = {"pages": self._pages(words, numbers, query)}
        return as_json(answer)

    def _pages(self, words: str, numbers: range, query: Mapping[str, str]) -> object:
        """In the order of their ids, which is not that of the search."""
        pages = sorted(
            (self._page(words, number, int(query["iiurlwidth"])) for number in numbers),
            key=lambda page: page["pageid"],
        )
        if query.get("formatversion") == "2":
            return pages
        return {str(page["pageid"]): page for page in pages}

    def _page(self, words: str, number: int, width: int) -> dict[str, Any]:
        drawing = number % 10 == 9
        ending = "svg" if drawing else "jpg"
        title = f"File:{words.capitalize()} {number}.{ending}"
        name, address = LICENCES[number % len(LICENCES)]
        facts = {
            "LicenseShortName": {"value": name, "source": "commons-desc-page", "hidden": ""},
            "Artist": {
                "value": f'<a href="//commons.wikimedia.org/wiki/User:M{number}">Maker&nbsp;'
                f"{number}</a> &amp; <span>friends</span>",
                "source": "commons-desc-page",
            },
        }
        if address:
            facts["LicenseUrl"] = {"value": address, "source": "commons-desc-page", "hidden": ""}
        preview = self._photos.address_of("commons", words, number)
        return {
            "pageid": 900_000 + (number * 7919) % 1000,
            "ns": 6,
            "title": title,
            "index": number + 1,
            "imagerepository": "local",
            "imageinfo": [
                {
                    "size": 4_812_345,
                    "width": 4000,
                    "height": 3000,
                    "thumburl": preview,
                    "thumbwidth": width,
                    "thumbheight": width * 3 // 4,
                    "url": preview.replace("/commons/", "/original/"),
                    "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{number}.{ending}",
                    "descriptionshorturl": f"https://commons.wikimedia.org/w/index.php?curid={number}",
                    "mime": "image/svg+xml" if drawing else "image/jpeg",
                    "extmetadata": facts,
                }
            ],
        }
