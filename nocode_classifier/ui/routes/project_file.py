"""Where a project is downloaded as one file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.background import BackgroundTask

from nocode_classifier import paths
from nocode_classifier.errors import AppError
from nocode_classifier.project.names import file_name

if TYPE_CHECKING:
    from nocode_classifier.ui.state import Services

SUFFIX = ".nocode"


def add_export_route(server: FastAPI, services: Services) -> None:
    """Serve `/export/{project_id}`."""

    @server.get("/export/{project_id}")
    def export(project_id: str) -> Response:
        return _export(services, project_id)


def _export(services: Services, project_id: str) -> Response:
    folder = tempfile.TemporaryDirectory(
        prefix="export-", dir=paths.cache(), ignore_cleanup_errors=True
    )
    try:
        name = services.library.open(project_id).name
        target = Path(folder.name) / f"project{SUFFIX}"
        services.library.export(project_id, target)
    except AppError as error:
        folder.cleanup()
        return PlainTextResponse(str(error), 404)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        target,
        filename=file_name(name) + SUFFIX,
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(folder.cleanup),
    )
