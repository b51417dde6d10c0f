"""Stands in front of everything: names, keys, rates and sizes."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nocode_classifier.errors import AppError
from nocode_classifier.serve.rates import Rates, client_of, is_this_computer
from nocode_classifier.serve.refusals import Refused
from nocode_classifier.serve.settings import MEGABYTE, Settings

log = logging.getLogger(__name__)

ROOM_FOR_FORM = 100_000
"""Bytes that a form adds to the photo in it."""

SMALL_BODY = MEGABYTE
"""For calls that carry no file."""

DRAINED_BYTES, DRAINED_SECONDS = 40 * MEGABYTE, 3.0
"""So much of what is too big is read and forgotten: who is cut off while sending sees no answer."""

ASKING = re.compile(
    r"/(image|batch|classify-url|gradio_api/(call/[^/]+|run/.+|api/.+|queue/join|upload|mcp.*))/?"
)
"""Calls that count as asking about a photo."""

OPEN = re.compile(r"/|/health|/docs|/openapi\.json|/page/.*|/robots\.txt|/favicon\.ico")
"""What is shown without a key: the page, which asks for it, and how the calls work."""


class Guard:
    """Middleware that refuses what the settings don't allow."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._rates = Rates(settings.per_minute)
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._guard(scope, receive, send)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(self, scope, receive)
        reply = _Reply(send, body)
        try:
            self._check(scope)
            body.check_told()
            await self._app(scope, body.receive, reply.send)
        except Refused as refused:
            body.refusal = body.refusal or refused
        except Exception as error:  # noqa: BLE001 - the last place that can put it into words
            if body.refusal is None:
                body.refusal = _surprise(scope, error)
        finally:
            self._held -= body.held
        if body.refusal is not None and not reply.started:
            await body.drain()
            await body.refusal.send(send, close=not body.ended)

    def _check(self, scope: Scope) -> None:
        headers = _headers(scope, b"host", b"authorization", b"x-api-key", b"x-forwarded-for")
        path = scope["path"]
        if self._settings.only_here and not _is_for_this_computer(headers[b"host"]):
            raise Refused(403, "This classifier answers on the computer it runs on only.")
        if self._settings.key and not OPEN.fullmatch(path):
            self._check_key(headers)
        peer = scope["client"][0] if scope.get("client") else ""
        client = client_of(peer, headers[b"x-forwarded-for"], self._settings.proxies)
        scope.setdefault("state", {})["charge"] = lambda photos: self._charge(client, photos)
        if ASKING.fullmatch(path) and scope["method"] != "OPTIONS":
            self._charge(client, 1)

    def _check_key(self, headers: MutableMapping[bytes, str]) -> None:
        bearer = headers[b"authorization"]
        given = headers[b"x-api-key"] or (bearer[7:] if bearer[:7].lower() == "bearer " else "")
        wanted = (self._settings.key or "").encode()
        if not hmac.compare_digest(given.strip().encode("latin-1"), wanted):
            raise Refused(
                401,
                "This classifier asks for a key: send it in the header X-API-Key, or as "
                "'Authorization: Bearer'.",
                WWW_Authenticate="Bearer",
            )

    def _charge(self, client: str, photos: int) -> None:
        """Count photos that a client asks about.

        Raises:
            Refused: it asks too often.
        """
        if self._settings.proxies == 0 and is_this_computer(client):
            return
        wait = self._rates.take(client, photos)
        if wait:
            raise Refused.too_often(wait)

    def largest(self, path: str) -> int:
        """How big the body of a request may be, in bytes."""
        if path.startswith("/batch"):
            return self._settings.batch_bytes
        if path.startswith(("/image", "/gradio_api/upload")):
            return self._settings.limits.max_bytes + ROOM_FOR_FORM
        if path.startswith("/gradio_api/mcp"):  # assistants send photos as text, a third longer
            return self._settings.limits.max_bytes * 4 // 3 + ROOM_FOR_FORM
        return SMALL_BODY

    def hold(self, count: int) -> None:
        """Count bytes that are held from now on.

        Raises:
            Refused: there are too many already.
        """
        if self._held + count > self._settings.held_bytes:
            raise Refused(
                503,
                "Too many photos are being sent right now: try again in a few seconds.",
                Retry_After="3",
            )
        self._held += count

    @property
    def seconds(self) -> float:
        """For sending a request."""
        return self._settings.seconds


class _Body:
    """What a client sends, counted."""

    def __init__(self, guard: Guard, scope: Scope, receive: Receive) -> None:
        self._guard = guard
        self._receive = receive
        self._largest = guard.largest(scope["path"])
        self._told = _headers(scope, b"content-length")[b"content-length"]
        self._until = asyncio.get_running_loop().time() + guard.seconds
        chunked = _headers(scope, b"transfer-encoding")[b"transfer-encoding"]
        self.ended = not chunked and self._told in ("", "0")
        self.held = 0
        self.refusal: Refused | None = None

    def check_told(self) -> None:
        """Refuse what says itself that it is too big."""
        if self._told.isdecimal() and int(self._told) > self._largest:
            raise self._too_big()

    async def receive(self) -> Message:
        """The next piece; raises `Refused` when it is too much or too slow."""
        if self.ended:  # what is listened for now is that the client goes away
            return await self._next()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._next()
        except TimeoutError:
            self.refusal = Refused(408, "Sending this took too long: try again.")
            raise self.refusal from None
        try:
            self._count(len(message.get("body", b"")))
        except Refused as refused:
            self.refusal = refused
            raise
        return message

    async def _next(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self.ended = True
        return message

    def _count(self, size: int) -> None:
        if self.held + size > self._largest:
            raise self._too_big()
        self._guard.hold(size)
        self.held += size

    async def drain(self) -> None:
        """Read what is still coming, but not for ever."""
        count = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAINED_SECONDS):
                while not self.ended and count < DRAINED_BYTES:
                    count += len((await self._next()).get("body", b""))

    def _too_big(self) -> Refused:
        most = f"{self._largest / MEGABYTE:,.0f}"
        return Refused(413, f"This is too big: {most} MB is the most. Save the photo smaller.")


class _Reply:
    """Lets an answer through, unless the request was refused meanwhile."""

    def __init__(self, send: Send, body: _Body) -> None:
        self._send = send
        self._body = body
        self.started = False

    async def send(self, message: Message) -> None:
        if self._body.refusal is not None and not self.started:
            return
        self.started = True
        await self._send(message)


def _headers(scope: Scope, *names: bytes) -> dict[bytes, str]:
    """Some headers of a request, "" where it has none; of repeated ones all, with commas."""
    found: dict[bytes, str] = dict.fromkeys(names, "")
    for name, value in scope["headers"]:
        if name in found:
            text = value.decode("latin-1")
            found[name] = f"{found[name]},{text}" if found[name] else text
    return found


def _is_for_this_computer(host: str) -> bool:
    try:
        return is_this_computer(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _surprise(scope: dict[str, Any] | Scope, error: Exception) -> Refused:
    if isinstance(error, AppError):
        return Refused.of(error)
    log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
    return Refused(500, "Something went wrong that should not have: try again.")
