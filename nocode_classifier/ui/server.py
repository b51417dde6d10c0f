"""The web server: the wizard at `/`, photos beside it, and a port that is free."""

from __future__ import annotations

import socket
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI

from nocode_classifier.ui.app import build_page
from nocode_classifier.ui.credits_route import add_credits_route
from nocode_classifier.ui.export_route import add_export_route
from nocode_classifier.ui.finished_route import add_finished_route
from nocode_classifier.ui.news_route import add_news_route
from nocode_classifier.ui.own_pages import OwnPagesOnly
from nocode_classifier.ui.photo_routes import add_photo_routes
from nocode_classifier.ui.samples_route import add_samples_route
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.theme import build_theme, style_sheet

SECONDS_TO_CLOSE = 2
FAVICON = Path(__file__).parent / "favicon.png"


def build_server(services: Services, *, own_pages_only: bool = True) -> FastAPI:
    """The application, ready to be served.

    Args:
        services: the real parts.
        own_pages_only: refuse requests for another host or from another origin. Off only when the
            app is meant to be reached from elsewhere.
    """
    server = FastAPI(openapi_url=None)
    add_photo_routes(server, services)
    add_export_route(server, services)
    add_credits_route(server, services)
    add_finished_route(server, services)
    add_samples_route(server, services)
    add_news_route(server, services)
    gr.mount_gradio_app(
        server,
        build_page(services),
        path="/",
        theme=build_theme(),
        css=style_sheet(),
        favicon_path=str(FAVICON),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )
    if own_pages_only:
        server.add_middleware(OwnPagesOnly)
    return server


class PromptServer(uvicorn.Server):
    """A server that closes at once, although every open page keeps a stream open for ever."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Hang up, as if the pages had been closed, and then end as usual."""
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()
        await super().shutdown(sockets)


def serve_until_stopped(app: FastAPI, listener: socket.socket) -> None:
    """Answer on a listening socket until Ctrl-C or a signal to end."""
    config = uvicorn.Config(
        app,
        # Without a console (pythonw) there is nothing to write a log to.
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
    )
    PromptServer(config).run(sockets=[listener])
