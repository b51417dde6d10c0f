"""Where a page asks whether there is something new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from nocode_classifier.ui.shell.live_updates import mark_of

if TYPE_CHECKING:
    from nocode_classifier.ui.state import Services


def add_news_route(server: FastAPI, services: Services) -> None:
    """Serve `/news/{project_id}`: the mark of what there is to tell of a project now."""

    @server.get("/news/{project_id}")
    def news(project_id: str) -> Response:
        return PlainTextResponse(
            mark_of(services, project_id), headers={"Cache-Control": "no-store"}
        )
