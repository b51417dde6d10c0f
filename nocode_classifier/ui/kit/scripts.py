"""The scripts and style sheets of the page's parts, kept in files of their own."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nocode_classifier.project.records import ClassLabel
from nocode_classifier.ui.theme import class_colour

_FOLDER = Path(__file__).parent.parent


def text_of(*names: str) -> str:
    """These style sheets of `ui`, such as "kit/parts.css", one after the other."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)


@functools.cache
def modules() -> Mapping[str, bytes]:
    """The JavaScript of `ui` as it was at the first call, by its path, such as "kit/dom.js"."""
    found = sorted(_FOLDER.rglob("*.js"))
    return {path.relative_to(_FOLDER).as_posix(): path.read_bytes() for path in found}


@functools.cache
def modules_version() -> str:
    """Another one as soon as any module is another one: so a browser may keep them for ever."""
    told = hashlib.sha256()
    for path, content in modules().items():
        told.update(f"{path}\n{len(content)}\n".encode() + content)
    return told.hexdigest()[:12]


def module_address(path: str) -> str:
    """Where a module is served (ui/routes/modules.py)."""
    if path not in modules():
        raise KeyError(path)
    return f"/modules/{modules_version()}/{path}"


def class_value(label: ClassLabel, count: int = 0) -> dict[str, Any]:
    """A class as the scripts know it."""
    colour = class_colour(label.colour)
    return {
        "id": label.id,
        "name": label.name,
        "colour": colour.fill,
        "ink": colour.text,
        "count": count,
    }
