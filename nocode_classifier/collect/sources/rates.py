"""What a service says about how often it may be asked: `Retry-After` and `X-RateLimit-…`.

Sources: RFC 9110, section 10.2.3; Openverse sends one pair of headers a limit, such as
`X-RateLimit-Limit-anon_burst: 20/min` and `X-RateLimit-Available-anon_burst: 19`; others send
`X-RateLimit-Remaining` and `X-RateLimit-Reset` (seconds, or a moment in Unix time).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PERIODS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
DAY = PERIODS["d"]
USUAL_PERIOD = 60.0

_LEFT = re.compile(r"x-ratelimit-(?:available|remaining)(?P<limit>-.+)?", re.IGNORECASE)
_RATE = re.compile(r"\d+\s*/\s*(?:\d+\s*)?(?P<period>[smhd])", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds until one may ask again; None where the service doesn't say."""
    told = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", told, re.ASCII):
        return min(float(told), DAY)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - (now or datetime.now(UTC))).total_seconds()), DAY)


def used_up(headers: Mapping[str, str], now: datetime | None = None) -> Iterator[tuple[str, float]]:
    """Every limit that leaves no further question.

    Yields:
        ("until", seconds) where the service names the moment, else ("within", seconds): the
        sliding period that its limit counts in.
    """
    for name, value in headers.items():
        left = _LEFT.fullmatch(name)
        if left is None or not re.fullmatch(r"\s*(?:0|-\d+)\s*", value):
            continue
        suffix = left["limit"] or ""
        if (reset := _until(headers.get(f"x-ratelimit-reset{suffix}", ""), now)) is not None:
            yield "until", reset
            continue
        rate = _RATE.match(headers.get(f"x-ratelimit-limit{suffix}", "").strip())
        yield "within", PERIODS[rate["period"].lower()] if rate else USUAL_PERIOD


def _until(told: str, now: datetime | None) -> float | None:
    if not re.fullmatch(r"\s*\d{1,11}(?:\.\d+)?\s*", told, re.ASCII):
        return None
    number = float(told)
    if number > 10 * DAY:
        number -= (now or datetime.now(UTC)).timestamp()
    return min(max(0.0, number), DAY)
