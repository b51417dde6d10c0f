"""The web server: the wizard at `/`, photos beside it, and a port that is free."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from nocode_classifier.ui.app import build_page
from nocode_classifier.ui.export_route import add_export_route
from nocode_classifier.ui.own_pages import OwnPagesOnly
from nocode_classifier.ui.photo_routes import add_photo_routes
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.theme import build_theme, style_sheet

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
