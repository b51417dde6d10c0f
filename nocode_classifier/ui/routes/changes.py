"""Where a page asks whether there is something new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from nocode_classifier.ui.shell.live_updates import mark_of, seconds_to_wait

if TYPE_CHECKING:
    from nocode_classifier.ui.state import Services


def add_news_route(server: FastAPI, services: Services) -> None:
    """Serve `/news?project={id}&step={number}`: the mark of what there is to tell there now, and
    how many seconds to wait before asking again.
    """

    @server.get("/news")
    def news(step: int, project: str = "") -> Response:
        project_id = project or None
        told = {
            "mark": mark_of(services, project_id, step),
            "seconds": seconds_to_wait(services, project_id, step),
        }
        return JSONResponse(told, headers={"Cache-Control": "no-store"})
