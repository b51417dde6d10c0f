"""Reading what a service answers: nothing is taken on trust, and nothing missing is an error.

Services change their fields without asking. A value that is missing or of another kind than it was
documented is unknown here, so the rest of the answer can still be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

LONGEST_TEXT = 500
LONGEST_ADDRESS = 4_000
LONGEST_MARKUP = 20_000
MOST_PIXELS_A_SIDE = 1_000_000
MOST_RECORDS = 1_000


def clean_text(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """A value as one line of plain text; None where there is none."""
    if not isinstance(value, str):
        return None
    # Half a surrogate pair is legal in JSON, but no text that can be stored.
    whole = value[: longest * 4].encode("utf-8", "ignore").decode("utf-8")
    line = " ".join("".join(c if c.isprintable() else " " for c in whole).split())
    return line[:longest].rstrip() or None


def web_address(value: object) -> str | None:
    """A value as an address on the web; None where it is none."""
    if not isinstance(value, str):
        return None
    address = value.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    if len(address) > LONGEST_ADDRESS or re.search(r"[\s\x00-\x1f\x7f<>\"\ud800-\udfff]", address):
        return None
    try:
        parts = urlsplit(address)
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return address if usable else None


def whole_number(value: object) -> int | None:
    """A value as a number from 0 on, also where it is written as text; None where it is none."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}\s*", value, re.ASCII):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < 1e9 else None


def pixels(value: object) -> int | None:
    """A value as a width or height; None where it can't be one."""
    number = whole_number(value)
    return number if number and number <= MOST_PIXELS_A_SIDE else None


@dataclass(frozen=True, slots=True)
class Record:
    """One object of an answer, read leniently; whatever isn't an object is an empty one."""

    value: object

    def get(self, key: str) -> object:
        """What is there, of whatever kind; None where there is nothing."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def has(self, key: str) -> bool:
        """Whether there is something of that name."""
        return self.get(key) is not None

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str | None:
        """One line of plain text."""
        return clean_text(self.get(key), longest)

    def address(self, key: str) -> str | None:
        """An address on the web."""
        return web_address(self.get(key))

    def number(self, key: str) -> int | None:
        """A number from 0 on."""
        return whole_number(self.get(key))

    def pixels(self, key: str) -> int | None:
        """A width or height."""
        return pixels(self.get(key))

    def record(self, key: str) -> Record:
        """An object inside this one."""
        return Record(self.get(key))

    def records(self, key: str) -> Iterator[Record]:
        """The objects of a list, or of an object that is keyed by anything; others are skipped."""
        inside = self.get(key)
        values = list(inside.values()) if isinstance(inside, dict) else inside
        for value in values[:MOST_RECORDS] if isinstance(values, list) else ():
            if isinstance(value, dict):
                yield Record(value)


def without_tags(markup: str | None) -> str | None:
    """The text of a piece of HTML, as it is read on a page."""
    if markup is None:
        return None
    reader = _TextOnly()
    reader.feed(markup[:LONGEST_MARKUP])
    reader.close()
    return clean_text("".join(reader.parts), LONGEST_TEXT)


class _TextOnly(HTMLParser):
    """Keeps the text of a page and drops what no reader sees."""

    UNSEEN = ("script", "style")
    APART = frozenset({"br", "p", "div", "li", "td"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in self.UNSEEN
        self._divide(tag)

    def _divide(self, tag: str) -> None:
        if tag in self.APART:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._divide(tag)
        self._unseen = max(0, self._unseen - (tag in self.UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)
