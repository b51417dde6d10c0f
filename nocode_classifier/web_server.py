"""The web server of both apps: uvicorn, with an end to whatever takes too long.

By itself uvicorn waits for ever for a request that was begun, and counts a connection only when its
request is there: a thousand that say nothing would shut everybody else out.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import signal
import socket
import threading
from collections.abc import Callable
from itertools import islice

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 1000
"""At once; one more takes the place of one that has said nothing for long."""

SPARE_FILES = 200
"""Files that the rest of the app may have open."""

HEAD_SECONDS = 10.0
"""From the first byte of a request, or the connection, to the end of its headers."""

PAUSE_SECONDS = 60.0
"""Between two pieces of what a client sends or takes."""

IDLE_SECONDS = 30
"""Between an answer and the next request."""

FINISH_SECONDS = 5.0
"""For answers that are under way when the server is told to end."""

ARRIVED_SECONDS = 0.05
"""For reading what has arrived by then."""

ENDLESS = re.compile(r"/gradio_api/(heartbeat/.*|queue/data|mcp.*)")
"""Streams that a page of Gradio's keeps open for as long as it is shown."""

NOT_HTTP = "This is no request that a web server understands."
CROWDED = "Too many are connected right now: try again in a few seconds."


class Connection(H11Protocol):
    """A connection, which has to go on within a time."""

    _deadline: asyncio.TimerHandle | None = None
    _since = 0.0

    @property
    def in_flight(self) -> bool:
        """Whether a request has come that is not wholly answered."""
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def endless(self) -> bool:
        """Whether what is in flight never ends by itself."""
        return (
            self.in_flight
            and self.scope["method"] == "GET"
            and ENDLESS.fullmatch(self.scope["path"]) is not None
        )

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, and make room if there are too many."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)
        if len(self.connections) > most_connections():
            ours = (each for each in self.connections if isinstance(each, Connection))
            silent = (each for each in ours if not each.in_flight and each is not self)
            # Enough to find an old one, and few enough for thousands of new ones a second.
            if some := list(islice(silent, 100)):
                min(some, key=lambda each: each._since).transport.abort()
            else:
                self._refuse(503, CROWDED)

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for what has to follow."""
        if self.transport.is_closing():
            return
        waited = not self.in_flight and self._deadline is not None
        super().data_received(data)
        if not self.in_flight:
            if not waited:
                self._wait(HEAD_SECONDS)
        elif self.cycle.more_body:
            self._wait(PAUSE_SECONDS)
        else:
            self._go_on()

    def pause_writing(self) -> None:
        """The client takes nothing of an answer."""
        super().pause_writing()
        self._wait(PAUSE_SECONDS)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._go_on()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, also in the middle of a request."""
        begun = self.in_flight and self.cycle.response_started
        if self.in_flight:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if begun:
            self.transport.close()
        else:
            self._refuse(400, NOT_HTTP)

    def _refuse(self, status: int, sentence: str) -> None:
        body = json.dumps({"error": sentence}).encode()
        head = (
            f"HTTP/1.1 {status} \r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _wait(self, seconds: float) -> None:
        self._go_on()
        self._since = self.loop.time()
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _go_on(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if self.flow.read_paused and not self.flow.write_paused:
            self._wait(PAUSE_SECONDS)  # the app is at it, and not the client slow
        else:
            self.transport.abort()


class Server(uvicorn.Server):
    """A server that says when it listens, and ends when it is told to."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    def stop(self) -> None:
        """End, soon; may be called from any thread."""
        self.should_exit = True

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer until Ctrl-C (KeyboardInterrupt) or a signal to end (SystemExit)."""
        end_when_told()
        super().run(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if not self.should_exit:
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let answers that are under way end, hang up on the rest, and then end as usual."""
        for server in self.servers:
            server.close()
        await asyncio.sleep(ARRIVED_SECONDS)
        for connection in self._connections():
            if connection.in_flight and not connection.endless:
                connection.shutdown()
            else:
                connection.transport.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS):
                while self._connections() and not self.force_exit:
                    await asyncio.sleep(0.02)
        for connection in self._connections():
            connection.transport.abort()
        # What is cancelled from now on is no surprise.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

    def _connections(self) -> list[Connection]:
        return [each for each in self.server_state.connections if isinstance(each, Connection)]


class _Patient:
    """Makes nothing of clients that leave in the middle of what they send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ClientDisconnect):
            await self._app(scope, receive, send)


def make_server(
    app: ASGIApp, *, proxy_headers: bool = False, on_start: Callable[[], None] = lambda: None
) -> Server:
    """A server for the app; `run(sockets=[...])` begins.

    Args:
        app: to serve.
        proxy_headers: believe a server in front of this one, on this computer, who its client is.
        on_start: called as soon as it answers.
    """
    _raise_open_files()
    config = uvicorn.Config(
        _Patient(app),
        http=Connection,
        ws="none",
        # Without a console (pythonw) there is nothing to write a log to. What strangers send is
        # worth no warning.
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=proxy_headers,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    return Server(config, on_start)


def end_when_told() -> None:
    """Let a signal to end (SIGTERM) raise SystemExit, so that everything is put away first."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)


def _end(*_: object) -> None:
    raise SystemExit(0)


def most_connections() -> int:
    """How many there may be: each takes one of the files that a process may have open."""
    return max(min(CONNECTIONS, _open_files() - SPARE_FILES), 50)


def _open_files() -> int:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return CONNECTIONS + SPARE_FILES
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else CONNECTIONS + SPARE_FILES


def _raise_open_files() -> None:
    """Many systems allow 256 or 1,024 at first, and more to whoever asks."""
    wanted = CONNECTIONS + SPARE_FILES
    if _open_files() < wanted:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
