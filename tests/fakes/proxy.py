"""A web proxy on this computer, which notes what it is asked for."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

BUFFER = 65536


class _Request(BaseHTTPRequestHandler):
    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.tunnels.append(self.path)
        if not self._is_allowed():
            return
        host, _, port = self.path.rpartition(":")
        if not self.server.allows(host, int(port)):
            self.send_error(403)
            return
        with self.server.connect(host.strip("[]"), int(port)) as there:
            self.send_response(200)
            self.end_headers()
            self._pass_on(there)

    def do_GET(self) -> None:
        self.server.pages.append(self.path)
        if not self._is_allowed():
            return
        parts = urlsplit(self.path)
        with self.server.connect(parts.hostname or "", parts.port or 80) as there:
            ask = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
            there.sendall(ask.encode("ascii"))
            self.close_connection = True
            self._pass_on(there)

    def _is_allowed(self) -> bool:
        if self.server.password in {None, self.headers.get("Proxy-Authorization")}:
            return True
        self.send_error(407)
        return False

    def _pass_on(self, there: socket.socket) -> None:
        self.close_connection = True
        here = self.connection
        with suppress(OSError):
            while True:
                for ready in select.select([here, there], [], [])[0]:
                    data = ready.recv(BUFFER)
                    if not data:
                        return
                    (there if ready is here else here).sendall(data)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Proxy(ThreadingHTTPServer):
    """Serves within a `with` block.

    Attributes:
        tunnels: the places it was asked to connect to.
        pages: the whole addresses it was asked for.
        names: what names mean to the proxy; those not in it mean nothing.
        allows: says of a place whether it makes a tunnel to it.
        password: the Proxy-Authorization header it insists on.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        *,
        names: Mapping[str, str] = {},
        allows: Callable[[str, int], bool] = lambda host, port: True,
        password: str | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.tunnels: list[str] = []
        self.pages: list[str] = []
        self.names = names
        self.allows = allows
        self.password = password

    @property
    def address(self) -> str:
        """For HTTP_PROXY."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect to a name or a number, as the proxy understands it."""
        return socket.create_connection((self.names.get(host, host), port), timeout=5)

    def handle_error(self, *args: object) -> None:
        """Quiet."""

    def __enter__(self) -> Proxy:
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()
