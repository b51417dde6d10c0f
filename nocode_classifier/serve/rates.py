"""How often each client may ask: a bucket of allowance that fills up steadily (token bucket)."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

CLIENTS = 10_000
"""How many are remembered; who has not asked for longest is forgotten first."""

SECONDS_IN_BUCKET = 6.0
"""A client may ask so many seconds' worth at once, such as a page that was opened in ten tabs."""


class Rates:
    """What each client has left. Not for several threads; the event loop is one."""

    def __init__(self, per_minute: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._a_second = per_minute / 60
        self._most = max(1.0, self._a_second * SECONDS_IN_BUCKET)
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, photos: int = 1) -> float:
        """Let a client ask about some photos.

        More at once than a bucket holds takes a full bucket, and leaves a debt.

        Returns:
            0 if it may; else the seconds after which it may, and nothing is taken.
        """
        if not self._a_second:
            return 0.0
        now = self._now()
        left, then = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - then) * self._a_second)
        needed = min(float(photos), self._most)
        allowed = left >= needed
        self._left[client] = (left - photos if allowed else left, now)
        while len(self._left) > CLIENTS:
            self._left.popitem(last=False)
        return 0.0 if allowed else (needed - left) / self._a_second


def client_of(peer: str, forwarded: str, proxies: int) -> str:
    """Who asks.

    Args:
        peer: the address that is connected.
        forwarded: the header X-Forwarded-For; each proxy adds who asked it on the right, and what
            stands further left was written by who knows whom.
        proxies: how many of them are ours.

    Returns:
        An address, of IPv6 only the part that names a network: one household has all the rest.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    client = hops[max(0, len(hops) - proxies)] if proxies and hops else peer
    try:
        number = ipaddress.ip_address(client)
    except ValueError:
        return client[:64]
    if isinstance(number, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((number, 64), strict=False))
    return str(number)


def is_this_computer(host: str) -> bool:
    """Whether a name or an address can only mean this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
