"""What the predict-only app allows, and how much."""

from __future__ import annotations

from dataclasses import dataclass

from nocode_classifier.collect.door import Limits
from nocode_classifier.serve.options import PER_MINUTE

MEGABYTE = 1_000_000

PHOTO_LIMITS = Limits(
    max_bytes=20 * MEGABYTE, max_pixels=50_000_000, memory=200 * MEGABYTE, work=600_000_000
)
"""A free host has 512 MB. Besides the app, 200 are enough for a PNG of 50 million pixels, a WebP of
12; JPEGs of phones may have 200 million, as they are decoded at a fraction."""

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
        only_here: answer to names of this computer alone, so that no website can pretend to be it.
        limits: how big a photo may be.
        batch_bytes: how big all photos of a batch may be together.
        held_bytes: how much of what clients send is held at once; more is asked to come later.
        waiting: photos that may wait for their turn; more are asked to come later.
        seconds: for sending a request, and for fetching a link.
    """

    key: str | None = None
    origins: tuple[str, ...] = ()
    per_minute: int = PER_MINUTE
    proxies: int = 0
    only_here: bool = False
    limits: Limits = PHOTO_LIMITS
    batch_bytes: int = 60 * MEGABYTE
    held_bytes: int = 150 * MEGABYTE
    waiting: int = 200
    seconds: float = 30.0
