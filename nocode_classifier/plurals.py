"""Counts as people say them."""

from __future__ import annotations


def counted(count: int, one: str, several: str = "") -> str:
    """A count and what is counted: "1 photo", "1,200 photos".

    Args:
        count: from 0 on.
        one: what follows a 1.
        several: what follows another number, where it is not the same with an s.
    """
    return f"1 {one}" if count == 1 else f"{count:,} {several or f'{one}s'}"
