"""The wizard at `/`, and photos beside it."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from nocode_classifier.own_pages import Names, OwnPagesOnly
from nocode_classifier.ui.app import build_page
from nocode_classifier.ui.routes.changes import add_news_route
from nocode_classifier.ui.routes.credits import add_credits_route
from nocode_classifier.ui.routes.finished_exports import add_finished_route
from nocode_classifier.ui.routes.heatmaps import add_heatmap_route
from nocode_classifier.ui.routes.modules import add_modules_route, preload_links
from nocode_classifier.ui.routes.photos import add_photo_routes
from nocode_classifier.ui.routes.project_file import add_export_route
from nocode_classifier.ui.routes.report import add_report_route
from nocode_classifier.ui.routes.samples import add_samples_route
from nocode_classifier.ui.state import Services
from nocode_classifier.ui.theme import build_theme, style_sheet

FAVICON = Path(__file__).parent / "favicon.png"


def build_server(services: Services, names: Names | None = None) -> FastAPI:
    """The application, ready to be served.

    Args:
        services: the real parts.
        names: under which it answers; by default those of this computer alone.
    """
    server = FastAPI(openapi_url=None)
    add_photo_routes(server, services)
    add_heatmap_route(server, services)
    add_export_route(server, services)
    add_credits_route(server, services)
    add_report_route(server, services)
    add_finished_route(server, services)
    add_samples_route(server, services)
    add_news_route(server, services)
    add_modules_route(server)
    gr.mount_gradio_app(
        server,
        build_page(services),
        path="/",
        theme=build_theme(),
        css=style_sheet(),
        head=preload_links(),
        favicon_path=str(FAVICON),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )
    server.add_middleware(OwnPagesOnly, names=names)
    return server
