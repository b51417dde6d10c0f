"""Where it can be read whom the photos of a project are from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from nocode_classifier.errors import AppError
from nocode_classifier.project.credits.credits import credits, credits_csv
from nocode_classifier.project.credits.credits_page import credits_page
from nocode_classifier.project.names import file_name
from nocode_classifier.ui.routes.page_headers import PAGE_HEADERS

if TYPE_CHECKING:
    from nocode_classifier.ui.state import Services


def add_credits_route(server: FastAPI, services: Services) -> None:
    """Serve `/credits/{project_id}`, a page, and `/credits/{project_id}.csv`, a table."""

    @server.get("/credits/{project_id}.csv")
    def table(project_id: str) -> Response:
        return _table(services, project_id)

    @server.get("/credits/{project_id}")
    def page(project_id: str) -> Response:
        return _page(services, project_id)


def _table(services: Services, project_id: str) -> Response:
    try:
        project = services.library.open(project_id)
        text = credits_csv(credits(project))
        name = file_name(f"{project.name} credits")
    except AppError as error:
        return PlainTextResponse(str(error), 404)
    return Response(
        text.encode(),
        media_type="text/csv; charset=utf-8",
        headers=PAGE_HEADERS
        | {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.csv"},
    )


def _page(services: Services, project_id: str) -> Response:
    try:
        project = services.library.open(project_id)
        text = credits_page(project.name, credits(project))
    except AppError as error:
        return PlainTextResponse(str(error), 404)
    return HTMLResponse(text, headers=PAGE_HEADERS)
