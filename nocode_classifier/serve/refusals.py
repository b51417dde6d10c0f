"""Requests that are not answered: a status and a sentence, as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from starlette.types import Send

from nocode_classifier.errors import (
    AppError,
    Busy,
    InputError,
    InsideAddress,
    TooBig,
    Unavailable,
)

SECONDS_TO_COME_BACK = 3
TOO_FAST = "You are asking faster than this server allows"

STATUSES: tuple[tuple[type[AppError], int], ...] = (
    (TooBig, 413),
    (InsideAddress, 403),
    (InputError, 400),
    (Unavailable, 422),
    (Busy, 503),
)
"""The first that fits counts. What can't be had from elsewhere is nothing this server did wrong, so
it is 422 rather than 502, which some proxies replace by a page of their own."""


class Refused(Exception):
    """A request is not answered.

    Attributes:
        status: of HTTP.
        sentence: what is wrong and what to do.
        headers: that belong to it.
    """

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers: Mapping[str, str] = {
            name.replace("_", "-").lower(): value for name, value in headers.items()
        }

    @classmethod
    def of(cls, error: AppError) -> Refused:
        """What an error of the core is over HTTP."""
        status = next((code for kind, code in STATUSES if isinstance(error, kind)), 400)
        if status == 503:
            return cls(status, str(error), Retry_After=str(SECONDS_TO_COME_BACK))
        return cls(status, str(error))

    @classmethod
    def too_often(cls, seconds: float, what: str = TOO_FAST) -> Refused:
        """For a client that does something more often than it may."""
        wait = math.ceil(seconds)
        unit = "second" if wait == 1 else "seconds"
        return cls(429, f"{what}: go on in {wait} {unit}.", Retry_After=str(wait))

    @property
    def body(self) -> bytes:
        """As it is sent."""
        return json.dumps({"error": self.sentence}, ensure_ascii=False).encode()

    async def send(self, send: Send, *, close: bool = False) -> None:
        """Answer a request with it; `close` hangs up afterwards."""
        headers = {**self.headers, "content-type": "application/json"}
        if close:
            headers["connection"] = "close"
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        pairs.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": pairs})
        await send({"type": "http.response.body", "body": self.body})
