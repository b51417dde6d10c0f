"""What a browser shows: the page to ask on, and the page that explains the calls.

Plain HTML with a script and a style sheet of our own. It is there as soon as the model is loaded,
weighs little on a phone, and photos go from it straight to `/image`: none touches a disk, as
uploads of a Gradio page would.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from nocode_classifier.colours import class_colour
from nocode_classifier.serve.answering import Answering
from nocode_classifier.serve.refusals import Refused

FOLDER = Path(__file__).parent / "site"

FILES = {
    "page.js": "text/javascript",
    "answers.js": "text/javascript",
    "docs.js": "text/javascript",
    "page.css": "text/css",
    "icon.svg": "image/svg+xml",
}

FONTS = {
    "quicksand.woff2": "Quicksand/Quicksand-Bold.woff2",
    "plex.woff2": "IBMPlexSans/IBMPlexSans-Regular.woff2",
    "plex-bold.woff2": "IBMPlexSans/IBMPlexSans-Bold.woff2",
}
"""They come with Gradio; the page is fine without them."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        *("script-src 'self'", "style-src 'self'", "font-src 'self'", "connect-src 'self'"),
        "img-src 'self' blob: data: https: http:",
        "media-src 'self' blob:",
        *("base-uri 'none'", "form-action 'none'"),
    )
)
"""No script runs that is not a file of ours. Only pictures may be from elsewhere: those behind a
link that someone asks about."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def add_page(app: FastAPI, answering: Answering, *, with_key: bool) -> None:
    """Add both pages and their files."""
    about = _about(answering, with_key=with_key)
    templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)

    def filled(name: str) -> Response:
        return HTMLResponse(templates.get_template(name).render(about=about), headers=HEADERS)

    async def page(_: Request) -> Response:
        return filled("page.html")

    async def docs(_: Request) -> Response:
        return filled("docs.html")

    async def favicon(_: Request) -> Response:
        return FileResponse(FOLDER / "icon.svg", media_type="image/svg+xml", headers=HEADERS)

    for path, show in (("/", page), ("/docs", docs), ("/favicon.ico", favicon)):
        app.add_route(path, show, include_in_schema=False)
    app.add_route("/page/{name}", _file, include_in_schema=False)
    app.add_route("/robots.txt", _robots, include_in_schema=False)


def _about(answering: Answering, *, with_key: bool) -> dict[str, Any]:
    """What the page has to know."""
    colours = [class_colour(index) for index in range(len(answering.classes))]
    return {
        "name": answering.name,
        "withKey": with_key,
        "classes": [
            {"name": name, "fill": colour.fill, "ink": colour.text}
            for name, colour in zip(answering.classes, colours, strict=True)
        ],
        "accuracy": answering.card.get("accuracy"),
        "sentence": answering.card.get("sentence"),
    }


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name in FILES:
        return FileResponse(FOLDER / name, media_type=FILES[name], headers=HEADERS)
    font = _font(name)
    if font is None:
        raise Refused(404, "There is no such file.")
    headers = {**HEADERS, "Cache-Control": "public, max-age=2592000"}
    return FileResponse(font, media_type="font/woff2", headers=headers)


def _font(name: str) -> Path | None:
    """Where Gradio keeps a font; looking for Gradio does not import it."""
    found = importlib.util.find_spec("gradio") if name in FONTS else None
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations)))
    path = folder / "templates" / "frontend" / "static" / "fonts" / FONTS[name]
    return path if path.is_file() else None


async def _robots(_: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
