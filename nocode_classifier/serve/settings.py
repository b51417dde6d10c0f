"""What the predict-only app allows, and how much."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nocode_classifier.collect.photo_check import LIMITS, Limits
from nocode_classifier.own_pages import Names
from nocode_classifier.serve.options import PER_MINUTE

MEGABYTE = 1_000_000

PHOTO_LIMITS = replace(LIMITS, memory=200 * MEGABYTE, work=600_000_000)
"""As in the app, but for memory: a free host has 512 MB, of which this app takes some 220 and one
photo at most 200: a PNG of 50 million pixels, a WebP of 12; JPEGs are decoded at a fraction."""

PHOTOS_AT_ONCE = 20
"""In one batch."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the app is served.

    Attributes:
        key: who asks has to know it; None lets everyone ask.
        origins: websites whose pages may ask, such as "https://example.org"; "*" for all.
        per_minute: photos a client may ask about in a minute; 0 for as many as it likes. This
            computer itself may always.
        proxies: how many servers stand between this one and its clients; the client's address is
            then taken from the header X-Forwarded-For that they write.
        names: under which it answers, so that no website can pretend to be it; None for any, where
            a server in front of it was asked for another.
        limits: how big a photo may be.
        batch_bytes: how big all photos of a batch may be together.
        held_bytes: how much of what clients send is held at once; more is asked to come later.
        waiting, big_waiting: photos that may wait for their turn, and very big ones; more are asked
            to come later.
        patience: seconds that a photo waits for its turn before it is asked to come later.
        seconds: for sending a request, and for fetching a link.
    """

    key: str | None = None
    origins: tuple[str, ...] = ()
    per_minute: int = PER_MINUTE
    proxies: int = 0
    names: Names | None = None
    limits: Limits = PHOTO_LIMITS
    batch_bytes: int = 60 * MEGABYTE
    held_bytes: int = 80 * MEGABYTE
    waiting: int = 200
    big_waiting: int = 4
    patience: float = 20.0
    seconds: float = 30.0
