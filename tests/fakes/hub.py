"""A Hugging Face Hub on this computer, for the unmodified huggingface_hub.

It speaks the calls that publishing a Space makes, and refuses what the real one refuses: tokens
that are unknown or may only read, names that are taken, Gradio Spaces of free accounts, front
matter with unknown words, large files as ordinary ones, hashes and sizes that do not fit, commits
that name files that never came. What it took can be checked out and started:

    with FakeHub() as hub:
        token = hub.add_person("ada")
        api = HfApi(endpoint=hub.address, token=token)
        ...
        hub.check_out("ada/dogs", folder)               # the files, as they were stored
        hub.served("ada/dogs")                          # where visitors see a static Space
        hub.refuse(503, "POST", "/api/repos/create")    # trouble

It also has models' files for those who download; see `hub_models.py`.

`unknown` lists requests that no route answers, and `faults` what went wrong in the fake itself; a
test that uses the fake should find both empty at the end.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.hub_api import api_routes
from tests.fakes.hub_models import Shelf, shelf_routes
from tests.fakes.hub_people import Person, Role, Token
from tests.fakes.hub_sign_in import Devices, sign_in_routes
from tests.fakes.hub_space import RefusedError, Space
from tests.fakes.hub_storage import Storage, storage_routes

Handler = Callable[["FakeHub", Request], Awaitable[Response]]


@dataclass
class Call:
    """A request that was answered."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]


@dataclass
class Refusal:
    """A refusal to come.

    Attributes:
        path: a regular expression that the whole path matches.
        times: how often; None for always.
        skip: how many such requests are answered as usual before.
        delay: seconds that it keeps waiting.
    """

    method: str
    path: str
    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int | None = None
    skip: int = 0
    delay: float = 0.0


class FakeHub:
    """The Hub; use it in a with statement.

    Attributes:
        spaces: by "owner/name".
        calls: every request, in order.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        """Set it up.

        Args:
            certificate: a file with a key and its certificates; the Hub is https with it.
        """
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, Token] = {}
        self.spaces: dict[str, Space] = {}
        self.storage = Storage()
        self.devices = Devices()
        self.shelf = Shelf()
        self.calls: list[Call] = []
        self.unknown: list[str] = []
        self.faults: list[str] = []
        self._refusals: list[Refusal] = []
        self._modes: dict[tuple[str, str], str] = {}
        self._scheme = "https" if certificate else "http"
        self._server = _server(self, certificate)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def address(self) -> str:
        """Where it is, without a slash at the end."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"{self._scheme}://127.0.0.1:{port}"

    def add_person(
        self,
        name: str,
        *,
        pro: bool = False,
        good_standing: bool = True,
        groups: Mapping[str, str] | None = None,
    ) -> str:
        """Open an account; returns a token that may write."""
        self.people[name] = Person(name, pro, good_standing, dict(groups or {}))
        return self.add_token(name)

    def add_token(self, name: str, role: Role = "write", **more: Any) -> str:
        """Make a token for someone."""
        value = f"hf_{secrets.token_hex(17)}"
        self.tokens[value] = Token(value, self.people[name], role, **more)
        return value

    def refuse(self, status: int, method: str, path: str, **more: Any) -> Refusal:
        """Refuse requests from now on; see `Refusal` for what else can be said."""
        refusal = Refusal(method, path, status, **more)
        self._refusals.append(refusal)
        return refusal

    def check_out(self, space: str, folder: Path) -> Path:
        """Write the files of a Space, as they were stored, into a folder."""
        for path, data in self.spaces[space].files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return folder

    def served(self, space: str) -> str:
        """Where a static Space is shown to visitors."""
        return f"{self.address}/static-space/{space}/"

    def asked(self, method: str, path: str) -> list[Call]:
        """The requests of a method whose whole path matches a regular expression."""
        return [
            call for call in self.calls if call.method == method and re.fullmatch(path, call.path)
        ]

    def token_of(self, request: Request) -> Token:
        """Whose request it is.

        Raises:
            RefusedError: nobody's.
        """
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or value not in self.tokens:
            raise RefusedError(401, "Invalid credentials in Authorization header")
        return self.tokens[value]

    def readable_space(self, request: Request) -> Space:
        """The Space that a request names, if the one who asks may see it."""
        space = self.spaces.get("{owner}/{name}".format(**request.path_params))
        if "authorization" in request.headers:
            visible = space and (not space.private or self.token_of(request).may_read(space.owner))
        else:
            visible = space and not space.private
        if space is None or not visible:
            raise RefusedError(404, "Repository not found", "RepoNotFound")
        return space

    def writable_space(self, request: Request) -> Space:
        """The Space that a request names, if the one who asks may change it."""
        token, space = self.token_of(request), self.readable_space(request)
        if not token.may_write_to(space.owner):
            raise RefusedError(
                403, "You don't have the required permissions to perform this action"
            )
        return space

    async def json(
        self, request: Request, required: set[str], optional: set[str] | None = None
    ) -> dict[str, Any]:
        """The fields of a request's body; each must be known."""
        try:
            told = json.loads(await request.body())
        except ValueError as error:
            raise RefusedError(400, "the body is no JSON") from error
        strange = set(told) - required - (optional or set())
        if not isinstance(told, dict) or not required <= set(told) or strange:
            raise RefusedError(
                400, f"fields of the body: {sorted(told)}, wanted {sorted(required)}"
            )
        return told

    def upload_mode(self, space: Space, path: str) -> str | None:
        """How this file was told to be uploaded."""
        return self._modes.get((space.id, path))

    def tell_mode(self, space: Space, path: str, mode: str) -> None:
        self._modes[space.id, path] = mode

    def route(self, path: str, handler: Handler, methods: Sequence[str]) -> Route:
        """A route whose requests are noted, and may be refused on demand."""

        async def answer(request: Request) -> Response:
            return await self._answer(request, handler)

        return Route(path, answer, methods=list(methods))

    async def _answer(self, request: Request, handler: Handler) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            await request.body()
            await asyncio.sleep(refusal.delay)
            response: Response = JSONResponse(
                dict(refusal.body), refusal.status, headers=dict(refusal.headers)
            )
        else:
            response = await self._answer_usually(request, handler)
        status, path = response.status_code, request.url.path
        self.calls.append(Call(request.method, path, status, dict(request.headers)))
        return response

    async def _answer_usually(self, request: Request, handler: Handler) -> Response:
        try:
            return await handler(self, request)
        except RefusedError as error:
            await request.body()
            headers = {"X-Error-Message": error.message.encode("ascii", "replace").decode()}
            if error.code:
                headers["X-Error-Code"] = error.code
            return JSONResponse({"error": error.message}, error.status, headers=headers)
        except Exception:  # noqa: BLE001 - the test shall say what went wrong
            self.faults.append(traceback.format_exc())
            return JSONResponse({"error": "the fake is broken"}, 500)

    def _refusal(self, request: Request) -> Refusal | None:
        for refusal in self._refusals:
            if request.method != refusal.method or refusal.times == 0:
                continue
            if not re.fullmatch(refusal.path, request.url.path):
                continue
            if refusal.skip:
                refusal.skip -= 1
                continue
            if refusal.times is not None:
                refusal.times -= 1
            return refusal
        return None

    async def nothing(self, request: Request) -> Response:
        """What no route answers."""
        self.unknown.append(f"{request.method} {request.url.path}")
        return JSONResponse({"error": "Not Found"}, 404)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()


def _server(hub: FakeHub, certificate: Path | None) -> uvicorn.Server:
    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]
    rest = Route("/{path:path}", hub.nothing, methods=methods)
    routes = [
        *api_routes(hub),
        *sign_in_routes(hub),
        *storage_routes(hub),
        *shelf_routes(hub),
        rest,
    ]
    config = uvicorn.Config(
        Starlette(routes=routes),
        port=0,
        log_level="critical",
        lifespan="off",
        ws="none",
        ssl_certfile=certificate,
    )
    return uvicorn.Server(config)
