"""Models' files at the fake Hub, and files of any other web host, for those who download.

    hub.shelf.models["timm/net", "model.safetensors"] = data
    hub.shelf.plain["net-1a2b3c4d.pth"] = data        # at <address>/models/net-1a2b3c4d.pth
    hub.shelf.cut_after = 1000                        # the next answer breaks off there

As the real one does, it answers at its own address with a redirection to where large files lie,
tells their SHA-256 and size there, and sends any part of them that is asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.hub_space import RefusedError

if TYPE_CHECKING:
    from tests.fakes.hub import FakeHub

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PIECE = 4096


@dataclass
class Shelf:
    """What can be downloaded.

    Attributes:
        models: files by repository and path.
        plain: files by name.
        told: what is said of a file's SHA-256, where that is not the truth.
        size_told: what is said of every file's size, where that is not the truth.
        cut_after: the next answer breaks off after so many bytes.
        pace: bytes a second; None for all at once.
        ranges: which part of which file was asked for, in order; "" for the whole.
    """

    models: dict[tuple[str, str], bytes] = field(default_factory=dict)
    plain: dict[str, bytes] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    size_told: int | None = None
    cut_after: int | None = None
    pace: float | None = None
    ranges: list[str] = field(default_factory=list)


def shelf_routes(hub: FakeHub) -> list[Route]:
    """Where files are."""
    ask, ways = hub.route, ["GET", "HEAD"]
    return [
        ask("/{owner}/{name}/resolve/{revision}/{path:path}", _resolve, ways),
        ask("/large-files/{owner}/{name}/{path:path}", _large, ways),
        ask("/models/{name}", _plain, ways),
    ]


async def _resolve(hub: FakeHub, request: Request) -> Response:
    asked = request.path_params
    key = (f"{asked['owner']}/{asked['name']}", asked["path"])
    if asked["revision"] != "main":
        raise RefusedError(404, "Invalid rev id", "RevisionNotFound")
    if key not in hub.shelf.models:
        raise RefusedError(404, "Entry not found", "EntryNotFound")
    data = hub.shelf.models[key]
    sha256 = hub.shelf.told.get(key[0]) or hashlib.sha256(data).hexdigest()
    headers = {
        "X-Repo-Commit": COMMIT,
        "X-Linked-Etag": f'"{sha256}"',
        "X-Linked-Size": str(hub.shelf.size_told or len(data)),
    }
    elsewhere = hub.address.replace("127.0.0.1", "localhost")  # large files have their own host
    return RedirectResponse(f"{elsewhere}/large-files/{key[0]}/{key[1]}", 302, headers=headers)


async def _large(hub: FakeHub, request: Request) -> Response:
    asked = request.path_params
    return _part(
        hub.shelf, request, hub.shelf.models[f"{asked['owner']}/{asked['name']}", asked["path"]]
    )


async def _plain(hub: FakeHub, request: Request) -> Response:
    data = hub.shelf.plain.get(request.path_params["name"])
    if data is None:
        raise RefusedError(404, "there is no such file")
    return _part(hub.shelf, request, data)


def _part(shelf: Shelf, request: Request, data: bytes) -> Response:
    size = shelf.size_told or len(data)
    if request.method == "HEAD":
        return Response(headers={"Content-Length": str(size), "Accept-Ranges": "bytes"})
    wanted = request.headers.get("range", "")
    shelf.ranges.append(wanted)
    start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
    headers = {"Content-Length": str(len(data) - start)}
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    cut, shelf.cut_after = shelf.cut_after, None
    body = _pieces(data[start:], cut, shelf.pace)
    return StreamingResponse(body, 206 if wanted else 200, headers=headers)


async def _pieces(data: bytes, cut: int | None, pace: float | None) -> AsyncIterator[bytes]:
    for start in range(0, len(data), PIECE):
        piece = data[start : start + PIECE]
        if cut is not None and start + len(piece) > cut:
            yield piece[: cut - start]
            raise ConnectionAbortedError  # the server closes the connection then
        yield piece
        if pace:
            await asyncio.sleep(len(piece) / pace)
