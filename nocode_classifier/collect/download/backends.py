"""Making connections: to judged numbers, directly or through a proxy. See `connections`."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpcore

from nocode_classifier.collect.download.addresses import Address, judged_numbers, not_found

if TYPE_CHECKING:
    from nocode_classifier.collect.download.rules import WebRules

SECONDS_BEFORE_THE_NEXT = 2.5
"""A name with several numbers is given so long at each but the last."""


class ProxyRefused(Exception):
    """The proxy did not make the tunnel that it was asked for."""


class ClosingStream(httpcore.AsyncNetworkStream):
    """A connection that is closed also when someone loses patience while it is being secured."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came, at most so many bytes."""
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close it."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Secure it."""
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know of the socket."""
        return self._stream.get_extra_info(info)


class UncheckedBackend(httpcore.AnyIOBackend):
    """Connects to where it is told; for proxies alone."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a number, or to the proxy."""
        return ClosingStream(
            await super().connect_tcp(host, port, timeout, local_address, socket_options)
        )


class CheckedBackend(UncheckedBackend):
    """Connects to the judged numbers of a name, one after the other."""

    def __init__(self, rules: WebRules) -> None:
        self._rules = rules

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look the name up, judge, connect.

        Raises:
            Trouble: it leads where links may not lead, or nowhere.
        """
        numbers = await look_up(host, port, self._rules)
        for number in numbers[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout, ProxyRefused):
                return await self._connect(number, port, SECONDS_BEFORE_THE_NEXT)
        return await self._connect(numbers[-1], port, timeout)

    async def _connect(
        self, number: Address, port: int, timeout: float | None
    ) -> httpcore.AsyncNetworkStream:
        return await super().connect_tcp(str(number), port, timeout)


class Tunnelled(CheckedBackend):
    """Connects to the judged numbers of a name through a proxy."""

    def __init__(
        self, rules: WebRules, proxy: httpcore.Proxy, trusted: ssl.SSLContext | None
    ) -> None:
        super().__init__(rules)
        self._proxy = proxy
        self._trusted = trusted
        self._to_proxy = UncheckedBackend()

    async def _connect(
        self, number: Address, port: int, timeout: float | None
    ) -> httpcore.AsyncNetworkStream:
        connection = httpcore.AsyncHTTPConnection(
            self._proxy.url.origin, ssl_context=self._trusted, network_backend=self._to_proxy
        )
        host = f"[{number}]" if number.version == 6 else str(number)
        place = f"{host}:{port}".encode("ascii")
        url = self._proxy.url
        request = httpcore.Request(
            b"CONNECT",
            httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=place),
            headers=[(b"Host", place), *self._proxy.headers],
            extensions={"timeout": {"connect": timeout, "read": timeout, "write": timeout}},
        )
        response = await connection.handle_async_request(request)
        if not 200 <= response.status < 300:
            await connection.aclose()
            raise ProxyRefused(response.status)
        stream: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
        return stream


async def look_up(host: str, port: int, rules: WebRules) -> tuple[Address, ...]:
    """The judged numbers of a name, by these rules.

    Raises:
        Trouble: it leads where links may not lead, or nowhere.
    """
    try:
        async with asyncio.timeout(rules.patience.connect):
            return await judged_numbers(
                host, port, look_up=rules.look_up, may_connect=rules.may_connect
            )
    except TimeoutError as error:
        raise not_found(host) from error
