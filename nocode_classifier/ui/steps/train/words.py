"""The times of a training in words."""

from __future__ import annotations

from datetime import UTC, datetime

from nocode_classifier.plurals import counted


def duration(seconds: float) -> str:
    """A time it takes, as people say it."""
    if seconds < 1:
        return "under a second"
    if seconds < 90:
        whole = round(seconds) if seconds < 20 else 5 * round(seconds / 5)
        return counted(whole, "second")
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{seconds / 3600:.1f} hours"


def when(moment: datetime, now: datetime | None = None) -> str:
    """A moment of the past, as people say it, in this computer's time."""
    now = now or datetime.now(UTC)
    passed = (now - moment).total_seconds()
    if passed < 60:
        return "just now"
    if passed < 3600:
        return f"{counted(round(passed / 60), 'minute')} ago"
    local, today = moment.astimezone(), now.astimezone()
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return f"today at {clock}"
    if (today.date() - local.date()).days == 1:
        return f"yesterday at {clock}"
    return (
        f"{local.day} {local:%B} {local:%Y}" if passed > 3e7 else f"{local.day} {local:%B}, {clock}"
    )
