"""README.md of a Space: the settings that Hugging Face reads at its top, and the model card.

The settings are those of https://huggingface.co/docs/hub/spaces-config-reference.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from nocode_classifier.project.credits.credits import Credit
from nocode_classifier.share.hub.kinds import STATIC, SpaceKind
from nocode_classifier.share.model_card import model_card

MARK = "nocode-classifier"
"""The tag by which a Space is known to be made by this app, and may be written anew."""

APP_FILES = {"static": "index.html", "gradio": "app.py"}
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
"""The packages of a Space are pinned to the versions that were tried here, with this Python."""

LONGEST_DESCRIPTION = 60
_NOT_YAML = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LICENCES = {"apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0", "cc0-1.0"}

# A page may use several threads only where no other site shares its process.
_ISOLATED = {
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
}


def space_readme(
    card: Mapping[str, Any], title: str, kind: SpaceKind, credits: Sequence[Credit] = ()
) -> str:
    """README.md for a Space.

    Args:
        card: what is in the model's `card.json`.
        title: what the classifier is called.
        kind: how it is published.
        credits: of the photos it was learnt from.
    """
    settings = "".join(f"{key}: {_yaml(value)}\n" for key, value in _settings(card, title, kind))
    return f"---\n{settings}---\n\n{model_card(card, title, credits)}"


def _settings(card: Mapping[str, Any], title: str, kind: SpaceKind) -> list[tuple[str, Any]]:
    names = [str(entry["name"]) for entry in card["classes"]]
    licence = str(card.get("licence") or "").lower()
    settings: list[tuple[str, Any]] = [
        ("title", " ".join(title.split())),
        ("emoji", "🔎"),
        ("colorFrom", "yellow"),
        ("colorTo", "pink"),
        ("sdk", kind.sdk),
        ("app_file", APP_FILES[kind.sdk]),
        ("pinned", False),
        ("license", licence if licence in _LICENCES else "other"),
        ("short_description", _shortened(f"Tells apart {', '.join(names)}")),
        ("tags", [MARK, "image-classification"]),
    ]
    if kind is STATIC:
        return [*settings, ("custom_headers", _ISOLATED)]
    settings += [("python_version", PYTHON)]
    settings += [("sdk_version", found)] if (found := _gradio_version()) else []
    settings += [("suggested_hardware", kind.hardware)] if kind.hardware else []
    return settings


def _gradio_version() -> str | None:
    try:
        return version("gradio")
    except PackageNotFoundError:
        return None


def _shortened(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= LONGEST_DESCRIPTION else whole[: LONGEST_DESCRIPTION - 1] + "…"


def _yaml(value: object) -> str:
    """JSON is YAML, whatever someone called a class."""
    return _NOT_YAML.sub("", json.dumps(value, ensure_ascii=False))
