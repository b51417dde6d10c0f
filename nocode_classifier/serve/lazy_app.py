"""Gradio's calls, ready a few seconds after the rest.

Importing Gradio takes seconds; photos are answered meanwhile. Only the calls listed here are let
through to it: what else a Gradio app offers (files, proxies, editing of its own page) has no use
here and nobody can reach it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import logging
import re
import threading
from collections.abc import Callable
from functools import partial

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nocode_classifier.serve.refusals import Refused

log = logging.getLogger(__name__)

CALLS = re.compile(
    r"/config/?|/gradio_api/(info/?|app_id/?|startup-events|upload|queue/(join|data)|reset/?|cancel"
    r"|heartbeat/[^/]+|(call|run|api)/.+|mcp(/.*)?)"
)

TOOLS = re.compile(r"/gradio_api/mcp(/.*)?")
WITH_TOOLS = importlib.util.find_spec("mcp") is not None
NO_TOOLS = (
    "Tools for assistants (MCP) are an extra that is not installed here: "
    'pip install "nocode-classifier[mcp]"'
)

SECONDS_TO_WAIT = 60.0
NOTHING_HERE = "There is nothing at this address: look at /docs for what there is."
NOT_SO = "Gradio does not take this call as it was sent"


class LazyApp:
    """An app that is made in a thread of its own, and asked as soon as it is there."""

    def __init__(self, make: Callable[[], Starlette]) -> None:
        self._make = make
        self._app: ASGIApp | None = None
        self._ready = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Start making it."""
        self._task = asyncio.create_task(self._live())

    async def end(self) -> None:
        """Close it."""
        self._closing.set()
        if self._task is not None:
            if not self._ready.is_set():
                self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def wait(self) -> None:
        """Until it is there."""
        await self._ready.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say that there is nothing."""
        if self._task is None or not CALLS.fullmatch(scope["path"]):
            await Refused(404, NOTHING_HERE).send(send)
            return
        if not WITH_TOOLS and TOOLS.fullmatch(scope["path"]):
            await Refused(501, NO_TOOLS).send(send)
            return
        try:
            async with asyncio.timeout(SECONDS_TO_WAIT):
                await self._ready.wait()
        except TimeoutError:
            pass
        if self._app is None:
            busy = Refused(503, "Gradio is still starting: try again soon.", Retry_After="5")
            await busy.send(send)
            return
        await self._app(scope, receive, _InWords(send).send)

    async def _live(self) -> None:
        try:
            app = await self._made()
            async with app.router.lifespan_context(app):
                self._app = app
                self._ready.set()
                await self._closing.wait()
        except Exception:
            log.exception("Gradio could not be started")
            self._ready.set()

    def _made(self) -> asyncio.Future[Starlette]:
        """The app, made in a thread that nobody waits for at the end."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Starlette] = loop.create_future()

        def make() -> None:
            try:
                app = self._make()
            except Exception as error:  # noqa: BLE001 - raised where it is awaited
                done: Callable[[], None] = partial(_settle, future, None, error)
            else:
                done = partial(_settle, future, app, None)
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(done)

        threading.Thread(target=make, name="gradio", daemon=True).start()
        return future


class _InWords:
    """Gives every refusal of Gradio's the form that those of the other calls have."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._refusal: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 400:
            self._refusal = message
        elif self._refusal is None:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._pass_on(self._refusal)

    async def _pass_on(self, start: Message) -> None:
        try:
            said = json.loads(self._body)
        except ValueError:
            said = self._body.decode("utf-8", "replace")
        if isinstance(said, dict) and said.get("error"):
            await self._send(start)
            await self._send({"type": "http.response.body", "body": self._body})
            return
        detail = said.get("detail") if isinstance(said, dict) else said
        words = f"{NOT_SO}: {detail}" if isinstance(detail, str) and detail else f"{NOT_SO}."
        await Refused(start["status"], words).send(self._send)


def _settle(
    future: asyncio.Future[Starlette], app: Starlette | None, error: Exception | None
) -> None:
    if future.cancelled():
        return
    if error is not None:
        future.set_exception(error)
    elif app is not None:
        future.set_result(app)
