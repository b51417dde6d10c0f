"""Drawings of the page, kept as SVG files in `ui/drawings`."""

from __future__ import annotations

import functools
from pathlib import Path

_FOLDER = Path(__file__).parent / "drawings"


@functools.cache
def drawing(name: str) -> str:
    """The SVG of this name, to be put into HTML; without one, that of a camera."""
    path = _FOLDER / f"{name}.svg"
    if not path.is_file():
        path = _FOLDER / "no-photos.svg"
    return path.read_text(encoding="utf-8").replace("\n", "")
