"""The web server."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

SECONDS_TO_CLOSE = 2
CONNECTIONS = 1000
"""More at once are turned away."""


class Server(uvicorn.Server):
    """A server that says when it listens, and closes at once."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    def stop(self) -> None:
        """End, soon; may be called from any thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if not self.should_exit:
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hang up on those who keep a stream open for ever, and then end as usual."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()
        await super().shutdown(sockets)


def make_server(app: ASGIApp, *, on_start: Callable[[], None] = lambda: None) -> Server:
    """A server for the app; `run(sockets=[...])` begins.

    What proxies say of the client is read by the guard, which knows how many there are.
    """
    config = uvicorn.Config(
        app,
        # Without a console (pythonw) there is nothing to write a log to.
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    return Server(config, on_start)
