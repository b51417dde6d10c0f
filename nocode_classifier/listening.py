"""A place to listen, the addresses it has, and which names mean this computer."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from contextlib import closing, suppress

from nocode_classifier.errors import InputError

LOCAL = "127.0.0.1"
FIRST_PORT, PORTS_TRIED = 7860, 100
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
TAKEN = (errno.EADDRINUSE, errno.EACCES)

NOWHERE = "192.0.2.1"
"""Kept for documents (RFC 5737); asking which way leads there sends nothing."""


def listen(host: str, port: int | None = None) -> socket.socket:
    """A listening socket.

    Args:
        host: an address of this computer.
        port: None for the first free one from 7860 on, 0 for any.

    Raises:
        InputError: the port is taken, or it is no address of this computer.
    """
    wanted = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for each in wanted:
        try:
            return _bound(host, each)
        except OverflowError as error:
            raise InputError(f"{each} is no port: choose one from 1024 to 65535.") from error
        except OSError as error:
            if error.errno not in TAKEN:
                raise InputError(
                    f"{host} is no address of this computer: leave --host out to use {LOCAL}."
                ) from error
    raise InputError(
        f"Port {port} is taken by another program, or may not be used: choose another with --port."
        if port is not None
        else f"None of the ports from {FIRST_PORT} on is free: choose another with --port."
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # On Windows this would let two programs share a port; elsewhere it lets a port be used
        # again right after the app was closed.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except BaseException:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket, *, for_others: bool = False) -> str:
    """The address to type into a browser.

    Args:
        listener: a listening socket.
        for_others: where it listens everywhere, the address in this computer's network instead of
            the one that only works on this computer.
    """
    host, port = listener.getsockname()[:2]
    if host in EVERYWHERE:
        host = (network_address() if for_others else None) or LOCAL
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def network_address() -> str | None:
    """This computer's address in its own network; None where it is in none."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe, suppress(OSError):
        probe.connect((NOWHERE, 9))
        found = str(probe.getsockname()[0])
        return found if not found.startswith("127.") and found not in EVERYWHERE else None
    return None


def is_this_computer(host: str) -> bool:
    """Whether a name or an address can only mean this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_names() -> frozenset[str]:
    """How this computer is called in its network, without a domain and as mDNS says it.

    No website can take such a name: those of the internet have a domain.
    """
    name = socket.gethostname().partition(".")[0].lower()
    return frozenset({name, f"{name}.local"})
