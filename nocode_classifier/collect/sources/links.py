"""A list of links as a person has it: pasted text, a text file, or a table with a line of headers.

Any web address in a text is taken. In a table (CSV with commas, semicolons or tabs) the headers say
what is what: `address` or `url`, `page`, `title`, `licence` or `license`, `creator` or `author`,
and `class`, which puts a photo into the class of that name. The credits this app writes can be
read back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nocode_classifier.collect.licences import licence
from nocode_classifier.collect.sources.reading import clean_text, pixels, web_address
from nocode_classifier.collect.sources.source import Found
from nocode_classifier.errors import InputError

KEY = "link"
"""What is noted as the source of a photo from a list."""

LARGEST_FILE = 20_000_000
MOST_LINKS = 20_000
LONGEST_CLASS_NAME = 100
DELIMITERS = ",;\t"

COLUMNS = {
    "address": (
        "address url image image_url image_address image_link img link photo photo_url picture src "
        "original_url"
    ),
    "page": "page page_url page_address landing_page foreign_landing_url website site",
    "title": "title name caption description",
    "licence": "licence license",
    "licence_address": "licence_address license_address licence_url license_url",
    "creator": "creator author photographer artist owner",
    "class": "class class_name classname label category",
    "width": "width",
    "height": "height",
}
"""Headers by what they mean, in the order of trust; small letters, with _ between words."""

_ADDRESS = re.compile(r"https?://(?:(?![,;|]https?://)[^\s\"'<>\\`“”„«»])+", re.IGNORECASE)
_NEXT_CELL = re.compile(
    r"(?:(?<=\.jpg)|(?<=\.png)|(?<=\.gif)|(?<=\.bmp)|(?<=\.tif)|(?<=\.jpeg)|(?<=\.webp)|"
    r"(?<=\.avif)|(?<=\.heic)|(?<=\.tiff))[,;|].*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link of a list.

    Attributes:
        found: the photo, with all that the list says of it.
        class_name: the class the list puts it into, or None.
    """

    found: Found
    class_name: str | None = None


def read_links(text: str) -> tuple[ListedLink, ...]:
    """The links in a text or table, each once for each class.

    Raises:
        InputError: there is none, or there are far too many.
    """
    plain = text.removeprefix("\ufeff")
    links: dict[tuple[str, str | None], ListedLink] = {}
    for link in _of_table(plain) or _of_text(plain):
        links.setdefault((link.found.address, link.class_name), link)
        if len(links) > MOST_LINKS:
            raise InputError(f"These are more than {MOST_LINKS:,} links: take them in parts.")
    if not links:
        raise InputError(
            "There is no link in this list: an address begins with http:// or https:// and stands "
            "on a line of its own, or in a column called address."
        )
    return tuple(links.values())


def read_link_file(path: Path) -> tuple[ListedLink, ...]:
    """The links in a text or CSV file.

    Raises:
        InputError: it can't be read, is no text, or holds no link.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{path.name} is too big for a list of links: take it in parts.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} can't be read: {error.strerror or error}.") from error
    return read_links(decoded(data, path.name))


def decoded(data: bytes, name: str) -> str:
    """The text of a file, whichever program wrote it.

    Raises:
        InputError: it is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        raise InputError(f"{name} is no text: a list of links is a .txt or .csv file.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # What spreadsheets on Windows write; the links themselves are plain letters anyway.
        return data.decode("cp1252", "replace")


def _of_text(text: str) -> Iterator[ListedLink]:
    for match in _ADDRESS.finditer(text):
        if address := web_address(_trimmed(match[0])):
            yield ListedLink(Found(address, KEY))


def _trimmed(address: str) -> str:
    """An address without what belongs to the text around it."""
    alone = _NEXT_CELL.sub("", address.replace("&amp;", "&"))
    while alone and (alone[-1] in ".,;:!?|*_" or _closes_nothing(alone)):
        alone = alone[:-1]
    return alone


def _closes_nothing(address: str) -> bool:
    """Whether it ends with a bracket that was opened before it began: "(see http://…/a.jpg)"."""
    last = address[-1]
    opening = {")": "(", "]": "[", "}": "{"}.get(last)
    return opening is not None and address.count(opening) < address.count(last)


def _of_table(text: str) -> list[ListedLink]:
    """The links of a table; none where the first line names no column of addresses."""
    # Spreadsheets may say in a line of its own what stands between two columns.
    table = re.sub(r"^\s*(?:sep=.\s*)?", "", text, count=1)
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(table, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        places = _columns(rows[0]) if rows else {}
        if "address" in places:
            listed = (_of_row(row, places) for row in rows[1:])
            return [link for link in listed if link is not None]
    return []


def _columns(headers: Sequence[str]) -> dict[str, int]:
    """Where each kind of value stands; the first header that a kind is known by wins."""
    names = [re.sub(r"[^a-z]+", "_", header.casefold()).strip("_") for header in headers]
    places = {}
    for kind, known in COLUMNS.items():
        there = [names.index(name) for name in known.split() if name in names]
        if there:
            places[kind] = there[0]
    return places


def _of_row(row: Sequence[str], places: dict[str, int]) -> ListedLink | None:
    cells = {kind: row[place].strip() for kind, place in places.items() if place < len(row)}
    address = web_address(cells.get("address"))
    if address is None:
        return None
    claim = licence(_told(cells.get("licence")), address=web_address(cells.get("licence_address")))
    return ListedLink(
        Found(
            address=address,
            source=KEY,
            page=web_address(cells.get("page")),
            title=_told(cells.get("title")),
            width=pixels(cells.get("width")),
            height=pixels(cells.get("height")),
            licence=claim.name,
            licence_address=claim.address,
            creator=_told(cells.get("creator")),
        ),
        clean_text(_told(cells.get("class")), LONGEST_CLASS_NAME),
    )


def _told(cell: str | None) -> str | None:
    """What a cell says; "unknown" says nothing, and an apostrophe only keeps a formula away."""
    told = clean_text(cell)
    if told is None or told.casefold() in {"unknown", "none", "n/a", "-"}:
        return None
    return told[1:] if told[0] == "'" and told[1:2] in {"=", "+", "-", "@"} else told
