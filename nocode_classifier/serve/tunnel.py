"""Gradio's tunnel: an address on the internet that leads to a port of this computer.

Gradio downloads a small program (frpc) once and asks its own server where to connect it to. What it
says of failures goes to the console; here every one becomes a sentence.
"""

from __future__ import annotations

import os
import queue
import secrets
import sys
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from nocode_classifier.errors import Unavailable
from nocode_classifier.processes import ChildProcess

if TYPE_CHECKING:
    import subprocess

    from gradio.tunneling import Tunnel

SECONDS = 75.0
"""For asking where to connect, downloading the program and connecting."""

OTHERWISE = "Try again later, or share it in your own network."

SERVER_VARIABLE = "GRADIO_SHARE_SERVER_ADDRESS"
"""Names another server for tunnels, as "host:port"; Gradio reads it as well."""


END_WITH_US = "import os, sys; sys.stdin.read(); os.kill(int(sys.argv[1]), 15)"
"""Ends a process as soon as this one is gone, however it went: its end of a pipe closes then."""


class OpenTunnel:
    """A tunnel that is open.

    Attributes:
        address: on the internet.
    """

    def __init__(self, tunnel: Tunnel, address: str) -> None:
        self.address = address
        self._process = cast("subprocess.Popen[bytes]", tunnel.proc)
        # Gradio would end it too, but say so on standard output.
        tunnel.proc = None
        number = str(self._process.pid)
        self._ender = ChildProcess([sys.executable, "-I", "-S", "-c", END_WITH_US, number])

    def wait(self) -> None:
        """Until it is closed, by whomever."""
        # Nobody reads what it says, but it would stop if nobody took it.
        self._process.communicate()
        # Its number may be another process' from now on.
        self._ender.end()

    def close(self) -> None:
        """Close it."""
        self._ender.end()
        self._process.terminate()


def open_tunnel(port: int, *, seconds: float = SECONDS) -> OpenTunnel:
    """Open a tunnel to a port of this computer. The working directory has to be writable.

    Raises:
        Unavailable: it can't be opened; the sentence says why.
    """
    from gradio.tunneling import CURRENT_TUNNELS

    others = list(CURRENT_TUNNELS)
    outcome: queue.SimpleQueue[OpenTunnel | Exception] = queue.SimpleQueue()
    threading.Thread(target=_open, args=(port, outcome.put), name="tunnel", daemon=True).start()
    try:
        found = outcome.get(timeout=seconds)
    except queue.Empty:
        found = TimeoutError(f"The tunnel did not open in {seconds:.0f} seconds. {OTHERWISE}")
    if isinstance(found, OpenTunnel):
        return found
    # Gradio leaves its program running when it gives up, or waits for it for ever.
    _kill(tunnel for tunnel in CURRENT_TUNNELS if tunnel not in others)
    raise Unavailable(_why_not(found)) from found


def _open(port: int, put: Callable[[OpenTunnel | Exception], None]) -> None:
    try:
        from gradio.networking import setup_tunnel
        from gradio.tunneling import CURRENT_TUNNELS

        server = os.environ.get(SERVER_VARIABLE)
        # A word of the command line, so it must not begin with a dash, as one safe in URLs may.
        name = secrets.token_hex(32)
        found = setup_tunnel("127.0.0.1", port, name, server, None)
        scheme = "http" if server else "https"
        put(OpenTunnel(CURRENT_TUNNELS[-1], urlsplit(found)._replace(scheme=scheme).geturl()))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is put into words
        put(error)


def _kill(tunnels: Iterable[Tunnel]) -> None:
    for tunnel in tunnels:
        if tunnel.proc is not None:
            process, tunnel.proc = tunnel.proc, None
            process.kill()


def _why_not(error: Exception) -> str:
    import httpx
    from gradio.exceptions import ChecksumMismatchError, ShareCertificateWriteError
    from gradio.tunneling import BINARY_PATH

    if isinstance(error, ChecksumMismatchError):
        return f"The program that makes the tunnel arrived damaged, so it was not used. {OTHERWISE}"
    if isinstance(error, ShareCertificateWriteError):
        return f"The tunnel's certificate can't be written to this computer's disk. {OTHERWISE}"
    if isinstance(error, httpx.HTTPError):
        return (
            "The program that makes the tunnel can't be downloaded: there is no connection to the "
            f"internet, or this network does not allow it. {OTHERWISE}"
        )
    if isinstance(error, TimeoutError):
        return str(error)
    if isinstance(error, OSError):
        return (
            "The program that makes the tunnel can't be started: a virus scanner may have blocked "
            f"it, or it does not run on this kind of computer ({BINARY_PATH}). {OTHERWISE}"
        )
    if isinstance(error, RuntimeError):
        return (
            "Gradio's share service can't be reached: there is no connection to the internet, this "
            f"network blocks it, or it is down. {OTHERWISE}"
        )
    return f"The tunnel was refused: this network may block it, or its server is busy. {OTHERWISE}"
