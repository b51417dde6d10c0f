"""A training's settings and times in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nocode_classifier.errors import InputError
from nocode_classifier.learn.backbones.backbone import backbone_named
from nocode_classifier.learn.settings import Mode

MODES = {Mode.QUICK: "Quick", Mode.THOROUGH: "Thorough", Mode.FULL: "Whole network"}


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
            parts.append(f"{epochs} {'round' if epochs == 1 else 'rounds'}")
        if rate := settings.get("rate"):
            parts.append(f"pace {float(rate):.2g}")
        if settings.get("augmentation"):
            parts.append(
                "mirrored copies" if settings["augmentation"]["mirror"] else "no mirroring"
            )
    return " · ".join(part for part in parts if part)


def network_label(key: str) -> str:
    """What people call a network; its key if this app does not know it."""
    try:
        return backbone_named(key).label
    except InputError:
        return key


def own_size(key: str) -> int | None:
    """The side of the square a network was made for; None if this app does not know it."""
    try:
        return backbone_named(key).own_size
    except InputError:
        return None


def duration(seconds: float) -> str:
    """A time it takes, as people say it."""
    if seconds < 1:
        return "under a second"
    if seconds < 90:
        whole = round(seconds) if seconds < 20 else 5 * round(seconds / 5)
        return f"{whole} {'second' if whole == 1 else 'seconds'}"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{seconds / 3600:.1f} hours"


def when(moment: datetime, now: datetime | None = None) -> str:
    """A moment of the past, as people say it, in this computer's time."""
    now = now or datetime.now(UTC)
    passed = (now - moment).total_seconds()
    if passed < 60:
        return "just now"
    if passed < 3600:
        minutes = round(passed / 60)
        return f"{minutes} {'minute' if minutes == 1 else 'minutes'} ago"
    local, today = moment.astimezone(), now.astimezone()
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return f"today at {clock}"
    if (today.date() - local.date()).days == 1:
        return f"yesterday at {clock}"
    return (
        f"{local.day} {local:%B} {local:%Y}" if passed > 3e7 else f"{local.day} {local:%B}, {clock}"
    )
