"""One request for one photo, and what can become of it."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpcore
import httpx

from nocode_classifier.collect.download.addresses import parse_address
from nocode_classifier.collect.download.backends import ProxyRefused
from nocode_classifier.collect.download.bodies import Body, Pace
from nocode_classifier.collect.download.byte_budget import ByteBudget, Share
from nocode_classifier.collect.download.connections import Connections
from nocode_classifier.collect.download.identity import user_agent
from nocode_classifier.collect.download.outcomes import Fetched, Trouble, too_slow
from nocode_classifier.collect.download.robots import forbids_ai
from nocode_classifier.collect.download.rules import Patience, WebRules
from nocode_classifier.collect.skips import Skip

logger = logging.getLogger(__name__)

MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Redirected:
    """What was asked for is at another address."""

    url: httpx.URL


class _Watch:
    """Follows a request: the time for its answer begins when it is sent.

    Attributes:
        limit: for the headers of the answer.
        connected: whether a new connection was made for it.
    """

    def __init__(self, patience: Patience) -> None:
        self.limit = asyncio.timeout(None)
        self.connected = False
        self._patience = patience

    async def see(self, event: str, _info: Mapping[str, Any]) -> None:
        """httpcore says what it does."""
        if event == "connection.connect_tcp.started":
            self.connected = True
        elif event == "http11.send_request_headers.started":
            self.limit.reschedule(asyncio.get_running_loop().time() + self._patience.answer)


class Fetcher:
    """Asks servers for photos; holds the connections to them until it is closed."""

    def __init__(self, rules: WebRules, memory: ByteBudget) -> None:
        self._rules = rules
        self._memory = memory
        self._connections = Connections(rules)
        self._agent = rules.user_agent or user_agent()

    async def ask(
        self, url: httpx.URL, share: Share, limit: asyncio.Timeout
    ) -> Fetched | Redirected:
        """Ask one server once.

        Args:
            url: what for.
            share: counts the bytes.
            limit: for everything together; it stands still while there is no room in memory.

        Raises:
            Trouble: nothing came.
            TimeoutError: `limit` was reached.
        """
        try:
            async with self._answer(url) as response:
                headers = httpx.Headers(response.headers)
                moved = response.status in MOVED and "location" in headers
                if not moved:
                    _check_status(url, response.status, headers)
                self._check_directives(url, headers)
                if moved:
                    return Redirected(_joined(url, headers["location"]))
                return await self._read(url, response, headers, share, limit)
        except ProxyRefused as error:
            return self._another_way(url, error)
        except httpcore.ProxyError as error:
            raise _kept_back(url, error) from error
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            raise _unreachable(url, error) from error
        except httpcore.ProtocolError as error:
            raise _nonsense(url, error) from error

    async def _read(
        self,
        url: httpx.URL,
        response: httpcore.Response,
        headers: Mapping[str, str],
        share: Share,
        limit: asyncio.Timeout,
    ) -> Fetched:
        body = Body(self._rules, self._memory, share)
        body.expect(headers.get("content-length", ""))
        pace = Pace(url.host, self._rules.patience)
        try:
            stream = cast("AsyncGenerator[bytes]", response.aiter_stream())
            async with aclosing(stream) as parts:
                data = await body.read(parts, headers, pace, limit)
        except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
            raise Trouble(
                Skip.DAMAGED,
                f"{url.host} sent only a part of this photo: try again later.",
                temporary=True,
            ) from error
        return Fetched(data, str(url))

    @asynccontextmanager
    async def _answer(self, url: httpx.URL) -> AsyncIterator[httpcore.Response]:
        """The headers of an answer, and its body still to be read."""
        response = await self._send(url)
        try:
            yield response
        finally:
            await response.aclose()

    async def _send(self, url: httpx.URL) -> httpcore.Response:
        """Ask; again where the server had just closed a connection that was used before."""
        pool = await self._connections.pool_for(url)
        for again in (True, True, False):
            watch = _Watch(self._rules.patience)
            try:
                async with watch.limit:
                    return await pool.handle_async_request(self._request(url, watch))
            except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
                if watch.connected or not again:
                    raise
        raise AssertionError

    def _request(self, url: httpx.URL, watch: _Watch) -> httpcore.Request:
        patience = self._rules.patience
        return httpcore.Request(
            "GET",
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers={
                "Host": url.netloc.decode("ascii"),
                "User-Agent": self._agent,
                "Accept": "image/*",
                # Photos are packed already; and what is sent is then what is counted.
                "Accept-Encoding": "identity",
            },
            extensions={
                "timeout": {
                    "connect": patience.connect,
                    "read": patience.answer,
                    "write": patience.answer,
                },
                "trace": watch.see,
            },
        )

    def _check_directives(self, url: httpx.URL, headers: httpx.Headers) -> None:
        if self._rules.respect_noai and forbids_ai(headers.get_list("x-robots-tag")):
            raise Trouble(Skip.NO_AI, f"{url.host} does not want its photos to be used for AI.")

    def _another_way(self, url: httpx.URL, error: ProxyRefused) -> Redirected:
        instead = self._connections.instead_of(url)
        if instead is None:
            raise _kept_back(url, error) from error
        return Redirected(instead)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._connections.aclose()


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return parse_address(str(url.join(location)))
    except (httpx.InvalidURL, ValueError) as error:
        raise Trouble(
            Skip.BAD_ADDRESS, f"{url.host} sends us to an address that is none."
        ) from error


def _kept_back(url: httpx.URL, error: Exception) -> Trouble:
    return Trouble(
        Skip.UNREACHABLE,
        f"The proxy set in the environment does not let us reach {url.host} ({error}).",
        temporary=True,
        alive=False,
    )


def _unreachable(url: httpx.URL, error: Exception) -> Trouble:
    cause = error.args[0] if error.args else None
    # A connection that merely broke while it was secured is no fault of the certificate.
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
        return _not_secure(url.host, cause)
    if isinstance(error, httpcore.ReadTimeout | httpcore.WriteTimeout):
        return too_slow(url.host)
    if isinstance(error, httpcore.ConnectTimeout | httpcore.ConnectError):
        sentence = f"{url.host} can't be reached: check the address and the connection to the "
        return Trouble(Skip.UNREACHABLE, f"{sentence}internet.", temporary=True, alive=False)
    return Trouble(Skip.UNREACHABLE, f"{url.host} hung up: try again later.", temporary=True)


def _not_secure(host: str, error: ssl.SSLError) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        sentence = f"{host} can't prove that it is {host}: its certificate is wrong."
    else:
        sentence = f"{host} does not speak https as it should."
    return Trouble(Skip.NOT_SECURE, f"{sentence} Use another address.")


def _nonsense(url: httpx.URL, error: Exception) -> Trouble:
    if "disconnected" in str(error):
        return Trouble(Skip.UNREACHABLE, f"{url.host} hung up: try again later.", temporary=True)
    logger.info("%s answers nonsense: %.200s", url.host, error)
    return Trouble(Skip.SERVER_ERROR, f"{url.host} answers in a way that nobody understands.")


def _check_status(url: httpx.URL, code: int, headers: Mapping[str, str]) -> None:
    """Raise what an answer other than 200 means."""
    later = retry_after(headers.get("retry-after", ""))
    if code in {404, 410}:
        raise Trouble(Skip.GONE, "There is no photo at this address (any more).")
    if code == 429 or (code == 503 and later is not None):
        raise Trouble(
            Skip.BUSY,
            f"{url.host} is too busy to send more photos now: try again later.",
            temporary=True,
            retry_after=later,
        )
    if 400 <= code < 500 and code not in {408, 425}:
        raise Trouble(
            Skip.REFUSED,
            "The server does not give this photo away: save it in a browser and use the file.",
        )
    if code != 200:
        raise Trouble(
            Skip.SERVER_ERROR,
            f"The server did not send the photo (HTTP {code}): try again later.",
            temporary=code >= 400,
        )


def retry_after(told: str) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or a date."""
    words = told.strip()
    if words.isdecimal() and len(words) < 10:
        return float(words)
    try:
        date = parsedate_to_datetime(words)
    except ValueError:
        return None
    known = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (known - datetime.now(UTC)).total_seconds())
