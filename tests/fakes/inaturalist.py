"""iNaturalist as it answers: `GET /v1/taxa/autocomplete` and `GET /v1/observations`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.photos import PhotoHost
from tests.fakes.server import Asked, FakeServer, Reply, as_json, too_many

LICENCES: tuple[str | None, ...] = ("cc-by-nc", "cc0", None, "cc-by", "cc-by-nc-nd", "cc-by-sa")
TAXA = (
    (125451, "Cylindropuntia bigelovii", "Teddy Bear Cholla"),
    (41638, "Ursus americanus", "American Black Bear"),
    (41645, "Ursidae", "Bears"),
    (41641, "Ursus arctos", "Brown Bear"),
    (41655, "Ursus arctos horribilis", "Grizzly Bear"),
)
MOST_RESULTS = 10_000


class FakeINaturalist(FakeServer):
    """Has `count` observations of each creature in `TAXA`, with two photos each."""

    def __init__(self, photos: PhotoHost, count: int = 230) -> None:
        super().__init__()
        self._photos = photos
        self._count = count
        self.refusal = too_many()

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/v1/taxa/autocomplete":
            return as_json(_autocomplete(asked.query["q"]))
        if asked.path == "/v1/observations":
            return self._observations(asked.query)
        return as_json({"error": "Not Found", "status": 404}, 404)

    def _observations(self, query: Mapping[str, str]) -> Reply:
        number, size = int(query.get("page", "1")), min(int(query.get("per_page", "30")), 200)
        if number * size > MOST_RESULTS:
            return as_json({"error": "Result window is too large.", "status": 403}, 403)
        taxon = next(taxon for taxon in TAXA if taxon[0] == int(query["taxon_id"]))
        wanted = query.get("photo_license", "").split(",")
        every = [self._observation(taxon, each) for each in range(self._count)]
        # The filter asks only for one photo of an observation.
        seen = [
            each
            for each in every
            if wanted == [""] or any(photo["license_code"] in wanted for photo in each["photos"])
        ]
        answer = {"total_results": len(seen), "page": number, "per_page": size}
        return as_json({**answer, "results": seen[(number - 1) * size : number * size]})

    def _observation(self, taxon: tuple[int, str, str], number: int) -> dict[str, Any]:
        identifier, name, common = taxon
        evidence = 26 if number % 20 == 19 else 24
        return {
            "id": 5_000 + number,
            "uri": f"https://www.inaturalist.org/observations/{5_000 + number}",
            "quality_grade": "research",
            "license_code": "cc-by-nc",
            "species_guess": common,
            "taxon": {
                "id": identifier,
                "name": name,
                "rank": "species",
                "preferred_common_name": common,
            },
            "user": {"id": 7, "login": f"watcher{number}", "name": None},
            "annotations": [
                {"controlled_attribute_id": 22, "controlled_value_id": evidence, "vote_score": 0}
            ],
            "photos": [self._photo(common, 2 * number), self._photo(common, 2 * number + 1)],
        }

    def _photo(self, common: str, number: int) -> dict[str, object]:
        code = LICENCES[number % len(LICENCES)]
        rights = {None: "all rights reserved", "cc0": "no rights reserved"}.get(
            code, f"some rights reserved ({(code or '').upper().replace('CC-', 'CC ')})"
        )
        name = self._photos.address_of("inaturalist", common.lower(), number)
        return {
            "id": 90_000 + number,
            "license_code": code,
            "original_dimensions": {"width": 2048, "height": 1536},
            "url": f"{name.removesuffix('.jpg')}/square.jpg",
            "attribution": f"(c) Watcher No. {number}, {rights}",
            "flags": [],
        }


def _autocomplete(asked: str) -> dict[str, object]:
    """Creatures with a name in which some word begins with each word that was asked for."""
    results = []
    beginnings = re.findall(r"\w+", asked.lower())
    for identifier, name, common in TAXA:
        for term in (common, name):
            words = term.lower().split()
            if all(any(word.startswith(each) for word in words) for each in beginnings):
                results.append(
                    {
                        "id": identifier,
                        "name": name,
                        "rank": "species",
                        "rank_level": 10,
                        "iconic_taxon_name": "Mammalia",
                        "is_active": True,
                        "preferred_common_name": common,
                        "matched_term": term,
                        "observations_count": 1000,
                    }
                )
                break
    return {"total_results": len(results), "page": 1, "per_page": 30, "results": results}
