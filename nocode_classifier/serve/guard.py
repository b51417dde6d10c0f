"""Stands in front of everything: names, keys, rates and sizes."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from contextlib import suppress
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nocode_classifier.errors import AppError
from nocode_classifier.listening import is_this_computer
from nocode_classifier.own_pages import FOR_A_PROXY, header_texts, is_foreign, unknown_host
from nocode_classifier.serve.rates import WRONG_KEYS, Rates, client_of
from nocode_classifier.serve.refusals import Refused
from nocode_classifier.serve.settings import MEGABYTE, Settings
from nocode_classifier.web_server import ENDLESS

log = logging.getLogger(__name__)

ROOM_FOR_FORM = 100_000
"""Bytes that a form adds to the photo in it."""

SMALL_BODY = MEGABYTE
"""For calls that carry no file."""

MOST_HEADERS = 100

DRAINED_BYTES, DRAINED_SECONDS = 40 * MEGABYTE, 3.0
"""So much of what is too big is read and forgotten: who is cut off while sending sees no answer."""

ASKING = re.compile(
    r"/(image|batch|classify-url|gradio_api/(call/[^/]+|run/.+|api/.+|queue/join|upload|mcp.*))/?"
)
"""Calls that count as asking about a photo."""

OPEN = re.compile(r"/|/health|/docs|/openapi\.json|/page/.*|/robots\.txt|/favicon\.ico")
"""What is shown without a key: the page, which asks for it, and how the calls work. Other websites
may show it, too, as the host of a Space does."""


FOREIGN = (
    "Pages of other websites may not ask this classifier: start it with --cors and the website's "
    "address to let them, or with --proxies if it is a server in front of this one that asks."
)


class Guard:
    """Middleware that refuses what the settings don't allow."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._rates = Rates(settings.per_minute)
        self._wrong_keys = Rates(WRONG_KEYS, WRONG_KEYS)
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
            await self._ask(scope, body, reply)
        except Refused as refused:
            body.refusal = body.refusal or refused
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last place that can put it into words
            if body.refusal is None:
                body.refusal = _surprise(scope, error)
        finally:
            self._held -= body.held
        if body.refusal is not None and not reply.started:
            await body.drain()
            await body.refusal.send(send, close=not body.ended.is_set())

    async def _ask(self, scope: Scope, body: _Body, reply: _Reply) -> None:
        """Let the app answer, until the client goes away: nobody would read what it says then."""
        if scope["method"] == "HEAD" and not ENDLESS.fullmatch(scope["path"]):
            scope = {**scope, "method": "GET"}  # the web server leaves the body out
        asking = asyncio.ensure_future(self._app(scope, body.receive, reply.send))
        leaving = asyncio.create_task(body.wait_until_left())
        try:
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done() and not reply.ended and not asking.done():
                asking.cancel()
                await asyncio.wait({asking})
                raise ClientDisconnect
            await asking
        finally:
            asking.cancel()
            leaving.cancel()

    def _check(self, scope: Scope) -> None:
        host, forwarded = header_texts(scope, "host", "x-forwarded-for")
        path, settings = scope["path"], self._settings
        if not path.startswith("/"):
            raise Refused(400, FOR_A_PROXY)
        if len(scope["headers"]) > MOST_HEADERS:
            raise Refused(431, f"This has too many headers: {MOST_HEADERS} are the most.")
        if settings.names is not None and not settings.names.has(host):
            raise Refused(403, unknown_host(host))
        if not OPEN.fullmatch(path) and is_foreign(
            scope, origins=settings.origins, proxied=settings.proxies > 0
        ):
            raise Refused(403, FOREIGN)
        peer = scope["client"][0] if scope.get("client") else ""
        client = client_of(peer, forwarded, settings.proxies)
        if settings.key and not OPEN.fullmatch(path):
            self._check_key(scope, client)
        scope.setdefault("state", {})["charge"] = lambda photos: self._charge(client, photos)
        if ASKING.fullmatch(path) and scope["method"] != "OPTIONS":
            self._charge(client, 1)

    def _check_key(self, scope: Scope, client: str) -> None:
        bearer, key = header_texts(scope, "authorization", "x-api-key")
        given = (key or (bearer[7:] if bearer[:7].lower() == "bearer " else "")).strip()
        if given:
            # Also before a right one, or whoever tries them all would only have to ignore this.
            wait = self._wrong_keys.wait(client)
            if wait:
                raise Refused.too_often(wait, "You have sent too many wrong keys")
            wanted = (self._settings.key or "").encode()
            if hmac.compare_digest(given.encode("latin-1"), wanted):
                return
            self._wrong_keys.take(client)
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
    """What a client sends, counted; and whether it is still there."""

    def __init__(self, guard: Guard, scope: Scope, receive: Receive) -> None:
        self._guard = guard
        self._receive = receive
        self._largest = guard.largest(scope["path"])
        self._told, chunked = header_texts(scope, "content-length", "transfer-encoding")
        self._until = asyncio.get_running_loop().time() + guard.seconds
        self._left = asyncio.Event()
        self._read = False
        self.ended = asyncio.Event()
        if not chunked and self._told in ("", "0"):
            self.ended.set()
        self.held = 0
        self.refusal: Refused | None = None

    def check_told(self) -> None:
        """Refuse what says itself that it is too big."""
        if self._told.isdecimal() and int(self._told) > self._largest:
            raise self._too_big()

    async def receive(self) -> Message:
        """The next piece; raises `Refused` when it is too much or too slow."""
        first, self._read = not self._read, True
        if self.ended.is_set():
            if first:
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._left.wait()
            return {"type": "http.disconnect"}
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._next()
            self._count(len(message.get("body", b"")))
        except TimeoutError:
            self.refusal = Refused(408, "Sending this took too long: try again.")
            raise self.refusal from None
        except Refused as refused:
            self.refusal = refused
            raise
        return message

    async def wait_until_left(self) -> None:
        """Until the client is gone; what it sends is read first, by the app."""
        await self.ended.wait()
        while not self._left.is_set():
            await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._left.set()
        if self._left.is_set() or not message.get("more_body", False):
            self.ended.set()
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
                while not self.ended.is_set() and count < DRAINED_BYTES:
                    count += len((await self._next()).get("body", b""))

    def _too_big(self) -> Refused:
        most = f"{self._largest / MEGABYTE:,.0f}"
        return Refused(413, f"This is too big: {most} MB is the most. Save the photo smaller.")


class _Reply:
    """Lets an answer through, unless the request was refused meanwhile."""

    def __init__(self, send: Send, body: _Body) -> None:
        self._send = send
        self._body = body
        self.started = self.ended = False

    async def send(self, message: Message) -> None:
        if self._body.refusal is not None and not self.started:
            return
        self.started = True
        self.ended = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)


def _surprise(scope: dict[str, Any] | Scope, error: Exception) -> Refused:
    if isinstance(error, AppError):
        return Refused.of(error)
    log.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
    return Refused(500, "Something went wrong that should not have: try again.")
