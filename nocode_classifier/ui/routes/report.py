"""Where it can be read how good the model of a project is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from nocode_classifier.errors import AppError
from nocode_classifier.ui.routes.page_headers import PAGE_HEADERS

if TYPE_CHECKING:
    from nocode_classifier.ui.state import Services


def add_report_route(server: FastAPI, services: Services) -> None:
    """Serve `/report/{project_id}`, a page."""

    @server.get("/report/{project_id}")
    def page(project_id: str) -> Response:
        return _page(services, project_id)


def _page(services: Services, project_id: str) -> Response:
    from nocode_classifier.check.checked import checked_project
    from nocode_classifier.check.report import report_page

    try:
        text = report_page(checked_project(services.library.open(project_id)))
    except AppError as error:
        return PlainTextResponse(str(error), 404)
    return HTMLResponse(text, headers=PAGE_HEADERS)
