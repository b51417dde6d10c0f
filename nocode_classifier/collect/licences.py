"""What one may do with a photo, as far as its source claims to know."""

from __future__ import annotations

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
