"""Asking a server on this computer byte by byte, and being asked by a program."""

from __future__ import annotations

import socket
from contextlib import suppress

SECONDS = 30


def connect(port: int, sent: bytes = b"") -> socket.socket:
    """A connection on which something was sent."""
    connection = socket.create_connection(("127.0.0.1", port), SECONDS)
    # A server that refuses what it has read may hang up before the rest is sent.
    with suppress(ConnectionError):
        connection.sendall(sent)
    return connection


def accepted(listener: socket.socket) -> socket.socket:
    """The next connection from a program that was started; it hangs up when it ends."""
    listener.settimeout(SECONDS)
    connection, _ = listener.accept()
    connection.settimeout(SECONDS)
    return connection


def rest(connection: socket.socket) -> bytes:
    """Everything until the other side hangs up."""
    got = b""
    with suppress(ConnectionError):
        while piece := connection.recv(65536):
            got += piece
    return got


def ask(port: int, sent: bytes) -> bytes:
    """What a server says to something, until it hangs up."""
    with connect(port, sent) as connection:
        return rest(connection)
