"""What a Space may be called."""

from __future__ import annotations

import re
import unicodedata

from nocode_classifier.errors import InputError

LONGEST = 96
_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)


def space_name(title: str) -> str:
    """A good name for a Space, made from the name of a project ("Hot dog or not?")."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return name or "my-classifier"


def check_name(name: str, owner: str | None = None) -> str:
    """The full name of a Space, "owner/name".

    Args:
        name: as it was typed: with or without the owner.
        owner: whose it is when the name doesn't say.

    Raises:
        InputError: Hugging Face allows no such name; the sentence says what it allows.
    """
    full = name.strip().strip("/")
    full = re.sub(r"^https?://[^/]+/spaces/", "", full)
    if "/" not in full:
        if owner is None:
            raise InputError(f"Say whose Space it is: YOUR-NAME/{full or 'SPACE'}.")
        full = f"{owner}/{full}"
    parts = full.split("/")
    if len(parts) != 2 or not all(_is_allowed(part) for part in parts):
        raise InputError(
            f"'{name}' can't be the name of a Space. Use letters without accents, digits and "
            "single hyphens, dots or underscores, as in ada/hot-dog-or-not."
        )
    return full


def _is_allowed(part: str) -> bool:
    return (
        len(part) <= LONGEST
        and bool(_PART.fullmatch(part))
        and "--" not in part
        and ".." not in part
        and not part.endswith(".git")
    )
