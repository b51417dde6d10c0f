"""Openverse as it answers an anonymous visitor: `GET /v1/images/`."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.photos import PhotoHost
from tests.fakes.server import Asked, FakeServer, Reply, as_json, too_many

LICENCES = ("by", "by-sa", "by-nc", "cc0", "by-nd", "pdm", "by-nc-sa", "by-nc-nd")
VERSIONS = {"cc0": "1.0", "pdm": "1.0"}
MOST_PAGE_SIZE = 20
MOST_PAGES = 20


class FakeOpenverse(FakeServer):
    """Finds `count` photos for any words but `nothing`.

    Attributes:
        burst: questions a minute that are allowed; counted down in the headers.
    """

    def __init__(self, photos: PhotoHost, count: int = 45, *, burst: int = 20) -> None:
        super().__init__()
        self._photos = photos
        self._count = count
        self.burst = burst
        self.refusal = too_many(36)

    def answer(self, asked: Asked) -> Reply:
        if asked.path != "/v1/images/":
            return as_json({"detail": "Not found."}, 404)
        number, size = int(asked.query.get("page", "1")), int(asked.query.get("page_size", "20"))
        if size > MOST_PAGE_SIZE:
            return as_json({"detail": "Authentication credentials were not provided."}, 401)
        if number > MOST_PAGES:
            fields = ["page"]
            return as_json({"error": "InputError", "detail": "Too deep.", "fields": fields}, 400)
        if len(self.asked) > self.burst:
            return self._with_rates(too_many(36))
        return self._with_rates(as_json(self._list(asked.query, number, size)))

    def _list(self, query: Mapping[str, str], number: int, size: int) -> dict[str, object]:
        words, kind = query["q"], query.get("license_type", "all")
        count = 0 if words == "nothing" else self._count
        every = [self._result(words, each) for each in range(count)]
        allowed = [result for result in every if _allowed(result["license"], kind)]
        return {
            "result_count": len(allowed),
            "page_count": min(-(-len(allowed) // size), MOST_PAGES),
            "page_size": size,
            "page": number,
            "results": allowed[(number - 1) * size : number * size],
        }

    def _result(self, words: str, number: int) -> dict[str, object]:
        code = LICENCES[number % len(LICENCES)]
        version = VERSIONS.get(code, "2.0")
        identifier = f"{number:08x}-0000-4000-8000-000000000000"
        place = {"cc0": "publicdomain/zero", "pdm": "publicdomain/mark"}.get(
            code, f"licenses/{code}"
        )
        return {
            "id": identifier,
            "title": f"{words.capitalize()} {number}",
            "indexed_on": "2020-05-01T12:00:00Z",
            "foreign_landing_url": f"https://www.flickr.com/photos/someone/{number}",
            "url": self._photos.address_of("openverse", words, number),
            "creator": f"Maker {number}",
            "creator_url": "https://www.flickr.com/photos/someone",
            "license": code,
            "license_version": version,
            "license_url": f"https://creativecommons.org/{place}/{version}/",
            "provider": "flickr",
            "source": "flickr",
            "category": "photograph" if number % 3 else None,
            "filesize": None,
            "filetype": "jpg" if number % 2 else None,
            "tags": [{"name": words, "accuracy": None, "unstable__provider": "flickr"}],
            "attribution": f'"{words}" by Maker {number} is licensed under {code.upper()}.',
            "fields_matched": ["title"],
            "mature": False,
            "height": 240,
            "width": 320,
            "thumbnail": f"{self.address}/v1/images/{identifier}/thumb/",
            "detail_url": f"{self.address}/v1/images/{identifier}/",
            "related_url": f"{self.address}/v1/images/{identifier}/related/",
            "unstable__sensitivity": [],
        }

    def _with_rates(self, reply: Reply) -> Reply:
        left = max(0, self.burst - len(self.asked))
        rates = {
            "X-RateLimit-Limit-anon_burst": f"{self.burst}/min",
            "X-RateLimit-Available-anon_burst": str(left),
            "X-RateLimit-Limit-anon_sustained": "200/day",
            "X-RateLimit-Available-anon_sustained": str(max(0, 200 - len(self.asked))),
        }
        return Reply(reply.status, reply.body, {**rates, **reply.headers})


def _allowed(code: object, kind: str) -> bool:
    parts = str(code).split("-")
    return not (kind == "commercial" and "nc" in parts) and not (
        kind == "modification" and "nd" in parts
    )
