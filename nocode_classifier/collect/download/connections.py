"""Connections that only ever lead to where links may lead.

httpcore keeps connections by the name of the server and lets us make them: each goes to a number
that was judged a moment before, while the certificate has to be for the name. So one that is used
again is safe as well.

**Through a proxy** the same holds: we look the name up here, judge the numbers, and ask the proxy
for a tunnel to the number (CONNECT 93.184.215.14:443), for http as well as for https. Asking it for
the name would let it look the name up again, from inside a network that may hold more than ours.
Three cases are different:

- Many proxies allow tunnels for https alone. An http address is then asked for by https instead.
- Some refuse tunnels to numbers. For https the proxy is then asked for the name, which was judged
  here: should it mean another place to the proxy, that one can't have the certificate, and so it
  never gets a request.
- On some networks only the proxy can look names up. That is so when names which always exist are
  not found here; a single name that is not found here is simply not there. Then the proxy is asked
  for the name: it alone can know what the name means, and its own rules have to hold. Numbers, and
  names that say themselves that they are inside (printer.local, intranet), are refused even then.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from nocode_classifier.collect.download.addresses import (
    inside,
    is_inside_name,
    is_public,
    judged_numbers,
)
from nocode_classifier.collect.download.backends import (
    CheckedBackend,
    Tunnelled,
    UncheckedBackend,
    look_up,
)
from nocode_classifier.collect.download.outcomes import Trouble
from nocode_classifier.collect.skips import Skip

if TYPE_CHECKING:
    from nocode_classifier.collect.download.rules import WebRules

KNOWN_NAMES = ("example.com", "www.wikipedia.org", "www.google.com")
KEEP_SECONDS = 15.0


class Connections:
    """All connections of a batch of downloads: direct ones, and those through each proxy."""

    def __init__(self, rules: WebRules) -> None:
        self._rules = rules
        self._pools: dict[tuple[str, str, str], httpcore.AsyncConnectionPool] = {}
        self._refused: set[tuple[str, int]] = set()
        self._by_name: dict[str, bool] = {}
        self._finds_names: bool | None = None

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Read on first use, which takes a moment."""
        return self._rules.certificates or httpx.create_ssl_context()

    async def pool_for(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        """What to send a request for this address with.

        Raises:
            Trouble: it leads where links may not lead, or nowhere.
        """
        host = url.raw_host.decode("ascii")
        port = url.port or (443 if url.scheme == "https" else 80)
        address = self._rules.proxies.address_for(url.scheme, host, port)
        if address is None:
            return self._pool("direct", url.scheme, "")
        by_name = await self._is_only_known_to_proxy(host, port)
        if url.scheme == "https" and (host, port) in self._refused:
            await look_up(host, port, self._rules)
            by_name = True
        return self._pool("by name" if by_name else "tunnel", url.scheme, address)

    def instead_of(self, url: httpx.URL) -> httpx.URL | None:
        """What to ask for after the proxy refused a tunnel to the number; None for nothing."""
        if url.scheme == "http":
            return url.copy_with(scheme="https") if url.port is None else None
        self._refused.add((url.raw_host.decode("ascii"), url.port or 443))
        return url

    def _pool(self, way: str, scheme: str, address: str) -> httpcore.AsyncConnectionPool:
        key = (way, scheme, address)
        if key not in self._pools:
            self._pools[key] = self._make(*key)
        return self._pools[key]

    def _make(self, way: str, scheme: str, address: str) -> httpcore.AsyncConnectionPool:
        trusted = self._trusted if scheme == "https" else None
        if way == "direct":
            return self._keep(CheckedBackend(self._rules), trusted)
        proxy = _proxy(address)
        to_proxy = self._trusted if proxy.url.scheme == b"https" else None
        if way == "tunnel":
            return self._keep(Tunnelled(self._rules, proxy, to_proxy), trusted)
        return httpcore.AsyncHTTPProxy(
            proxy.url,
            proxy_headers=proxy.headers,
            ssl_context=trusted,
            proxy_ssl_context=to_proxy,
            max_connections=2 * self._rules.at_once,
            max_keepalive_connections=self._rules.at_once,
            keepalive_expiry=KEEP_SECONDS,
            network_backend=UncheckedBackend(),
        )

    def _keep(
        self, backend: CheckedBackend, trusted: ssl.SSLContext | None
    ) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=trusted,
            max_connections=2 * self._rules.at_once,
            max_keepalive_connections=self._rules.at_once,
            keepalive_expiry=KEEP_SECONDS,
            network_backend=backend,
        )

    async def _is_only_known_to_proxy(self, host: str, port: int) -> bool:
        """Whether a name means nothing here because this network leaves names to its proxy."""
        if host not in self._by_name:
            try:
                await look_up(host, port, self._rules)
            except Trouble as trouble:
                if trouble.skipped.reason is Skip.PRIVATE or await self._can_find_names():
                    raise
                if is_inside_name(host):
                    raise inside(host) from trouble
                self._by_name[host] = True
            else:
                self._by_name[host] = False
        return self._by_name[host]

    async def _can_find_names(self) -> bool:
        """Whether this computer can look up names of the internet at all."""
        if self._finds_names is None:
            self._finds_names = await self._finds_any(KNOWN_NAMES)
        return self._finds_names

    async def _finds_any(self, names: Iterable[str]) -> bool:
        for name in names:
            with suppress(Trouble):
                await judged_numbers(name, 443, look_up=self._rules.look_up, may_connect=is_public)
                return True
        return False

    async def aclose(self) -> None:
        """Close all."""
        for pool in self._pools.values():
            await pool.aclose()


def _proxy(address: str) -> httpcore.Proxy:
    """A proxy by its address, its password taken out of it.

    Raises:
        Trouble: it is of a kind that can't be used.
    """
    unusable = Trouble(
        Skip.UNREACHABLE,
        "The proxy set in the environment can't be used: set HTTP_PROXY and HTTPS_PROXY to an "
        "address that begins with http://.",
        alive=False,
    )
    try:
        parts = urlsplit(address)
        bare = httpx.URL(address).copy_with(userinfo=b"", path="/", query=None, fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise unusable from error
    if bare.scheme not in {"http", "https"} or not bare.host:
        raise unusable
    name, password = (unquote(part or "").encode() for part in (parts.username, parts.password))
    return httpcore.Proxy(str(bare), auth=(name, password) if name else None)
