"""Where the page's JavaScript is.

An address holds the version of all of it, so what is there never changes and the browser asks once.
"""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from nocode_classifier.ui.kit.scripts import module_address, modules, modules_version

FOR_EVER = "public, max-age=31536000, immutable"


def add_modules_route(server: FastAPI) -> None:
    """Serve `/modules/{version}/{path}`, such as `/modules/2f6d…/kit/dom.js`."""

    @server.get("/modules/{version}/{path:path}")
    def module(version: str, path: str) -> Response:
        return _module(version, path)


def preload_links() -> str:
    """HTML for the head of the page: fetched all at once, none waits for what it imports."""
    addresses = map(module_address, modules())
    return "".join(f'<link rel="modulepreload" href="{address}">' for address in addresses)


def _module(version: str, path: str) -> Response:
    content = modules().get(path) if version == modules_version() else None
    if content is None:
        return PlainTextResponse("The app was changed meanwhile. Load the page again.", 404)
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="text/javascript", headers=headers)
