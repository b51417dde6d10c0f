"""What people may call their projects and classes, and what texts of strangers are cut to."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from nocode_classifier.errors import InputError

LONGEST = 255
"""Characters; as long as a folder's name can be, so that every class folder can be taken in."""

LONGEST_TEXT = 1000
LONGEST_ADDRESS = 4000
"""Characters of what the web says about a photo; a project file carries no more."""

_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
# These turn the direction of the text after them and can make a name read as another.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_name(name: str, what: str) -> str:
    """Trim a name and bring it into one Unicode form (NFC).

    Args:
        name: as a person typed it.
        what: "project" or "class", for the sentence.

    Raises:
        InputError: it is empty, too long or holds control characters.
    """
    cleaned = unicodedata.normalize("NFC", name).strip()
    if any(unicodedata.category(c) in _UNSEEN or c in _TURNING for c in cleaned):
        raise InputError(
            f"The name of a {what} can't hold line breaks or control characters. Type it again."
        )
    if not any(unicodedata.category(c)[0] not in "CZ" for c in cleaned):
        raise InputError(f"Give the {what} a name.")
    if len(cleaned) > LONGEST:
        raise InputError(
            f"This name has {len(cleaned)} characters. Choose one with at most {LONGEST}."
        )
    return cleaned


def comparing_key(name: str) -> str:
    """The form in which two names are the same: case, Unicode form and spaces don't count."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", folded).strip())


def file_name(name: str) -> str:
    """A file name, good on every system, that a person recognises as `name`."""
    kept = "".join(c if c.isalnum() or c in " -_()" else "_" for c in name)
    # Windows reserves names such as CON and NUL and drops dots and spaces at the end.
    kept = kept.strip(" _")[:60].strip(" _") or "project"
    reserved = re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", kept)
    return f"{kept}_" if reserved else kept


def with_ending(path: Path, ending: str) -> Path:
    """The path, whose name ends so, in whatever case; else the ending is added."""
    ends = path.name.lower().endswith(ending.lower())
    return path if ends else path.with_name(path.name + ending)


def storable(text: str) -> str:
    """The text without halves of characters, which no file and no database can hold."""
    return text.encode("utf-8", "replace").decode()


def short_text(text: str | None) -> str | None:
    """What someone on the web wrote, on one line and not endless; None when nothing is left."""
    if text is None:
        return None
    seen = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in storable(text))
    return re.sub(r"\s+", " ", seen).strip()[:LONGEST_TEXT].strip() or None


def web_address(text: str | None) -> str | None:
    """An address of the web as it was given, or None: the page makes links of these."""
    if text is None or not text.lower().startswith(("http://", "https://")):
        return None
    if len(text) > LONGEST_ADDRESS or any(unicodedata.category(c) in _UNSEEN for c in text):
        return None
    return text
