"""What every download has to keep to."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from nocode_classifier.collect.download.addresses import (
    LookUp,
    MayConnect,
    is_public,
    system_look_up,
)
from nocode_classifier.collect.download.proxies import Proxies
from nocode_classifier.collect.photo_check import Limits

REDIRECTS = 5

WEB_LIMITS = Limits(max_bytes=15_000_000)
"""Photos on web pages are far smaller; who wants a bigger one downloads it by hand."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take for what, in seconds.

    Attributes:
        connect: to be connected to, secured where it is https.
        answer: to send all of its headers, and later on to send nothing.
        span: over so long a time, on average it must send
        least: so many bytes a second.
        rest: we wait so long at most when a server asks us to come back later.
    """

    connect: float = 8.0
    answer: float = 6.0
    span: float = 4.0
    least: float = 1000.0
    rest: float = 30.0


@dataclass(frozen=True, slots=True)
class WebRules:
    """What every download has to keep to.

    Attributes:
        limits: how big a photo may be; only its bytes are judged here, the rest by the photo check.
        seconds: for one address in all, redirects included, waiting for one's turn not.
        may_connect: judges the numbers a name stands for; tests let their own computer pass.
        certificates: those to trust; those of SSL_CERT_FILE or the usual ones by default.
        user_agent: who asks; `identity.user_agent()` by default.
        respect_noai: leave out what a server does not want to be used for AI.
        per_host: so many requests at once at most to one server.
        at_once: so many requests at once at most in all.
        proxies: those of the environment by default.
        patience: how long a server may take for what.
        look_up: what a name stands for.
        memory: bytes held at once, give or take one photo; what was fetched and not yet taken
            counts as well.
    """

    limits: Limits = WEB_LIMITS
    seconds: float = 20.0
    may_connect: MayConnect = is_public
    certificates: ssl.SSLContext | None = None
    user_agent: str | None = None
    respect_noai: bool = True
    per_host: int = 4
    at_once: int = 16
    proxies: Proxies = field(default_factory=Proxies.from_environment)
    patience: Patience = Patience()
    look_up: LookUp = system_look_up
    memory: int = 48_000_000
