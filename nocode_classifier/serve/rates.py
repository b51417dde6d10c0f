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

WRONG_KEYS = 10
"""That a client may try at once; as many come back in a minute."""


class Rates:
    """What each client has left. Not for several threads; the event loop is one."""

    def __init__(
        self,
        per_minute: int,
        at_once: float | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._a_second = per_minute / 60
        self._most = at_once or max(1.0, self._a_second * SECONDS_IN_BUCKET)
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, photos: int = 1) -> float:
        """Let a client ask about some photos.

        More at once than a bucket holds takes a full bucket, and leaves a debt.

        Returns:
            0 if it may; else the seconds after which it may, and nothing is taken.
        """
        wait = self.wait(client, photos)
        if self._a_second and not wait:
            self._left[client] = (self._left_to(client) - photos, self._now())
            self._left.move_to_end(client)
            while len(self._left) > CLIENTS:
                self._left.popitem(last=False)
        return wait

    def wait(self, client: str, photos: int = 1) -> float:
        """Seconds after which a client may, 0 if it may now; takes nothing."""
        lacking = min(float(photos), self._most) - self._left_to(client)
        return lacking / self._a_second if self._a_second and lacking > 0 else 0.0

    def _left_to(self, client: str) -> float:
        now = self._now()
        left, then = self._left.get(client, (self._most, now))
        return min(self._most, left + (now - then) * self._a_second)


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
