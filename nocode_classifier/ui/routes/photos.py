"""Addresses of photos and their thumbnails.

A photo's address holds the hash of its bytes, so what is there never changes and the browser asks
once.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response

from nocode_classifier.errors import AppError, NotFound
from nocode_classifier.predict.predictor import PhotoError, read_photo
from nocode_classifier.project.project import Project
from nocode_classifier.project.records import Photo
from nocode_classifier.project.tables.photos import HASH, find_by_hash
from nocode_classifier.ui.state import Services

FOR_EVER = "private, max-age=31536000, immutable"
SHOWN_BY_BROWSERS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".avif"})
SHORT_SIDE = 1200
"""Pixels, about, of a photo that is converted for the browser."""


def add_photo_routes(server: FastAPI, services: Services) -> None:
    """Serve `/thumbnails/{project_id}/{sha256}` and `/photos/{project_id}/{sha256}`."""

    @server.get("/thumbnails/{project_id}/{sha256}")
    def thumbnail(request: Request, project_id: str, sha256: str) -> Response:
        return _unless_known(request, sha256) or _thumbnail(services, project_id, sha256)

    @server.get("/photos/{project_id}/{sha256}")
    def photo(request: Request, project_id: str, sha256: str) -> Response:
        return _unless_known(request, sha256) or _photo(services, project_id, sha256)


def _unless_known(request: Request, sha256: str) -> Response | None:
    if not HASH.fullmatch(sha256):
        return _missing("This photo is not there any more.")
    if request.headers.get("if-none-match") == f'"{sha256}"':
        return Response(status_code=304, headers=_headers(sha256))
    return None


def _thumbnail(services: Services, project_id: str, sha256: str) -> Response:
    try:
        path = services.library.open(project_id).thumbnail_of(sha256)
    except AppError as error:
        return _missing(str(error))
    return FileResponse(path, media_type="image/webp", headers=_headers(sha256))


def _photo(services: Services, project_id: str, sha256: str) -> Response:
    try:
        project = services.library.open(project_id)
        path = project.path_of(photo_there(project, sha256))
        if path.suffix in SHOWN_BY_BROWSERS:
            return FileResponse(path, headers=_headers(sha256))
        return Response(_as_jpeg(path), media_type="image/jpeg", headers=_headers(sha256))
    except (AppError, PhotoError, OSError) as error:
        return _missing(str(error))


def photo_there(project: Project, sha256: str) -> Photo:
    """The photo with these bytes, kept or binned; `NotFound` if it or its file is gone."""
    with project.database.reading() as connection:
        photo = find_by_hash(connection, sha256)
    if photo is None or not project.path_of(photo).is_file():
        raise NotFound("This photo is not there any more.")
    return photo


def _as_jpeg(path: Path) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.fromarray(read_photo(path, short_side=SHORT_SIDE)).save(out, "JPEG", quality=88)
    return out.getvalue()


def _headers(sha256: str) -> dict[str, str]:
    return {
        "Cache-Control": FOR_EVER,
        "ETag": f'"{sha256}"',
        # A photo is only ever a picture, whatever its bytes pretend.
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }


def _missing(sentence: str) -> Response:
    return PlainTextResponse(sentence, 404)
