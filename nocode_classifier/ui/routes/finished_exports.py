"""Where finished exports are downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response

from nocode_classifier.errors import AppError
from nocode_classifier.ui.steps.share.exporting import known
from nocode_classifier.ui.steps.share.keeping import folder_for, made_in

if TYPE_CHECKING:
    from nocode_classifier.ui.state import Services


def add_finished_route(server: FastAPI, services: Services) -> None:
    """Serve `/exports/{project_id}/{key}`."""

    @server.get("/exports/{project_id}/{key}")
    def finished(project_id: str, key: str) -> Response:
        return _finished(services, project_id, key)


def _finished(services: Services, project_id: str, key: str) -> Response:
    try:
        folder = folder_for(services.library.open(project_id).id, known(key))
    except AppError as error:
        return PlainTextResponse(str(error), 404)
    made = made_in(folder)
    if made is None:
        return PlainTextResponse(
            "This was not exported yet, or not any more. Export it again.", 404
        )
    return FileResponse(
        folder / made.file,
        filename=made.file,
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-store"},
    )
