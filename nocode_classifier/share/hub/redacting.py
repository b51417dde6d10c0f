"""Takes tokens out of texts that are shown or logged."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\b(?:hf|xet|api_org)_[A-Za-z0-9_-]{8,}")


def without_tokens(text: str, token: str | None = None) -> str:
    """A text in which nobody can read a token.

    Args:
        text: whatever it is.
        token: one that is known; others are recognised by how they begin.
    """
    if token:
        text = text.replace(token, "***")
    return _TOKEN.sub("***", text)
