"""What one may do with a photo, as far as its source claims to know.

A claim is written down in one short form, whoever made it: "by-sa" and "4.0" of Openverse,
"CC BY-SA 4.0" of Wikimedia Commons and "cc-by-sa" of iNaturalist are the same licence. What is not
understood stays as it was claimed, and what is not claimed stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class LicenceChoice(StrEnum):
    """What one must be allowed to do with the photos that are found."""

    ANY = "any"
    REUSE = "reuse"
    CHANGE = "change"
    COMMERCIAL = "commercial"

    @property
    def words(self) -> str:
        """What the page calls it."""
        return _WORDS[self]


_WORDS = {
    LicenceChoice.ANY: "Any licence",
    LicenceChoice.REUSE: "Free to reuse",
    LicenceChoice.CHANGE: "Free to change",
    LicenceChoice.COMMERCIAL: "Free for commercial use",
}

CLAIMED_BY_SEARCH = {
    LicenceChoice.REUSE: "Free to reuse, says the search",
    LicenceChoice.CHANGE: "Free to change, says the search",
    LicenceChoice.COMMERCIAL: "Free for commercial use, says the search",
}
"""What is known of a photo whose source filters by licence but doesn't name the licence."""

PUBLIC_DOMAIN = "Public domain"
ALL_RIGHTS_RESERVED = "All rights reserved"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Licence:
    """A claim in its short form.

    Attributes:
        name: "CC BY-SA 4.0", "Public domain", or whatever was claimed; None is unknown.
        address: where it can be read.
    """

    name: str | None
    address: str | None = None


UNKNOWN = Licence(None)

_DEED = re.compile(
    r"^https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<code>[a-z+-]+)|publicdomain/(?P<free>zero|mark))"
    r"(?:/(?P<version>\d\.\d)(?:/(?P<land>[a-z]{2,3})(?=/|$))?)?(?![\w.])",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^(?:cc[ _-]*)?(?P<code>by(?:[ _-](?:nc|nd|sa))*)"
    r"(?:[ _-]*(?P<version>\d\.\d(?:[-,]\d\.\d)*))?(?:[ _-](?P<land>[a-z]{2,3}))?$",
    re.IGNORECASE,
)
_ZERO = re.compile(r"^(?:cc|creative commons)[ _-]*(?:0|zero)(?:[ _-]*1\.0)?$", re.IGNORECASE)
_DOMAIN = re.compile(
    r"^(?:pd|pdm|pdm 1\.0|pd[ _-].*|public[ _-]*domain(?:[ _-]*mark)?(?:[ _-]*1\.0)?)$",
    re.IGNORECASE,
)
_SAMPLING = re.compile(
    r"^(?:cc[ _-]*)?(?P<nc>nc[ _-])?sampling[ _-]*(?:\+|plus)(?:[ _-]*1\.0)?$", re.IGNORECASE
)

_FULL_NAME = re.compile(
    r"^(?:creative commons )?attribution(?P<parts>(?:[ -]+(?:non-?commercial|no-? ?deriv\w*|"
    r"share-? ?alike))*)(?: (?P<version>\d\.\d))?(?: (?:international|generic|unported))?"
    r"(?: licen[cs]e)?(?: \(cc .*\))?$",
    re.IGNORECASE,
)
_SPELLED = (
    ("non-?commercial", "nc"),
    ("no-? ?deriv", "nd"),
    ("share-? ?alike", "sa"),
)

_FREE = re.compile(
    r"^(?:gfdl|gnu free documentation|fal\b|free art|copyrighted free use|attribution$|"
    r"no (?:known copyright )?restrictions|ogl|odbl|odc-by|mit\b|bsd\b|apache|[al]?gpl|artlibre|"
    r"licence art libre|kogl type 1|beerware|wtfpl|cecill)",
    re.IGNORECASE,
)
"""Licences other than Creative Commons that allow reuse, changes and commerce alike: those that
Wikimedia Commons, which takes no others, has most of."""


def licence(
    claim: str | None, *, version: str | None = None, address: str | None = None
) -> Licence:
    """Write a claim in its usual short form.

    Args:
        claim: a code, a name or the address of a licence.
        version: "4.0", where it is told apart from the claim.
        address: where the licence can be read, where the source tells.

    Returns:
        The licence; `UNKNOWN` where there is no claim. One that isn't understood stays as it is.
    """
    told = " ".join((claim or "").split())
    of_claim = _understood(told, version)
    of_address = _deed(address or "")
    if of_claim is not None:
        known = address or _with_version(of_claim, of_address).address
        return Licence(_with_version(of_claim, of_address).name, known)
    if told.lower().startswith(("http://", "https://")):
        return Licence(None, address or told)
    if told:
        return Licence(told[:LONGEST_NAME], address)
    return Licence(of_address.name, address) if of_address else Licence(None, address)


def permits(name: str | None, choice: LicenceChoice) -> bool:
    """Whether a licence allows what was asked for. An unknown one allows nothing but `ANY`.

    Args:
        name: the short form, as `licence` writes it.
        choice: what one must be allowed to do.
    """
    if choice is LicenceChoice.ANY:
        return True
    told = (name or "").strip()
    if told in CLAIMED_BY_SEARCH.values():
        # Each of the three allows reuse, and of the other two only the one that was asked for.
        return told == CLAIMED_BY_SEARCH[choice] or choice is LicenceChoice.REUSE
    if told == PUBLIC_DOMAIN or _ZERO.match(told) or _FREE.match(told):
        return True
    if _SAMPLING.match(told):
        return choice is not LicenceChoice.COMMERCIAL
    code = _CODE.match(told)
    if code is None:
        return False
    parts = re.split(r"[ _-]", code["code"].lower())
    forbidden = {LicenceChoice.CHANGE: "nd", LicenceChoice.COMMERCIAL: "nc"}.get(choice)
    return forbidden not in parts


def _with_version(told: Licence, deed: Licence | None) -> Licence:
    """Where only the address names the version, the name gets it as well."""
    if deed is not None and deed.name and told.name and deed.name.startswith(f"{told.name} "):
        return deed
    return told


def _understood(told: str, version: str | None) -> Licence | None:
    if deed := _deed(told):
        return deed
    if _ZERO.match(told):
        return Licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
    if _DOMAIN.match(told):
        return Licence(PUBLIC_DOMAIN, None)
    if sampling := _SAMPLING.match(told):
        return _commons("nc-sampling+" if sampling["nc"] else "sampling+", "1.0", None)
    if code := _CODE.match(_spelled(told)):
        number = code["version"] or (version if re.fullmatch(r"\d\.\d", version or "") else None)
        return _commons(re.sub(r"[ _]", "-", code["code"]), number, code["land"])
    if told.lower().rstrip(".") in {"all rights reserved", "copyright", "©", "(c)"}:
        return Licence(ALL_RIGHTS_RESERVED)
    return None


def _spelled(told: str) -> str:
    """The code of a Creative Commons licence whose name is written out in full."""
    name = _FULL_NAME.match(told)
    if name is None or told.lower() == "attribution":
        return told
    parts = [code for word, code in _SPELLED if re.search(word, name["parts"], re.IGNORECASE)]
    return "-".join(["by", *parts]) + (f" {name['version']}" if name["version"] else "")


def _deed(address: str) -> Licence | None:
    deed = _DEED.match(address.strip())
    if deed is None:
        return None
    if deed["free"]:
        zero = deed["free"].lower() == "zero"
        return Licence("CC0 1.0" if zero else PUBLIC_DOMAIN, address.strip())
    made = _commons(deed["code"], deed["version"], deed["land"])
    return Licence(made.name, address.strip())


def _commons(code: str, version: str | None, land: str | None) -> Licence:
    """A Creative Commons licence: its name, and the address where its version is known."""
    name = " ".join(filter(None, ["CC", code.upper(), version, land and land.upper()]))
    if version is None or len(version) > len("4.0"):
        return Licence(name)
    place = "/".join(filter(None, [code.lower(), version, land and land.lower()]))
    return Licence(name, f"https://creativecommons.org/licenses/{place}/")
