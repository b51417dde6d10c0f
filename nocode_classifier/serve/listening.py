"""A place to listen, and the addresses it has."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import closing, suppress

from nocode_classifier.errors import InputError
from nocode_classifier.serve.options import LOCAL

FIRST_PORT, PORTS_TRIED = 7860, 100
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
TAKEN = (errno.EADDRINUSE, errno.EACCES)

NOWHERE = "192.0.2.1"
"""Kept for documents (RFC 5737); asking which way leads there sends nothing."""


def listen(host: str, port: int | None) -> socket.socket:
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
        # On Windows this would let two programs share a port.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except BaseException:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    """The address to type into a browser: on this computer, or in its network where others can."""
    host, port = listener.getsockname()[:2]
    if host in EVERYWHERE:
        host = network_address() or LOCAL
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def network_address() -> str | None:
    """This computer's address in its own network; None where it is in none."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe, suppress(OSError):
        probe.connect((NOWHERE, 9))
        found = str(probe.getsockname()[0])
        return found if not found.startswith("127.") and found not in EVERYWHERE else None
    return None
