"""What to search the web for, and how far each search has come, as rows of an open connection."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nocode_classifier.errors import InputError
from nocode_classifier.project.names import comparing_key, short_text
from nocode_classifier.project.tables.classes import find_class

LICENCES = ("any", "reuse", "change", "commercial")
"""What one must be allowed to do with photos; the values of `collect.licences.LicenceChoice`."""

MOST_WORDS, LONGEST_WORDS = 20, 200
MOST_SOURCES = 50
MOST_WANTED = 10_000
DEFAULT_COUNT = 100

_SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """What a person wants found for a class.

    Attributes:
        words: phrases to search for; () for the name of the class.
        sources: keys of the places to search; () for the usual ones.
        licence: one of `LICENCES`.
        count: photos the class should have in the end, those it has included.
        photos_only: leave drawings, logos and clip art out.
    """

    words: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    licence: str = "any"
    count: int = DEFAULT_COUNT
    photos_only: bool = True


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """How far one search has come.

    Attributes:
        next: what to give the source for the next page; None at the beginning and at the end.
        exhausted: the source has no more.
        asked: it was asked before.
    """

    next: str | None = None
    exhausted: bool = False
    asked: bool = False


def checked_search_settings(search_settings: SearchSettings) -> SearchSettings:
    """The settings tidied: phrases on one line, none twice.

    Raises:
        InputError: something can't be searched for.
    """
    words = _without_repeats(short_text(phrase) or "" for phrase in search_settings.words)
    if len(words) > MOST_WORDS or any(len(phrase) > LONGEST_WORDS for phrase in words):
        raise InputError(
            f"Search for {MOST_WORDS} phrases with {LONGEST_WORDS} characters each at most."
        )
    sources = tuple(dict.fromkeys(search_settings.sources))
    if len(sources) > MOST_SOURCES or not all(_SOURCE.fullmatch(key) for key in sources):
        raise InputError("One of the places to search is not known. Choose among those listed.")
    if search_settings.licence not in LICENCES:
        raise InputError(
            f"There is no licence choice '{search_settings.licence}'. "
            f"Choose one of: {', '.join(LICENCES)}."
        )
    if not 1 <= search_settings.count <= MOST_WANTED:
        raise InputError(f"Ask for 1 to {MOST_WANTED:,} photos of a class.")
    return replace(search_settings, words=words, sources=sources)


def read_search_settings(connection: sqlite3.Connection, class_id: int) -> SearchSettings:
    """What is wanted for a class; the usual where nobody said.

    Raises:
        NotFound: there is no such class.
    """
    find_class(connection, class_id, removed_too=True)
    row = connection.execute(
        "SELECT * FROM search_wishes WHERE class_id = ?", (class_id,)
    ).fetchone()
    if row is None:
        return SearchSettings()
    return SearchSettings(
        words=tuple(json.loads(row["words"])),
        sources=tuple(json.loads(row["sources"])),
        licence=row["licence"],
        count=row["count"],
        photos_only=bool(row["photos_only"]),
    )


def write_search_settings(
    connection: sqlite3.Connection, class_id: int, search_settings: SearchSettings
) -> None:
    """Replace what is wanted for a class.

    Raises:
        InputError: something can't be searched for.
        NotFound: there is no such class.
    """
    checked = checked_search_settings(search_settings)
    find_class(connection, class_id)
    connection.execute(
        "INSERT OR REPLACE INTO search_wishes"
        " (class_id, words, sources, licence, count, photos_only) VALUES (?, ?, ?, ?, ?, ?)",
        (
            class_id,
            json.dumps(checked.words, ensure_ascii=False),
            json.dumps(checked.sources),
            checked.licence,
            checked.count,
            int(checked.photos_only),
        ),
    )


def read_place(
    connection: sqlite3.Connection, class_id: int, source: str, words: str, licence: str
) -> SearchPlace:
    """How far a search has come."""
    row = connection.execute(
        "SELECT next FROM search_places"
        " WHERE class_id = ? AND source = ? AND words = ? AND licence = ?",
        (class_id, source, words, licence),
    ).fetchone()
    if row is None:
        return SearchPlace()
    return SearchPlace(next=row["next"], exhausted=row["next"] is None, asked=True)


def _without_repeats(phrases: Iterable[str]) -> tuple[str, ...]:
    """Those that say something, each once, whatever its case."""
    by_key = {comparing_key(phrase): phrase for phrase in reversed(tuple(phrases)) if phrase}
    return tuple(reversed(by_key.values()))
