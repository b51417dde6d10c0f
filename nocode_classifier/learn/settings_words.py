"""The settings of a training in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.backbone import BESIDE
from nocode_classifier.learn.backbones.registry import backbones_named
from nocode_classifier.learn.settings import Mode
from nocode_classifier.plurals import counted

MODES = {Mode.QUICK: "Usual", Mode.THOROUGH: "Fine-tuned", Mode.FULL: "Whole network"}


def mode_words(settings: Mapping[str, Any]) -> str:
    """How hard it tried."""
    try:
        return MODES[Mode(settings.get("mode", Mode.QUICK))]
    except ValueError:
        return str(settings["mode"])


def settings_words(settings: Mapping[str, Any]) -> str:
    """The rest of the settings: the network, and what only a tuned one has.

    Args:
        settings: as `Settings.to_json` gave them, or some of them.
    """
    key, size = str(settings.get("backbone", "")), settings.get("size")
    parts = [network_label(key)]
    if size and size != own_size(key):
        parts.append(f"{size} pixels")
    if settings.get("mode", Mode.QUICK) != Mode.QUICK:
        if epochs := settings.get("epochs"):
            parts.append(counted(epochs, "round"))
        if rate := settings.get("rate"):
            parts.append(f"pace {float(rate):.2g}")
        if settings.get("augmentation"):
            parts.append(
                "mirrored copies" if settings["augmentation"]["mirror"] else "no mirroring"
            )
    return " · ".join(part for part in parts if part)


def network_label(key: str) -> str:
    """What people call a network, or several; their name if this app does not know them."""
    try:
        return " + ".join(network.label for network in backbones_named(key))
    except InputError:
        return key


def own_size(key: str) -> int | None:
    """The side of the square a network was made for; None if this app does not know it."""
    try:
        return None if BESIDE in key else backbones_named(key)[0].own_size
    except InputError:
        return None
