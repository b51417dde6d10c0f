"""iNaturalist: what people have seen of living nature, named by many who know.

A search is for one kind of living creature, found by exactly its name: "teddy bear" is not the
teddy bear cholla, a cactus, though the service would offer it. Of each observation one photo is
taken, because the others show the same animal a moment later.
"""

from __future__ import annotations

import re
import unicodedata

from nocode_classifier.collect.licences import (
    ALL_RIGHTS_RESERVED,
    Licence,
    LicenceChoice,
    licence,
    permits,
)
from nocode_classifier.collect.sources.api_client import ApiClient, RequestPolicy
from nocode_classifier.collect.sources.pages import page_of
from nocode_classifier.collect.sources.reading import Record
from nocode_classifier.collect.sources.source import Found, Page, Query
from nocode_classifier.collect.variety import subject
from nocode_classifier.progress import ShouldStop, never

BASE = "https://api.inaturalist.org"
PAGE_SIZE = 100
DEEPEST = 10_000
"""No question leads further than so many results."""

LONGEST_QUESTION = 100
PREVIEW_SIDE = 500
"""Longest side of the size that iNaturalist calls medium."""

EVIDENCE, CREATURE = 22, 24
"""Ids of the note on what is seen, and of its value for the creature itself; the other values are
tracks, scat, bones and the like."""

CODES = (
    "cc0",
    "cc-by",
    "cc-by-nc",
    "cc-by-sa",
    "cc-by-nd",
    "cc-by-nc-sa",
    "cc-by-nc-nd",
)
MOST_KEPT_NAMES = 500

_PLACE = re.compile(r"(?P<taxon>\d{1,12}):(?P<page>\d{1,4})", re.ASCII)
_SIZE = re.compile(r"/(?:square|thumb|small|large|original)(?=\.\w{3,4}(?:$|\?))")
_CREDIT = re.compile(
    r"^(?:\(c\)|©)?\s*(?P<who>.+?),\s*(?:some|no|all) rights reserved\b", re.IGNORECASE
)


class INaturalist:
    """Searches iNaturalist."""

    key = "inaturalist"
    label = "iNaturalist"
    about = "Animals, plants and fungi in nature. Name the species, also by its scientific name."
    by_default = False

    def __init__(self, policy: RequestPolicy, base: str = BASE) -> None:
        """Ask at `base`, with the given manners."""
        self._client = ApiClient(self.label, base, policy)
        self._kept_names: dict[str, int | None] = {}

    def search(self, query: Query, place: str | None, *, should_stop: ShouldStop = never) -> Page:
        """As `Source.search`; nothing is found for words that name no living creature."""
        known = _PLACE.fullmatch(place or "")
        taxon = int(known["taxon"]) if known else self._taxon(query.words, should_stop)
        if taxon is None:
            return Page(())
        number = int(known["page"]) if known else 1
        answer = self._client.ask("/v1/observations", _question(query, taxon, number), should_stop)
        seen = list(answer.records("results"))
        photos = (_found(each, query.licence) for each in seen if _shows_creature(each))
        most = min(answer.number("total_results") or 0, DEEPEST)
        more = bool(seen) and number * PAGE_SIZE < most
        return page_of(photos, f"{taxon}:{number + 1}" if more else None, query.licence)

    def _taxon(self, words: str, should_stop: ShouldStop) -> int | None:
        """The id of the creature that words name, with or without where and how it is seen."""
        for name in dict.fromkeys((words, subject(words))):
            key = _plain(name)
            if key not in self._kept_names:
                if len(self._kept_names) >= MOST_KEPT_NAMES:
                    self._kept_names.clear()
                self._kept_names[key] = self._look_up(name, key, should_stop)
            if (taxon := self._kept_names.get(key)) is not None:
                return taxon
        return None

    def _look_up(self, name: str, key: str, should_stop: ShouldStop) -> int | None:
        answer = self._client.ask(
            "/v1/taxa/autocomplete",
            {"q": name[:LONGEST_QUESTION], "is_active": "true", "per_page": 30},
            should_stop,
        )
        for taxon in answer.records("results"):
            if key in map(_plain, _names(taxon)) and (found := taxon.number("id")):
                return found
        return None


def _question(query: Query, taxon: int, number: int) -> dict[str, str | int]:
    question: dict[str, str | int] = {
        "taxon_id": taxon,
        "photos": "true",
        "quality_grade": "research",
        "order_by": "votes",
        "per_page": PAGE_SIZE,
        "page": number,
    }
    if query.licence is not LicenceChoice.ANY:
        allowed = [code for code in CODES if permits(licence(code).name, query.licence)]
        question["photo_license"] = ",".join(allowed)
    return question


def _names(taxon: Record) -> list[str]:
    keys = ("name", "preferred_common_name", "english_common_name", "matched_term")
    return [name for key in keys if (name := taxon.text(key))]


def _plain(name: str) -> str:
    """A name as it is compared: without case, accents, signs and the ending of a plural."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c)))
    return " ".join(words).removesuffix("s")


def _shows_creature(observation: Record) -> bool:
    """Whether it is the creature that is seen, where that is told, and not only what it left."""
    notes = [
        note.number("controlled_value_id")
        for note in observation.records("annotations")
        if note.number("controlled_attribute_id") == EVIDENCE
    ]
    return not notes or CREATURE in notes


def _found(observation: Record, choice: LicenceChoice) -> Found | None:
    """The first photo of an observation that is allowed, else the first of all."""
    usable = [photo for photo in observation.records("photos") if photo.address("url")]
    if not usable:
        return None
    photo = next((each for each in usable if permits(_licence(each).name, choice)), usable[0])
    claim, size = _licence(photo), _preview_size(photo.record("original_dimensions"))
    return Found(
        address=_SIZE.sub("/medium", photo.address("url") or ""),
        source=INaturalist.key,
        page=observation.address("uri"),
        title=_title(observation.record("taxon")),
        width=size[0],
        height=size[1],
        licence=claim.name,
        licence_address=claim.address,
        creator=_creator(photo, observation.record("user")),
    )


def _licence(photo: Record) -> Licence:
    """A photo without a licence is not given away; one of which nothing is said is unknown."""
    if isinstance(photo.value, dict) and photo.value.get("license_code", "") is None:
        return Licence(ALL_RIGHTS_RESERVED)
    return licence(photo.text("license_code"))


def _preview_size(original: Record) -> tuple[int | None, int | None]:
    width, height = original.pixels("width"), original.pixels("height")
    if width is None or height is None:
        return None, None
    scale = min(1.0, PREVIEW_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _title(taxon: Record) -> str | None:
    common, scientific = taxon.text("preferred_common_name"), taxon.text("name")
    return f"{common} ({scientific})" if common and scientific else common or scientific


def _creator(photo: Record, user: Record) -> str | None:
    told = photo.text("attribution")
    credit = _CREDIT.match(told or "")
    return credit["who"] if credit else user.text("name") or user.text("login") or told
