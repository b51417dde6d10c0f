"""What every fake service is made of: a local server that counts, and that can be told to fail."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it arrived.

    Attributes:
        host: from the Host header.
        path: without the question mark and what follows.
        query: the parameters; of those given twice the last.
        at: seconds on the monotonic clock.
    """

    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes:
        announced: a Content-Length that is not the true one; the body is cut off after it is sent.
        delay: seconds to wait before anything is sent.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    announced: int | None = None
    delay: float = 0.0


def as_json(content: object, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON; underscores in the names of headers stand for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(content).encode(), named)


def page(text: str, status: int = 200) -> Reply:
    """A web page."""
    return Reply(status, text.encode(), kind="text/html; charset=utf-8")


def too_many(seconds: int | None = None, status: int = 429) -> Reply:
    """A refusal because of too many questions, with or without a word on when to come back."""
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return Reply(status, b'{"detail": "Request was throttled."}', headers)


def half_of(reply: Reply) -> Reply:
    """An answer that breaks off in the middle, as from a connection that is lost."""
    return replace(reply, body=reply.body[: len(reply.body) // 2], announced=len(reply.body))


class FakeServer:
    """A local web server; use it in a with statement.

    Attributes:
        asked: every request that was not for a photo, in the order of arrival.
        block_from: the number of the first request that is refused, from 1 on; None for none.
        block_until: the number of the first request after it that is answered again.
        refusal: what is answered then.
        change: what is made of each answer before it is sent.
    """

    def __init__(self, certificates: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.block_from: int | None = None
        self.block_until: int | None = None
        self.refusal = too_many()
        self.change: Callable[[Reply], Reply] = _unchanged
        self._lock = threading.Lock()
        self._server = _Server(self, certificates)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> Reply:
        """What the real service would say; each fake says it in its own way."""
        return page("There is nothing here.", 404)

    def block(self, first: int, *, last: int | None = None, refusal: Reply | None = None) -> None:
        """Refuse all requests from one on, or up to another one.

        Args:
            first: number of the first refused request, from 1 on.
            last: number of the last one.
            refusal: what is said instead of what the service usually says then.
        """
        self.block_from, self.block_until = first, None if last is None else last + 1
        self.refusal = refusal or self.refusal

    def unblock(self) -> None:
        """Answer everything again."""
        self.block_from = None

    def reply_to(self, asked: Asked) -> Reply:
        """Count a request and answer it."""
        with self._lock:
            self.asked.append(asked)
            number = len(self.asked)
        if self._blocks(number):
            return self.refusal
        return self.change(self.answer(asked))

    def _blocks(self, number: int) -> bool:
        if self.block_from is None or number < self.block_from:
            return False
        return self.block_until is None or number < self.block_until

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _unchanged(reply: Reply) -> Reply:
    return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, fake: FakeServer, certificates: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fake = fake
        if certificates is not None:
            # The handshake belongs into the thread of the connection, not into the one that waits.
            self.socket = certificates.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is nothing to write home about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(
            host=self.headers.get("Host", ""),
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            at=time.monotonic(),
        )
        self._send(self.server.fake.reply_to(asked))

    def _send(self, reply: Reply) -> None:
        if reply.delay:
            time.sleep(reply.delay)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        length = len(reply.body) if reply.announced is None else reply.announced
        self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        if length > len(reply.body):
            self.close_connection = True

    def log_message(self, *parts: object) -> None:
        """Tests are quiet."""
