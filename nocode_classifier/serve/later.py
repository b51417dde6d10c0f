"""Gradio's calls, ready a few seconds after the rest.

Importing Gradio takes seconds; photos are answered meanwhile. Only the calls listed here are let
through to it: what else a Gradio app offers (files, proxies, editing of its own page) has no use
here and nobody can reach it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from nocode_classifier.serve.refusals import Refused

log = logging.getLogger(__name__)

CALLS = re.compile(
    r"/config/?|/gradio_api/(info/?|app_id/?|startup-events|upload|queue/(join|data)|reset/?|cancel"
    r"|heartbeat/[^/]+|(call|run|api)/.+|mcp(/.*)?)"
)

SECONDS_TO_WAIT = 60.0
NOTHING_HERE = "There is nothing at this address: look at /docs for what there is."


class Later:
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
            await self._task

    async def wait(self) -> None:
        """Until it is there."""
        await self._ready.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say that there is nothing."""
        if scope["type"] != "http" or not CALLS.fullmatch(scope["path"]):
            await Refused(404, NOTHING_HERE).send(send)
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
        await self._app(scope, receive, send)

    async def _live(self) -> None:
        try:
            app = await asyncio.to_thread(self._make)
            async with app.router.lifespan_context(app):
                self._app = app
                self._ready.set()
                await self._closing.wait()
        except Exception:  # the page and the REST calls go on without it
            log.exception("Gradio could not be started")
            self._ready.set()
