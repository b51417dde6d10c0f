"""A photo from an address on the web.

The address may come from anyone, and this computer can reach things that its giver can't: a router,
a printer, another program here. So every name is looked up once, the numbers found are judged, and
the connection goes to the number that was judged: a name that means something else a moment later
gains nothing. The same holds for every step of a redirect.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nocode_classifier import __version__
from nocode_classifier.collect.door import LIMITS, Limits, check_bytes
from nocode_classifier.errors import InputError, Unavailable

if TYPE_CHECKING:
    import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MayConnect = Callable[[Address], bool]

SECONDS = 30.0
"""For everything together, so that a server which sends a byte now and then can't hold us."""

SECONDS_TO_CONNECT = 8.0
REDIRECTS = 5
NAT64 = ipaddress.ip_network("64:ff9b::/96")

HEADERS = {
    "User-Agent": f"nocode-classifier/{__version__}",
    "Accept": "image/*",
    # What is sent is what is counted: nothing here unpacks itself into gigabytes.
    "Accept-Encoding": "identity",
}


def is_link(text: str) -> bool:
    """Whether a text is meant as an address on the web rather than as a file."""
    return "://" in text


def is_public(address: Address) -> bool:
    """Whether an address is out on the internet, not this computer, its network or a reserved one.

    An IPv4 address that travels inside an IPv6 one is judged as well.
    """
    carried = _carried(address) if isinstance(address, ipaddress.IPv6Address) else None
    if carried is not None:
        return is_public(carried)
    outside = address.is_global and not address.is_multicast and not address.is_reserved
    return outside and not (isinstance(address, ipaddress.IPv6Address) and address.is_site_local)


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def fetch_photo(
    address: str,
    *,
    limits: Limits = LIMITS,
    seconds: float = SECONDS,
    may_connect: MayConnect = is_public,
    certificates: ssl.SSLContext | None = None,
) -> bytes:
    """Download what is at an address. Whether it is a photo, the door has to say.

    Args:
        address: begins with http:// or https://.
        limits: how many bytes it may have.
        seconds: for everything together.
        may_connect: judges the addresses a name stands for; tests let their own computer pass.
        certificates: those to trust; the usual ones by default.

    Raises:
        InputError: the address can't be used, or leads into this computer or its network.
        PhotoRefused: there is too much.
        Unavailable: the server can't be reached, has nothing there, or takes too long.
    """
    import httpx

    url = _parsed(address)
    try:
        rules = _Rules(limits, may_connect, certificates)
        # In a thread of its own: the caller's may be running an event loop already.
        with ThreadPoolExecutor(1, thread_name_prefix="link") as thread:
            return thread.submit(
                lambda: asyncio.run(asyncio.wait_for(_fetch(url, rules), seconds))
            ).result()
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Unavailable(
            f"{url.host} takes too long to answer: try again later, or save the photo and use the "
            "file."
        ) from error
    except httpx.HTTPError as error:
        raise Unavailable(
            f"{url.host} can't be reached: check the address and the connection to the internet."
        ) from error


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a download has to keep to."""

    limits: Limits
    may_connect: MayConnect
    certificates: ssl.SSLContext | None


async def _fetch(url: httpx.URL, rules: _Rules) -> bytes:
    parts = bytearray()
    async with _answer(url, rules) as response:
        _check_status(response)
        told = response.headers.get("content-length", "")
        if told.isdecimal():
            check_bytes(int(told), rules.limits)
        async for part in response.aiter_raw():
            parts += part
            check_bytes(len(parts), rules.limits)
    return bytes(parts)


@asynccontextmanager
async def _answer(url: httpx.URL, rules: _Rules) -> AsyncIterator[httpx.Response]:
    """The answer at the end of all redirects."""
    for _ in range(REDIRECTS + 1):
        async with _ask(url, rules) as response:
            if not response.has_redirect_location:
                yield response
                return
            url = _parsed(str(url.join(response.headers["location"])))
    raise Unavailable(f"{url.host} sends us from one address to the next: use another address.")


@asynccontextmanager
async def _ask(url: httpx.URL, rules: _Rules) -> AsyncIterator[httpx.Response]:
    """Ask one server, at the first of its judged addresses that answers."""
    import httpx

    place = await _look_up(url, rules.may_connect)
    # No proxy and no password from the environment: a proxy would look the name up again.
    async with httpx.AsyncClient(
        headers=HEADERS,
        timeout=SECONDS_TO_CONNECT,
        trust_env=False,
        verify=rules.certificates or True,
    ) as client:
        for number in place.numbers:
            request = client.build_request(
                "GET",
                url.copy_with(host=str(number)),
                headers={"Host": url.netloc.decode("ascii")},
                # The certificate has to be for the name, although we connect to a number.
                extensions={"sni_hostname": place.name},
            )
            try:
                response = await client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == place.numbers[-1]:
                    raise
                continue
            try:
                yield response
            finally:
                await response.aclose()
            return


@dataclass(frozen=True, slots=True)
class _Place:
    """A server's name and the addresses it stands for, all judged."""

    name: str
    numbers: tuple[Address, ...]


async def _look_up(url: httpx.URL, may_connect: MayConnect) -> _Place:
    name = url.raw_host.decode("ascii")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            name, url.port or 0, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise Unavailable(
            f"There is no server called {url.host}, or there is no connection to the internet."
        ) from error
    numbers = dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found)
    judged = tuple(number for number in numbers if may_connect(number))
    if not judged:
        raise InputError(
            f"{url.host} is a place inside this computer or its own network, which links may not "
            "lead to: save the photo and use the file."
        )
    return _Place(name, judged)


def _parsed(address: str) -> httpx.URL:
    import httpx

    try:
        url = httpx.URL(address.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise InputError(f"This is no address of a photo: {address}") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise InputError(
            f"The address of a photo begins with http:// or https://; this does not: {address}"
        )
    return url.copy_with(fragment=None)


def _check_status(response: httpx.Response) -> None:
    code = response.status_code
    if code in {404, 410}:
        raise Unavailable("There is no photo at this address (any more).")
    if code in {401, 402, 403, 451}:
        raise Unavailable(
            "The server does not give this photo away: save it in a browser and use the file."
        )
    if code != 200:
        raise Unavailable(f"The server did not send the photo (HTTP {code}): try again later.")
