"""Finding a place to listen."""

from __future__ import annotations

import errno
import os
import socket

from nocode_classifier.errors import InputError, Unavailable

FIRST_PORT = 7860
PORTS_TRIED = 100
TAKEN = (errno.EADDRINUSE, errno.EACCES)


def listen(host: str, port: int | None = None) -> socket.socket:
    """A listening socket on `port`, or on the first free one from 7860 on.

    Raises:
        InputError: `port` is taken or can't be had, or `host` is no address of this computer.
        Unavailable: none of the ports from 7860 on is free.
    """
    if port is not None:
        try:
            return _bound(host, port)
        except (OSError, OverflowError) as error:
            raise InputError(_why_not(host, port, error)) from error
    for each in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        try:
            return _bound(host, each)
        except OSError as error:
            if error.errno not in TAKEN:
                raise InputError(_why_not(host, each, error)) from error
    raise Unavailable(
        f"None of the ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} is free. "
        "Close some other programs and try again."
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # On Windows this option would let two programs share a port; elsewhere it lets a port be
        # used again right after the app was closed.
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def _why_not(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in TAKEN:
        return (
            f"Port {port} is taken by another program, or may not be used. "
            "Choose another with --port, or leave it out and a free one is found."
        )
    if isinstance(error, OverflowError):
        return f"{port} is no port. Choose a number from 1024 to 65535."
    return f"{host} is no address of this computer. Leave --host out to use 127.0.0.1."
