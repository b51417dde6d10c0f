"""Where links may lead.

An address may come from anyone, and this computer can reach things that its giver can't: a router,
a printer, another program here. So every name is looked up once for a connection, the numbers found
are judged, and the connection goes to a number that was judged: a name that means something else a
moment later gains nothing. The same holds for every step of a redirect.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from nocode_classifier.collect.download.outcomes import Trouble
from nocode_classifier.collect.skips import Skip

if TYPE_CHECKING:
    import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MayConnect = Callable[[Address], bool]
LookUp = Callable[[str, int], Sequence[str]]
"""Takes a name and a port, gives numbers; raises OSError or UnicodeError. It may block."""

LONGEST_ADDRESS = 8000
HOST = re.compile(r"[A-Za-z0-9._:-]*")
"""Of which characters a name or a number consists."""

MOST_NUMBERS = 4
"""How many numbers of one name are tried at most."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
"""Leads to IPv4 addresses of the own network (RFC 8215); older Pythons call it global."""

INSIDE = frozenset(
    {
        *("local", "localhost", "localdomain", "internal", "intranet", "private"),
        *("lan", "home", "corp", "arpa", "test", "invalid"),
    }
)
"""Last parts of names that never mean a place out on the internet."""


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
    if isinstance(address, ipaddress.IPv6Address):
        return outside and not address.is_site_local and address not in LOCAL_NAT64
    return outside


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def is_inside_name(name: str) -> bool:
    """Whether a name says by itself that it means a place in the own network."""
    parts = name.rstrip(".").lower().split(".")
    return len(parts) < 2 or parts[-1] in INSIDE or _is_number(parts[-1])


def _is_number(word: str) -> bool:
    """The last part of 127.1 or 0x7f.0x1, which old programs take for an address."""
    return word.isdecimal() or word.startswith("0x")


def parse_address(text: str) -> httpx.URL:
    """An address as it is asked for: without a password and without what follows "#".

    Raises:
        Trouble: it is none, or not one of the web.
    """
    import httpx

    try:
        url = httpx.URL(text.strip())
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise Trouble(Skip.BAD_ADDRESS, f"This is no address of a photo: {text[:200]}") from error
    if not HOST.fullmatch(host) or not 0 < (url.port or 80) < 65536 or len(text) > LONGEST_ADDRESS:
        raise Trouble(Skip.BAD_ADDRESS, f"This is no address of a photo: {text[:200]}")
    if url.scheme not in {"http", "https"} or not host:
        raise Trouble(
            Skip.BAD_ADDRESS,
            f"The address of a photo begins with http:// or https://; this does not: {text[:200]}",
        )
    return url.copy_with(fragment=None, userinfo=b"")


def system_look_up(name: str, port: int) -> list[str]:
    """Ask the system what numbers a name stands for."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


async def judged_numbers(
    name: str, port: int, *, look_up: LookUp, may_connect: MayConnect
) -> tuple[Address, ...]:
    """The numbers that a name stands for and that may be connected to, in order of preference.

    Raises:
        Trouble: there is no such name, or it leads into this computer or its network.
    """
    try:
        found = await _in_thread(look_up, name, port)
        numbers = dict.fromkeys(ipaddress.ip_address(number) for number in found)
    except (OSError, ValueError) as error:
        raise not_found(name) from error
    judged = tuple(number for number in numbers if may_connect(number))
    if not judged:
        raise inside(name)
    return judged[:MOST_NUMBERS]


def not_found(name: str) -> Trouble:
    """What to say of a name that stands for nothing."""
    return Trouble(
        Skip.UNREACHABLE,
        f"There is no server called {name}, or there is no connection to the internet.",
        temporary=True,
        alive=False,
    )


def inside(name: str) -> Trouble:
    """What to say of a place in the own network."""
    return Trouble(
        Skip.PRIVATE,
        f"{name} is a place inside this computer or its own network, which links may not "
        "lead to: save the photo and use the file.",
    )


async def _in_thread(look_up: LookUp, name: str, port: int) -> Sequence[str]:
    """Look up in a thread that nobody waits for: the system may take minutes to say no."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def tell(numbers: Sequence[str], error: Exception | None) -> None:
        if answer.done():
            return
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(numbers)

    def ask() -> None:
        numbers: Sequence[str] = ()
        failed: Exception | None = None
        try:
            numbers = look_up(name, port)
        except Exception as error:  # noqa: BLE001  # raised where it was asked for
            failed = error
        with suppress(RuntimeError):  # nobody waits any more, the loop is closed
            loop.call_soon_threadsafe(tell, numbers, failed)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    return await answer
