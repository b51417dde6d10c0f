"""Why a photo that was found on the web did not come into the project, as a word to count by."""

from __future__ import annotations

from enum import StrEnum


class Skip(StrEnum):
    """A reason; its value is what the project's database keeps, so values never change."""

    KNOWN = "known"
    NEAR_COPY = "near copy"
    OTHER_CLASS = "other class"
    TAKEN_DOWN = "taken down"
    LICENCE = "licence"
    NO_AI = "no ai"
    TOO_SMALL = "too small"
    TOO_BIG = "too big"
    GRAPHIC = "graphic"
    PLACEHOLDER = "placeholder"
    NOT_A_PHOTO = "not a photo"
    DAMAGED = "damaged"
    GONE = "gone"
    REFUSED = "refused"
    BUSY = "busy"
    SERVER_ERROR = "server error"
    TOO_SLOW = "too slow"
    UNREACHABLE = "unreachable"
    NOT_SECURE = "not secure"
    REDIRECTS = "redirects"
    PRIVATE = "private address"
    BAD_ADDRESS = "bad address"

    @property
    def words(self) -> str:
        """What a list of reasons says after the number: "12 already here"."""
        return _WORDS[self]


_WORDS = {
    Skip.KNOWN: "already here",
    Skip.NEAR_COPY: "nearly the same as one that is here",
    Skip.OTHER_CLASS: "already in another class",
    Skip.TAKEN_DOWN: "taken down",
    Skip.LICENCE: "without the licence you asked for",
    Skip.NO_AI: "whose site does not want them used for AI",
    Skip.TOO_SMALL: "too small",
    Skip.TOO_BIG: "too big",
    Skip.GRAPHIC: "logos or drawings",
    Skip.PLACEHOLDER: "“no image” placeholders",
    Skip.NOT_A_PHOTO: "web pages or other files, not photos",
    Skip.DAMAGED: "damaged or cut off",
    Skip.GONE: "no longer there",
    Skip.REFUSED: "not given away by their site",
    Skip.BUSY: "on sites that were too busy",
    Skip.SERVER_ERROR: "on sites with an error of their own",
    Skip.TOO_SLOW: "that took too long",
    Skip.UNREACHABLE: "that could not be reached",
    Skip.NOT_SECURE: "on sites whose certificate is wrong",
    Skip.REDIRECTS: "sent from one address to the next",
    Skip.PRIVATE: "inside a private network",
    Skip.BAD_ADDRESS: "with an unusable address",
}
